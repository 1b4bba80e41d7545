import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { canonicalIdentifier, findIdentifier, rucCheckDigits } from '../src/index.ts'
import { spelt } from './spelling.ts'

const canonical = (text: string) => canonicalIdentifier('pa-ruc', text)

const company = fc
  .tuple(
    fc.integer({ min: 14, max: 999_999_999 }),
    fc.integer({ min: 0, max: 9_999 }),
    fc.integer({ min: 1, max: 999_999 }),
  )
  .map((parts) => parts.join('-'))
const numbered = fc
  .tuple(fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 999 }), fc.integer({ min: 1, max: 999_999 }))
  .map(([province, book, entry]) => `${province}-NT-${book}-${entry}`)
const natural = fc
  .tuple(
    fc.constantFrom('1', '8', '13', 'PE', 'E', 'N', '8AV', '2PI'),
    fc.integer({ min: 1, max: 999 }),
    fc.integer({ min: 1, max: 99_999 }),
  )
  .map((parts) => parts.join('-'))

describe('pa-ruc', () => {
  test('every spelling of a company’s number has the one canonical form, and that form is its own', () => {
    fc.assert(
      fc.property(spelt(fc.oneof(company, numbered), 2), ({ id, text }) => {
        expect(canonical(text)).toEqual({ scheme: 'pa-ruc', id })
        expect(canonical(id)).toEqual({ scheme: 'pa-ruc', id })
      }),
    )
  })

  test('a natural person’s number is the identity number: one person, one canonical identifier', () => {
    fc.assert(
      fc.property(spelt(natural, 1), ({ id, text }) => {
        expect(canonical(text)).toEqual({ scheme: 'pa-cedula', id })
        expect(canonical(text)).toEqual(canonicalIdentifier('pa-cedula', text))
      }),
    )
  })

  test('check digits behind the number are checked and left out', () => {
    fc.assert(
      fc.property(fc.oneof(company, numbered, natural), fc.integer({ min: 0, max: 99 }), (id, value) => {
        const digits = String(value).padStart(2, '0')
        const known = rucCheckDigits(id)
        expect(known.length).toBeGreaterThan(0)
        for (const right of known) expect(canonical(`${id} DV ${right}`)).toEqual(canonical(id))
        expect(canonical(`${id} dv${digits}`)).toEqual(known.includes(digits) ? canonical(id) : undefined)
      }),
    )
  })

  test.each([
    ['155596713-2-2015', '155596713-2-2015'],
    ['000280-0134-061098', '280-134-61098'],
    ['8NT-1-13656', '8-NT-1-13656'],
    ['08-nt-002-039271', '8-NT-2-39271'],
    ['8-442-445 D.V. 8', '8-442-445'],
    ['155596713-2-2015-DV59', '155596713-2-2015'],
  ])('%s is %s', (text, id) => {
    expect(canonical(text)?.id).toBe(id)
  })

  test.each([
    '',
    '155596713',
    '155596713-2',
    '14-NT-1-1',
    '8-NT-1-0',
    '1000000000-2-2015',
    '280-134-0',
    'DV59',
    'X-1-1',
  ])('%j is none', (text) => {
    expect(canonical(text)).toBeUndefined()
  })

  test('in text NT numbers are recognised; companies’ numbers look like dates and amounts, and are public', () => {
    expect(findIdentifier('contribuyente 8-NT-1-13656.')).toBe('pa-ruc')
    expect(findIdentifier('155596713-2-2015')).toBeUndefined()
    expect(findIdentifier('2026-11-22')).toBeUndefined()
  })
})

describe('check digits of a RUC', () => {
  test.each([
    ['155720753-2-2022', '39'],
    ['2588017-1-831938', '20'],
    ['1489806-1-645353', '68'],
    ['1956569-1-732877', '00'],
    ['797609-1-493865', '12'],
    ['15565624-2-2017', '63'],
    ['155596713-2-2015', '59'],
    ['203141-1-17214', '60'],
    ['10102-64-103462', '30'],
    ['1102-85-117211', '95'],
    ['41425-516-58123', '41'],
    ['32425-254-85621', '68'],
    ['12388-184-921', '62'],
    ['64296-75-357434', '00'],
    ['8-442-445', '08'],
    ['8-769-1080', '56'],
    ['5-257-218', '09'],
    ['2-7-89', '20'],
    ['8-1-10', '07'],
    ['8AV-1-196', '90'],
    ['13PI-1-196', '58'],
    ['2PI-123-1234', '41'],
    ['E-8-127702', '16'],
    ['E-12-342', '10'],
    ['N-19-1821', '11'],
    ['PE-842-3681', '51'],
  ])('of %s are %s', (id, digits) => {
    expect(rucCheckDigits(id)).toEqual([digits])
  })

  test.each([
    ['8-NT-1-24', 0, '33'],
    ['3-NT-465-45624', 0, '03'],
    ['12-NT-45-2154', 0, '17'],
    ['8-NT-1-13656', 1, '43'],
    ['5-NT-478-2351', 1, '94'],
    ['11-NT-958-218210', 1, '73'],
  ])('of %s are two: place %i is %s', (id, place, digits) => {
    expect(rucCheckDigits(id)[place]).toBe(digits)
  })

  test.each(['8-1234-567', '8-123-456789', '8-NT-1-1234567', '14-1', 'text'])('of %s are not known', (id) => {
    expect(rucCheckDigits(id)).toEqual([])
  })
})
