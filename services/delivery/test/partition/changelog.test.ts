import { expect, test } from '@jest/globals'
import * as fc from 'fast-check'

import { ChangelogFold, snapshotOf } from '../../src/partition/changelog-fold.ts'
import { chunked, decodeRecord, encodeRecord } from '../../src/partition/changelog-record.ts'
import type { Entry } from '../../src/partition/entry.ts'
import { pushLimits } from '../../src/partition/push-limits.ts'

const settledAt = (next: number, of = 's'): Entry => ({ type: 'settled', of, epoch: 1, next })
const nextOf = (fold: ChangelogFold, of = 's'): number | undefined => fold.standings.get(of)?.next

test('a record is JSON with version, owner, number and entries', () => {
  const record = { owner: 'o1', seq: 7, entries: [settledAt(12)] }
  const written = '{"v":1,"owner":"o1","seq":7,"entries":[{"type":"settled","of":"s","epoch":1,"next":12}]}'
  expect(encodeRecord(record).toString()).toBe(written)
  expect(decodeRecord(Buffer.from(written))).toEqual(record)
})

test.each(['', 'null', '[]', '{}', '{"v":2,"owner":"o","seq":0,"entries":[]}', '{"v":1,"owner":"o","seq":0}'])(
  'what is no record of this version is passed over: %j',
  (text) => {
    expect(decodeRecord(Buffer.from(text))).toBeUndefined()
  },
)

test('what an owner writes after another took over does not count, however late it lands', () => {
  const fold = new ChangelogFold()
  fold.apply({ owner: 'old', seq: 0, tookOver: true, entries: [] })
  expect(fold.apply({ owner: 'old', seq: 1, entries: [settledAt(5)] })).toBe(true)
  fold.apply({ owner: 'new', seq: 0, tookOver: true, entries: [] })
  expect(fold.apply({ owner: 'old', seq: 2, entries: [settledAt(99), { type: 'ended', of: 's', epoch: 1 }] })).toBe(
    false,
  )
  expect(nextOf(fold)).toBe(5)
  expect(fold.apply({ owner: 'new', seq: 1, entries: [settledAt(6)] })).toBe(true)
  expect(nextOf(fold)).toBe(6)
})

test('a record that was written twice counts once', () => {
  const fold = new ChangelogFold()
  const taking = { owner: 'o', seq: 0, tookOver: true, entries: [] } as const
  fold.apply(taking)
  const held: Entry = {
    type: 'held',
    of: 's',
    epoch: 1,
    subject: 'a',
    offset: 3,
    attempts: 1,
    since: 0,
    failure: { code: 'x', ms: 1 },
  }
  const released: Entry = { type: 'released', of: 's', epoch: 1, subject: 'a', offset: 3, at: 1, outcome: 'skipped' }
  fold.apply({ owner: 'o', seq: 1, entries: [settledAt(4), held] })
  fold.apply({ owner: 'o', seq: 2, entries: [released] })
  expect(fold.apply({ owner: 'o', seq: 1, entries: [settledAt(4), held] })).toBe(false)
  expect(fold.apply(taking)).toBe(false)
  expect(fold.standings.get('s')?.held.size).toBe(0)
})

test('a new epoch lets go of what was held, and entries of the one before say nothing', () => {
  const fold = new ChangelogFold()
  const entries: readonly Entry[] = [
    settledAt(9),
    { type: 'held', of: 's', epoch: 1, subject: 'a', offset: 8, attempts: 1, since: 0, failure: { code: 'x', ms: 1 } },
    { type: 'began', of: 's', epoch: 2, next: 2 },
    settledAt(11),
  ]
  fold.apply({ owner: 'o', seq: 0, tookOver: true, entries })
  expect(fold.standings.get('s')).toMatchObject({ epoch: 2, next: 2, from: 2, held: new Map() })
})

const entries: fc.Arbitrary<Entry> = fc
  .record({ of: fc.constantFrom('s', 't'), epoch: fc.integer({ min: 1, max: 2 }), offset: fc.nat(20), kind: fc.nat(6) })
  .map(({ of, epoch, offset, kind }): Entry => {
    const about = { of, epoch }
    const subject = `p${offset % 3}`
    const failure = { code: 'http-500', status: 500, ms: 3 }
    const made: readonly Entry[] = [
      { ...about, type: 'settled', next: offset, delivered: [[offset + 1, 200, 1]] },
      { ...about, type: 'held', subject, offset, attempts: 1, nextAt: 50, since: 9, failure },
      { ...about, type: 'followed', subject, offsets: [offset + 1, offset + 2] },
      { ...about, type: 'released', subject, offset, at: 1, outcome: 'delivered' },
      { ...about, type: 'due', offsets: [offset], at: 3 },
      { ...about, type: 'circuit', state: offset % 2 === 0 ? 'open' : 'closed' },
      { ...about, type: 'ordered', n: offset },
    ]
    return made[kind] ?? { ...about, type: 'ended' }
  })

test('a snapshot and what follows it fold to the same as everything from the beginning', () => {
  fc.assert(
    fc.property(fc.array(entries), fc.array(entries), (before, after) => {
      const whole = new ChangelogFold()
      whole.apply({ owner: 'o', seq: 0, tookOver: true, entries: before })
      const written = decodeRecord(encodeRecord({ owner: 'o', seq: 1, entries: snapshotOf(whole.standings) }))
      whole.apply({ owner: 'o', seq: 2, entries: after })
      const shortened = new ChangelogFold()
      if (written !== undefined) shortened.apply(written)
      shortened.apply({ owner: 'o', seq: 2, entries: after })
      expect(shortened.standings).toEqual(whole.standings)
    }),
  )
})

test('P14: the largest standing there can be fits into one record, and many are spread over several', () => {
  const { heldSubjects, followers } = pushLimits
  const offset = 2 ** 37
  const failure = { code: 'tls-certificate-invalid', status: 599, ms: 30_000 }
  const held = Array.from({ length: heldSubjects }, (_, i) => {
    const behind = Array.from({ length: followers / heldSubjects }, (_each, j) => offset + j)
    return ['r'.repeat(43), offset + i, 9, Date.now(), Date.now(), failure, behind] as const
  })
  const stands: Entry = { type: 'stands', of: 's'.repeat(30), epoch: 1, standing: { next: offset, held } }
  const sizes = Array.from(chunked([stands, stands, stands]), (chunk) => JSON.stringify(chunk).length)
  expect(sizes).toHaveLength(3)
  for (const size of sizes) expect(size).toBeLessThan(900_000)
  expect(Array.from(chunked(Array.from({ length: 100_000 }, (_, i) => settledAt(i)))).flat()).toHaveLength(100_000)
})
