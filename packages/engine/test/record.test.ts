import { createHash } from 'node:crypto'

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { canonicalContent, canonicalRecord, ledgerEntry } from '../src/index.ts'

const salt = Buffer.from('00112233445566778899aabbccddeeff', 'hex')
const record = {
  topic: 'events.civil',
  partition: 3,
  offset: 41,
  key: Buffer.from('k'),
  value: null,
  headers: { salt, n: Buffer.from('7'), mac: Buffer.from('not covered'), by: Buffer.alloc(0) },
}

/** The record above, written out by hand: every field behind four bytes of length. */
const canonical = [
  '0000000c 6576656e74732e636976696c',
  '00000008 0000000000000003',
  '00000008 0000000000000029',
  '00000001 6b',
  'ffffffff',
  '00000002 6279 00000000',
  '00000001 6e 00000001 37',
  '00000004 73616c74 00000010 00112233445566778899aabbccddeeff',
]
  .join('')
  .replaceAll(' ', '')

describe('a canonical record', () => {
  test('is what formats.md says, byte for byte', () => {
    expect(canonicalRecord(record).toString('hex')).toBe(canonical)
  })

  test('leaves out the header mac and does not depend on the order of headers', () => {
    const { salt: last, n, by } = record.headers
    expect(canonicalRecord({ ...record, headers: { by, n, salt: last } }).toString('hex')).toBe(canonical)
  })

  test('tells null from empty', () => {
    expect(canonicalContent(null, Buffer.alloc(0), {})).not.toEqual(canonicalContent(Buffer.alloc(0), null, {}))
  })

  test('no two contents share their bytes', () => {
    const bytes = fc.option(fc.uint8Array({ maxLength: 3 }).map((array) => Buffer.from(array)))
    const name = fc.constantFrom('a', 'b', 'ab')
    const headers = fc.dictionary(
      name,
      fc.uint8Array({ maxLength: 2 }).map((array) => Buffer.from(array)),
    )
    const content = fc.record({ key: bytes, value: bytes, headers })
    const hexOf = ({ key, value, headers: some }: { key: unknown; value: unknown; headers: object }) =>
      JSON.stringify([key, value, Object.entries(some).toSorted(([one], [two]) => (one < two ? -1 : 1))])
    fc.assert(
      fc.property(content, content, (one, two) => {
        const same = canonicalContent(one.key, one.value, one.headers).equals(
          canonicalContent(two.key, two.value, two.headers),
        )
        expect(same).toBe(hexOf(one) === hexOf(two))
      }),
      { numRuns: 500 },
    )
  })

  test('has as its ledger entry the hash of its salt and itself', () => {
    const expected = createHash('sha256').update(salt).update(Buffer.from(canonical, 'hex')).digest('hex')
    expect(ledgerEntry(record).toString('hex')).toBe(expected)
    expect(expected).toBe('91db5414c38c61410b7f68124bcac053d7704d81a2b82ca24d80ad8e88410820')
  })

  test('every part of it changes its ledger entry', () => {
    const changed = [
      { ...record, topic: 'events.tax' },
      { ...record, partition: 4 },
      { ...record, offset: 42 },
      { ...record, key: null },
      { ...record, value: Buffer.alloc(0) },
      { ...record, headers: { ...record.headers, salt: Buffer.alloc(16) } },
      { ...record, headers: { ...record.headers, more: Buffer.alloc(0) } },
    ]
    const entries = [record, ...changed].map((one) => ledgerEntry(one).toString('hex'))
    expect(new Set(entries).size).toBe(entries.length)
  })
})
