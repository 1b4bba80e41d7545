import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { canonicalIdentifier, findIdentifier } from '../src/index.ts'

const formOf = (scheme: string, text: string) => canonicalIdentifier(scheme, text)

/** The one check digit that makes the text an identifier. */
function completed(scheme: string, body: string): string {
  const found = Array.from({ length: 10 }, (_, digit) => `${body}-${digit}`).filter((text) => formOf(scheme, text))
  expect(found).toHaveLength(1)
  return found[0] ?? ''
}

const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`))
const dui = digits(8)
  .filter((body) => body !== '00000000')
  .map((body) => completed('sv-dui', body))
const nit = fc
  .tuple(fc.constantFrom('0', '1', '9'), digits(3), digits(6), digits(3))
  .map(([first, rest, date, sequence]) => completed('sv-nit', `${first}${rest}-${date}-${sequence}`))

const spaced = (text: string) => ` ${Array.from(text).join(' ')} `
const withoutZeros = (text: string) =>
  text
    .split('-')
    .map((group) => group.replace(/^0+(?=\d)/, ''))
    .join('-')

describe('sv-dui', () => {
  test('every spelling has the one canonical form, and that form is its own', () => {
    fc.assert(
      fc.property(dui, (id) => {
        const wanted = { scheme: 'sv-dui', id }
        const spellings = [id, id.replace('-', ''), spaced(id), withoutZeros(id), id.replace('-', '–')]
        for (const text of spellings) expect(formOf('sv-dui', text)).toEqual(wanted)
        expect(findIdentifier(`La persona ${id}.`)).toBe('sv-dui')
      }),
    )
  })

  test('a slip in one digit is no identifier, but for the pairs that the weights cannot tell apart', () => {
    expect(formOf('sv-dui', '00016297-5')).toEqual({ scheme: 'sv-dui', id: '00016297-5' })
    expect(formOf('sv-dui', '05576596-4')).toEqual({ scheme: 'sv-dui', id: '05576596-4' })
    for (const digit of '012346789') expect(formOf('sv-dui', `00016297-${digit}`)).toBeUndefined()
    expect(formOf('sv-dui', '00016397-5')).toBeUndefined()
  })

  test.each(['', '1234567', '00000000-0', '000162975x', '000016297-5', '16297', '-5'])('%j is none', (text) => {
    expect(formOf('sv-dui', text)).toBeUndefined()
  })

  test('nine digits alone are not looked for in text', () => {
    expect(findIdentifier('000162975')).toBeUndefined()
    expect(findIdentifier('a00016297-5')).toBeUndefined()
  })
})

describe('sv-nit', () => {
  test('every spelling has the one canonical form, and that form is its own', () => {
    fc.assert(
      fc.property(nit, (id) => {
        const wanted = { scheme: 'sv-nit', id }
        const spellings = [id, id.replaceAll('-', ''), spaced(id), withoutZeros(id)]
        for (const text of spellings) expect(formOf('sv-nit', text)).toEqual(wanted)
        expect(findIdentifier(`NIT: ${id}`)).toBe('sv-nit')
      }),
    )
  })

  test('an adult citizen’s tax number is the identity document’s: one person, one canonical identifier', () => {
    fc.assert(
      fc.property(dui, (id) => {
        expect(formOf('sv-nit', id)).toEqual(formOf('sv-dui', id))
        expect(formOf('sv-nit', id.replace('-', ''))).toEqual({ scheme: 'sv-dui', id })
      }),
    )
  })

  test.each([
    ['0614-050707-104-8', '0614-050707-104-8'],
    ['06140507071048', '0614-050707-104-8'],
    ['614-50707-104-8', '0614-050707-104-8'],
  ])('%s is %s', (text, id) => {
    expect(formOf('sv-nit', text)?.id).toBe(id)
  })

  test.each(['0614-050707-104-0', '2614-050707-104-8', '12345678', '0614-050707-104', ''])('%j is none', (text) => {
    expect(formOf('sv-nit', text)).toBeUndefined()
  })
})

describe('pa-plate', () => {
  test.each([
    ['ab-1234', 'AB1234'],
    [' AB 0123 ', 'AB0123'],
    ['123456', '123456'],
  ])('%j is %s', (text, id) => {
    expect(formOf('pa-plate', text)).toEqual({ scheme: 'pa-plate', id })
    expect(formOf('pa-plate', id)).toEqual({ scheme: 'pa-plate', id })
  })

  test.each(['', 'ABCDEF', 'A1', 'AB12345678', 'AB.123'])('%j is none', (text) => {
    expect(formOf('pa-plate', text)).toBeUndefined()
  })

  test('plates are not looked for in text: too many words look like one', () => {
    expect(findIdentifier('EV-1234')).toBeUndefined()
  })
})
