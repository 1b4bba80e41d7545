import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { takeMessages } from '../src/recordset.ts'
import { encoded, type TestBatch, type TestRecord } from './batches.ts'

const text = (delta: number, value: string): TestRecord => ({
  delta,
  key: null,
  value: Buffer.from(value),
  headers: [],
})
const at = (offset: number) => ({ topic: 't', partition: 3, offset })
const all = { messages: 1_000, bytes: 10_000_000 }
const set = (...batches: readonly TestBatch[]) => ({ bytes: Buffer.concat(batches.map(encoded)), aborted: [] })

describe('a record set', () => {
  test('every field comes out as it went in, whatever the packing', () => {
    const bytes = fc.option(fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)))
    const header = fc.tuple(fc.string({ maxLength: 5, unit: 'binary' }), bytes)
    const record = fc.record({
      key: bytes,
      value: bytes,
      headers: fc.uniqueArray(header, { maxLength: 4, selector: ([name]) => name }),
    })
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 20 }), fc.constantFrom(0, 1, 4), (records, codec) => {
        const batch = {
          base: 5_000_000_000,
          attributes: 8 | codec,
          records: records.map((one, delta) => ({ ...one, delta })),
        }
        const { messages, next } = takeMessages(set(batch), at(0), all)
        expect(next).toBe(5_000_000_000 + records.length)
        expect(messages.map(({ offset }) => offset)).toEqual(records.map((_, index) => 5_000_000_000 + index))
        // As text: comparing buffers byte by byte takes Jest ten seconds.
        const hex = (bytes: Buffer | null | undefined) => bytes?.toString('hex') ?? null
        const sent = records.map(({ key, value, headers }) => [
          hex(key),
          hex(value),
          new Map(headers.map(([name, content]) => [name, hex(content ?? Buffer.alloc(0))])),
        ])
        for (const message of messages) {
          for (const [name, value] of Object.entries(message.headers)) expect(message.text(name)).toBe(String(value))
          expect(message.text('absent')).toBeUndefined()
        }
        const found = messages.map(({ key, value, headers }) => [
          hex(key),
          hex(value),
          new Map(Object.entries(headers).map(([name, content]) => [name, hex(content)])),
        ])
        expect(found).toEqual(sent)
      }),
    )
  })

  test('pages of any size visit every message once, and go on behind the last', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 40 }), (counts, messages, bytes) => {
        let base = 0
        const batches = counts.map((count) => {
          const records = Array.from({ length: count }, (_, delta) => text(delta, `${base + delta}`))
          base += count
          return { base: base - count, records }
        })
        const found: number[] = []
        for (let offset = 0; offset < base;) {
          const page = takeMessages(set(...batches), at(offset), { messages, bytes })
          expect(page.messages.length).toBeGreaterThan(0)
          expect(page.messages.length).toBeLessThanOrEqual(messages)
          found.push(...page.messages.map((message) => Number(message.value)))
          offset = page.next
        }
        expect(found).toEqual(Array.from({ length: base }, (_, index) => index))
      }),
    )
  })

  test('control batches, offsets lost to compaction and records before the start are skipped, and the next offset is behind them', () => {
    const marker = { base: 3, attributes: 8 | 0x30, records: [text(0, 'commit')] }
    const compacted = { base: 4, lastDelta: 9, records: [text(2, 'kept'), text(5, 'kept too')] }
    const first = { base: 0, records: [text(0, 'a'), text(1, 'b'), text(2, 'c')] }
    const page = takeMessages(set(first, marker, compacted), at(2), all)
    expect(page.messages.map(({ offset, value }) => [offset, String(value)])).toEqual([
      [2, 'c'],
      [6, 'kept'],
      [9, 'kept too'],
    ])
    expect(page.next).toBe(14)
    expect(takeMessages(set(marker), at(3), all)).toMatchObject({ messages: [], next: 4 })
  })

  test('what an aborted transaction wrote does not count; its neighbours do', () => {
    const batches = [
      { base: 0, attributes: 8 | 0x10, producerId: 7, records: [text(0, 'aborted')] },
      { base: 1, attributes: 8 | 0x10, producerId: 8, records: [text(0, 'of another')] },
      { base: 2, records: [text(0, 'plain')] },
      { base: 3, attributes: 8 | 0x30, producerId: 7, records: [text(0, 'marker')] },
      { base: 4, attributes: 8 | 0x10, producerId: 7, records: [text(0, 'committed')] },
    ]
    const page = takeMessages({ ...set(...batches), aborted: [{ producerId: 7n, firstOffset: 0 }] }, at(0), all)
    expect(page.messages.map(({ value }) => String(value))).toEqual(['of another', 'plain', 'committed'])
    expect(page.next).toBe(5)
  })

  test('a batch that is cut off at the end comes with the next read', () => {
    const whole = encoded({ base: 0, records: [text(0, 'whole')] })
    const cut = encoded({ base: 1, records: [text(0, 'cut')] })
    for (const length of [1, 20, 61, cut.length - 1]) {
      const bytes = Buffer.concat([whole, cut.subarray(0, length)])
      expect(takeMessages({ bytes, aborted: [] }, at(0), all)).toMatchObject({ messages: [{ offset: 0 }], next: 1 })
    }
  })

  test('times are the log’s own where it keeps them, else the writer’s', () => {
    const records = [
      { ...text(0, 'a'), timeDelta: 5 },
      { ...text(1, 'b'), timeDelta: -3 },
    ]
    const times = (attributes: number) =>
      takeMessages(
        set({ base: 0, attributes, baseTime: 1_700_000_000_000, maxTime: 1_700_000_000_009, records }),
        at(0),
        all,
      ).messages.map(({ appendedAt }) => appendedAt.getTime() - 1_700_000_000_000)
    expect(times(8)).toEqual([9, 9])
    expect(times(0)).toEqual([5, -3])
  })

  test('a header that a foreign writer repeated keeps its last value, a null one is empty, and none reaches the prototype', () => {
    const headers = [
      ['x', Buffer.from('1')],
      ['__proto__', Buffer.from('p')],
      ['x', null],
    ] as const
    const [message] = takeMessages(set({ base: 0, records: [{ ...text(0, 'v'), headers }] }), at(0), all).messages
    expect(message?.headers['x']).toEqual(Buffer.alloc(0))
    expect([message?.text('x'), message?.text('__proto__'), message?.text('none')]).toEqual(['', 'p', undefined])
    expect(Object.keys(message?.headers ?? {}).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(['__proto__', 'x'])
    expect(Object.getPrototypeOf(message?.headers)).toBe(Object.prototype)
  })

  test('an unknown format or packing is told, not guessed, and nothing unpacks without end', () => {
    const old = encoded({ base: 0, records: [text(0, 'v')] })
    old.writeInt8(1, 16)
    expect(() => takeMessages({ bytes: old, aborted: [] }, at(0), all)).toThrow(/unknown format 1/)
    expect(() => takeMessages(set({ base: 0, attributes: 8 | 3, records: [text(0, 'v')] }), at(0), all)).toThrow(/lz4/)
    const bomb = { base: 0, attributes: 8 | 1, records: [{ ...text(0, ''), value: Buffer.alloc(70_000_000) }] }
    expect(() => takeMessages(set(bomb), at(0), all)).toThrow(/larger than/)
  })
})
