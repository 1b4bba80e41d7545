import { describe, expect, test } from '@jest/globals'

import type { FetchedPartition } from '../src/fetch.ts'
import { Rings } from '../src/ring.ts'
import { encoded } from './batches.ts'

const from = (offset: number, partition = 0) => ({ topic: 'p.t', partition, offset })
const limits = { messages: 100, bytes: 1_000_000 }

/** What a broker answers: so many messages from an offset on. */
const fetched = (base: number, count: number, more: Partial<FetchedPartition> = {}): FetchedPartition => ({
  topic: 'p.t',
  partition: 0,
  errorCode: 0,
  end: base + count,
  first: 0,
  aborted: [],
  records: encoded({
    base,
    records: Array.from({ length: count }, (_, delta) => ({ delta, value: `${base + delta}` })),
  }),
  ...more,
})

const rings = (bytesMax = 1_000_000) => new Rings({ bytesMax, prefix: 'p.' })
const offsets = (page: ReturnType<Rings['take']>) => page?.messages.map(({ offset }) => offset)

describe('rings', () => {
  test('pages come from memory by the bus’s own topic name, across what was fetched piece by piece', () => {
    const kept = rings()
    expect(kept.add(fetched(10, 3), 10)).toBe(13)
    expect(kept.add(fetched(13, 2, { end: 20 }), 13)).toBe(15)
    const page = kept.take(from(11), limits, true)
    expect(offsets(page)).toEqual([11, 12, 13, 14])
    expect(page).toMatchObject({ next: 15, end: 20, messages: [{ topic: 't', partition: 0 }, {}, {}, {}] })
    expect(offsets(kept.take(from(10), { ...limits, messages: 2 }, false))).toEqual([10, 11])
    expect(kept.take(from(9), limits, true)).toBeUndefined()
    expect(kept.take(from(15), limits, true)).toBeUndefined()
    expect(kept.take(from(11, 1), limits, true)).toBeUndefined()
  })

  test('P6: memory alone never claims to know where a partition ends', () => {
    const kept = rings()
    kept.add(fetched(0, 5), 0)
    expect(kept.take(from(0), limits, false)).toBeUndefined()
    expect(kept.take(from(0), { ...limits, messages: 4 }, false)).toMatchObject({ next: 4, end: 5 })
    kept.add(fetched(5, 0, { end: 9, records: Buffer.alloc(0) }), 5)
    expect(kept.take(from(0), limits, false)).toMatchObject({ next: 5, end: 9 })
  })

  test('a hole begins the ring anew', () => {
    const kept = rings()
    kept.add(fetched(0, 5), 0)
    kept.add(fetched(7, 1), 7)
    expect(kept.take(from(0), limits, true)).toBeUndefined()
    expect(offsets(kept.take(from(7), limits, true))).toEqual([7])
  })

  test('P16: what was trimmed is not read from memory', () => {
    const kept = rings()
    kept.add(fetched(0, 5), 0)
    kept.trimmed(from(0), 3)
    expect(kept.take(from(0), limits, true)).toBeUndefined()
    kept.add(fetched(5, 5, { first: 8 }), 5)
    expect(kept.take(from(5), limits, true)).toBeUndefined()
  })

  test('P14: one budget serves all partitions, and the oldest go first', () => {
    const kept = rings(400_000)
    for (let round = 0; round < 40; round++)
      for (const partition of [0, 1]) kept.add({ ...fetched(round * 50, 50), partition }, round * 50)
    for (const partition of [0, 1]) {
      expect(kept.take(from(0, partition), limits, true)).toBeUndefined()
      expect(offsets(kept.take(from(1_999, partition), limits, true))).toEqual([1_999])
    }
    kept.drop(from(0, 0))
    expect(kept.take(from(1_999, 0), limits, true)).toBeUndefined()
    expect(offsets(kept.take(from(1_999, 1), limits, true))).toEqual([1_999])
  })
})
