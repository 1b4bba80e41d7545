import { describe, expect, test } from '@jest/globals'

import { type Bench, eventually, unique } from './bench.ts'

const long = { ttlMs: 600_000 }

export function volatileTests(bench: Bench): void {
  describe('volatile', () => {
    test('the first claim of a key holds; later ones are told what stands', async () => {
      const key = unique('claim')
      const first = await bench.engine.volatile.claim(key, Buffer.from('mine'), long)
      const second = await bench.other.volatile.claim(key, Buffer.from('yours'), long)
      expect(first.held).toBeNull()
      expect(second.held?.toString()).toBe('mine')
      expect((await bench.other.volatile.get(key))?.toString()).toBe('mine')
    })

    test.each([false, true])('of many claims at once on two instances exactly one wins (kept: %s)', async (kept) => {
      const key = unique('claim')
      const values = Array.from({ length: 100 }, (_, index) => Buffer.from(`${index}`))
      const claims = await Promise.all(
        values.map((value, index) =>
          (index % 2 === 0 ? bench.engine : bench.other).volatile.claim(key, value, { ...long, kept }),
        ),
      )
      const winner = claims.findIndex(({ held }) => held === null)
      expect(claims.filter(({ held }) => held === null)).toHaveLength(1)
      for (const { held } of claims.filter((_, index) => index !== winner)) expect(held).toEqual(values[winner])
    })

    test.each([false, true])('a claim is forgotten after its time, not before (kept: %s)', async (kept) => {
      const key = unique('claim')
      await bench.engine.volatile.claim(key, Buffer.from('short'), { ttlMs: 300, kept })
      const durable = unique('claim')
      await bench.engine.volatile.claim(durable, Buffer.from('long'), { ...long, kept })
      await eventually(async () => (await bench.engine.volatile.get(key)) === undefined)
      const again = await bench.other.volatile.claim(key, Buffer.from('next'), { ...long, kept })
      expect(again.held).toBeNull()
      expect((await bench.other.volatile.get(durable))?.toString()).toBe('long')
    })

    test('many claims at once are as many single ones: each has its own holder, of equal keys the first puts', async () => {
      const keys = Array.from({ length: 450 }, () => unique('claim'))
      const [taken = '', twice = ''] = keys
      await bench.other.volatile.claim(taken, Buffer.from('theirs'), long)
      const claims = [...keys, twice].map((key, i) => ({ key, value: Buffer.from(`${i}`) }))
      const { held, memory } = await bench.engine.volatile.claimMany(claims, long)
      expect(held.map((value) => value?.toString())).toEqual(['theirs', ...keys.slice(1).map(() => undefined), '1'])
      expect(memory).toEqual(await bench.other.volatile.memory())
      expect((await bench.other.volatile.get(keys.at(-1) ?? ''))?.toString()).toBe('449')
      expect((await bench.engine.volatile.claimMany([], long)).held).toEqual([])
    })

    test('an empty value can be claimed', async () => {
      const key = unique('claim')
      await bench.engine.volatile.claim(key, Buffer.alloc(0), long)
      const second = await bench.other.volatile.claim(key, Buffer.from('late'), long)
      expect(second.held).toEqual(Buffer.alloc(0))
    })

    test('what was never claimed is absent', async () => {
      expect(await bench.engine.volatile.get(unique('claim'))).toBeUndefined()
    })

    test('a counter adds up what all instances add', async () => {
      const key = unique('counter')
      const sums = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 === 0 ? bench.engine : bench.other).volatile.count(key, 2, 600_000),
        ),
      )
      expect(sums.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => (index + 1) * 2))
    })

    test('a counter forgets itself a time after its first addition, however often it is raised', async () => {
      const key = unique('counter')
      expect(await bench.engine.volatile.count(key, 5, 300)).toBe(5)
      await eventually(async () => (await bench.engine.volatile.count(key, 1, 300)) === 1)
      expect(await bench.engine.volatile.count(unique('counter'), 1, 300)).toBe(1)
    })

    test('all instances speak of one memory, which tells since when it remembers', async () => {
      const here = await bench.engine.volatile.memory()
      const there = await bench.other.volatile.memory()
      const { memory } = await bench.engine.volatile.claim(unique('claim'), Buffer.from('x'), long)
      expect(there).toEqual(here)
      expect(memory).toEqual(here)
      expect(here.id).not.toBe('')
      expect(here.since.getTime()).toBeLessThanOrEqual(Date.now())
    })

    test('how long a write may still land after a loss is a bounded number of milliseconds', () => {
      expect(bench.engine.volatile.settleMs).toBeGreaterThanOrEqual(0)
      expect(bench.engine.volatile.settleMs).toBeLessThan(600_000)
    })
  })
}
