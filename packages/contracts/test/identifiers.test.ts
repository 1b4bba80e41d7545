import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { canonicalIdentifier, findIdentifier, identifierSchemes, refuseIdentifier } from '../src/index.ts'
import { faultOf } from './fault.ts'

const canonical = (text: string) => canonicalIdentifier('pa-cedula', text)?.id

const prefix = fc.oneof(
  fc.integer({ min: 1, max: 13 }).map(String),
  fc.constantFrom('PE', 'E', 'N'),
  fc
    .tuple(fc.integer({ min: 1, max: 13 }), fc.constantFrom('AV', 'PI'))
    .map(([province, kind]) => `${province}${kind}`),
)
const cedula = fc
  .tuple(prefix, fc.integer({ min: 0, max: 9_999 }), fc.integer({ min: 1, max: 999_999 }))
  .map((parts) => parts.join('-'))

/** The same number as people write it: other case, zeros in front, spaces around and between. */
const spelt = cedula.chain((id) =>
  fc
    .tuple(
      fc.integer({ min: 0, max: 2 }),
      fc.constantFrom('', ' ', '\u00a0'),
      fc.boolean(),
      fc.constantFrom('-', '–', '‑'),
    )
    .map(([zeros, space, isLower, dash]) => {
      const text = id.split('-').map((part, i) => (/^\d/.test(part) ? '0'.repeat(i === 0 ? 1 : zeros) : '') + part)
      const joined = `${space}${text.join(`${space}${dash}${space}`)}${space}`
      return { id, text: isLower ? joined.toLowerCase() : joined }
    }),
)

describe('pa-cedula', () => {
  test('every spelling has the one canonical form, and that form is its own', () => {
    fc.assert(
      fc.property(spelt, ({ id, text }) => {
        expect(canonical(text)).toBe(id)
        expect(canonical(id)).toBe(id)
        expect(findIdentifier(text)).toBe('pa-cedula')
      }),
    )
  })

  test.each([
    ['8-1234-567', '8-1234-567'],
    ['08-0001-000001', '8-1-1'],
    ['13-1-999999', '13-1-999999'],
    ['pe-1-2', 'PE-1-2'],
    ['e-8-12345', 'E-8-12345'],
    ['n-20-1', 'N-20-1'],
    ['8av-1-2', '8AV-1-2'],
    ['10PI-1-2', '10PI-1-2'],
    ['８－１２３－４５６', '8-123-456'],
  ])('%s is %s', (text, id) => {
    expect(canonical(text)).toBe(id)
  })

  test.each([
    '',
    '8',
    '8-1',
    '0-1-1',
    '14-1-1',
    '8-10000-1',
    '8-1-0',
    '8-1-000000',
    '8-1-1000000',
    '8-1-1-1',
    'X-1-1',
    'PEAV-1-1',
    'AV-1-1',
    '8_1_1',
    '8.1.1',
    '8-1-1a',
    '8--1',
    `8-1-${'0'.repeat(60)}1`,
    '٨-١-١',
  ])('%j is none', (text) => {
    expect(canonical(text)).toBeUndefined()
  })

  test('unknown schemes have no identifiers', () => {
    expect(canonicalIdentifier('toString', '8-1-1')).toBeUndefined()
    expect(identifierSchemes).toEqual(['pa-cedula', 'pa-ruc', 'pa-plate', 'sv-dui', 'sv-nit', 'unavez-institution'])
  })
})

describe('identifiers in clear', () => {
  test.each([
    '8-123-456',
    'urn:cedula:8-123-456',
    'la señora 8-123-456.',
    '(pe-1-2)',
    'x 8 - 123 - 456 y',
    '08–0123–00456',
    'id=8-123-456&x=1',
    '8-\n123-456',
    '{"id":"8-123-456"}',
    'a/8-123-456/b',
    '8\u00ad123-456',
    '8-1\u200b23-456',
  ])('%j holds one', (text) => {
    expect(findIdentifier(text)).toBe('pa-cedula')
    expect(faultOf(() => refuseIdentifier(text, '/id'))).toEqual({ code: 'identifier-in-clear', pointer: '/id' })
  })

  test.each([
    '',
    'HST-2026-000123',
    '8-123-456-7',
    'evt-8-123-456',
    'a8-123-456',
    '8-123-456a',
    '8-123-456_1',
    '2026-11-22',
    '5551234',
    '018f3c2a-7e1b-7c3d-9a4b-5c6d7e8f9a0b',
    'Ley 51 de 2005, artículo 77',
    '2026-11-22T10:00:00Z',
    '1-2',
    'n8-123-456ñ',
  ])('%j holds none', (text) => {
    expect(findIdentifier(text)).toBeUndefined()
    expect(() => refuseIdentifier(text, '/id')).not.toThrow()
  })
})
