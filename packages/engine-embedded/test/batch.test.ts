import { describe, expect, test } from '@jest/globals'
import type { Message } from '@unavez/engine'

import { type Operation, unpack } from '../src/batch.ts'
import { Ring, RingBudget } from '../src/ring.ts'
import { StoredMessage } from '../src/stored-message.ts'
import { packed } from './packed.ts'

const contentOf = (text: string) => {
  const [arrived] = unpack(
    packed({ kind: 'append', partition: 1, content: { key: null, value: Buffer.from(text), headers: {} } }),
  )
  const bytes = arrived?.kind === 'append' ? arrived.encoded : Buffer.alloc(0)
  return { bytes, start: 0, end: bytes.length }
}

describe('what goes to the writer', () => {
  test('arrives as it was packed', () => {
    const odd = Buffer.from([0, 255, 128])
    const operations: readonly Operation[] = [
      { kind: 'put', key: '', value: Buffer.alloc(0) },
      { kind: 'put', key: 'ñ😀\u0000', value: odd },
      { kind: 'compare-and-put', key: 'k', expected: null, value: odd },
      { kind: 'compare-and-put', key: 'k', expected: Buffer.alloc(0), value: odd },
      { kind: 'destroy', key: 'k' },
      { kind: 'claim', key: 'k', value: odd, expiresAt: 1_900_000_000_123 },
      {
        kind: 'write-view',
        changes: [
          { view: 'v', partition: '', sort: 'ñ', value: null },
          { view: 'v', partition: 'p', sort: '', value: odd },
        ],
        checkpoint: { source: 's', from: 2 ** 52, next: 2 ** 52 + 1 },
      },
      { kind: 'write-view', changes: [], checkpoint: { source: 's', from: 0, next: 1 } },
    ]
    expect(unpack(packed(...operations))).toEqual(operations)
  })

  test('an append keeps every header, whatever its name', () => {
    const headers = Object.fromEntries(
      ['', 'constructor', 'ce_id', 'ñ'].map((name, index) => [name, Buffer.alloc(index * 100, name || 'x')]),
    )
    Object.defineProperty(headers, '__proto__', { value: Buffer.from('harmless'), enumerable: true })
    const content = { key: Buffer.from('key'), value: null, headers }
    const [arrived] = unpack(packed({ kind: 'append', partition: 70_000, content }))
    expect(arrived).toMatchObject({ kind: 'append', partition: 70_000 })
    const encoded = arrived?.kind === 'append' ? arrived.encoded : Buffer.alloc(0)
    const at = { offset: 0, appendedAt: new Date(0), content: encoded }
    const decoded = new StoredMessage({ topic: 't', partition: 0 }, at)
    expect(Object.entries(decoded.headers)).toEqual(Object.entries(headers))
    expect(decoded.key).toEqual(content.key)
    expect(decoded.value).toBeNull()
  })
})

describe('the ring of the newest messages', () => {
  const at = new Date(0)
  const all = { end: 1_000_000, messages: 1_000, bytes: 1_000_000 }
  const read = (messages: readonly Message[]) => messages.map(({ offset, value }) => `${offset}:${String(value)}`)

  test('gives what it keeps, by offset, up to the limits', () => {
    const ring = new Ring({ topic: 't', partition: 2 })
    for (const offset of [5, 6, 7, 8]) ring.push(offset, contentOf(`${offset}`), at)
    expect(read(ring.read(5, all))).toEqual(['5:5', '6:6', '7:7', '8:8'])
    expect(read(ring.read(6, { ...all, messages: 2 }))).toEqual(['6:6', '7:7'])
    expect(read(ring.read(6, { ...all, bytes: 1 }))).toEqual(['6:6'])
    expect(read(ring.read(6, { ...all, end: 7 }))).toEqual(['6:6'])
  })

  test('begins anew after a gap', () => {
    const ring = new Ring({ topic: 't', partition: 2 })
    ring.push(1, contentOf('1'), at)
    ring.push(3, contentOf('3'), at)
    expect([ring.first, ring.next]).toEqual([3, 4])
    expect(read(ring.read(3, all))).toEqual(['3:3'])
  })

  test('forgets the oldest of all partitions beyond the budget', () => {
    const rings = [new Ring({ topic: 't', partition: 0 }), new Ring({ topic: 't', partition: 1 })]
    const budget = new RingBudget(100_000)
    for (let offset = 0; offset < 1_000; offset++) {
      for (const ring of rings) {
        ring.push(offset, contentOf(`${offset}`), at)
        budget.push(ring, offset, 500)
      }
    }
    for (const ring of rings) {
      expect(ring.next).toBe(1_000)
      expect(ring.next - ring.first).toBeGreaterThan(20)
      expect(ring.next - ring.first).toBeLessThan(101)
      expect(read(ring.read(ring.first, { ...all, messages: 1 }))).toEqual([`${ring.first}:${ring.first}`])
      expect(read(ring.read(999, all))).toEqual(['999:999'])
    }
  })
})
