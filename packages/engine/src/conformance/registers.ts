import { randomBytes } from 'node:crypto'

import { describe, expect, test } from '@jest/globals'

import { type Bench, eventually, unique } from './bench.ts'

export function registerTests(bench: Bench): void {
  const same = (left: Buffer | undefined, right: Buffer | undefined) =>
    left === undefined || right === undefined ? left === right : left.equals(right)
  /** Writes of another instance are seen as soon as they arrive. */
  const arrives = (key: string, value: Buffer | undefined) =>
    eventually(async () => same(await bench.other.registers.get(key), value))

  describe('registers', () => {
    test('a key that was never put has no value', async () => {
      expect(await bench.engine.registers.get(unique('key'))).toBeUndefined()
    })

    test('the latest value is read at once here, and soon elsewhere', async () => {
      const key = unique('key')
      for (const value of [randomBytes(40), Buffer.alloc(0), randomBytes(1_000)]) {
        await bench.engine.registers.put(key, value)
        expect(await bench.engine.registers.get(key)).toEqual(value)
        await arrives(key, value)
      }
    })

    test('a destroyed value is gone everywhere', async () => {
      const key = unique('key')
      await bench.engine.registers.put(key, randomBytes(32))
      await bench.engine.registers.destroy(key)
      expect(await bench.engine.registers.get(key)).toBeUndefined()
      await arrives(key, undefined)
      await bench.engine.registers.destroy(key)
      await bench.engine.registers.put(key, Buffer.from('anew'))
      await arrives(key, Buffer.from('anew'))
    })

    test('a compared put happens only from the expected value', async () => {
      const key = unique('key')
      const [one, two] = [Buffer.from('one'), Buffer.from('two')]
      const { registers } = bench.engine
      expect(await registers.compareAndPut(key, one, two)).toBe(false)
      expect(await registers.get(key)).toBeUndefined()
      expect(await registers.compareAndPut(key, undefined, one)).toBe(true)
      expect(await registers.compareAndPut(key, undefined, two)).toBe(false)
      expect(await registers.compareAndPut(key, two, two)).toBe(false)
      expect(await registers.get(key)).toEqual(one)
      expect(await registers.compareAndPut(key, one, two)).toBe(true)
      expect(await registers.get(key)).toEqual(two)
    })

    test('an empty value is a value, not its absence', async () => {
      const key = unique('key')
      const { registers } = bench.engine
      const empty = Buffer.alloc(0)
      expect(await registers.compareAndPut(key, empty, Buffer.from('no'))).toBe(false)
      expect(await registers.compareAndPut(key, undefined, empty)).toBe(true)
      expect(await registers.compareAndPut(key, undefined, Buffer.from('no'))).toBe(false)
      expect(await registers.compareAndPut(key, empty, Buffer.from('yes'))).toBe(true)
    })

    test('of many who put from the same value at once, on two instances, exactly one wins', async () => {
      const key = unique('key')
      const rivals = Array.from({ length: 40 }, (_, index) => Buffer.from(`rival ${index}`))
      const won = await Promise.all(
        rivals.map((rival, index) =>
          (index % 2 === 0 ? bench.engine : bench.other).registers.compareAndPut(key, undefined, rival),
        ),
      )
      expect(won.filter(Boolean)).toHaveLength(1)
      const winner = rivals[won.indexOf(true)]
      await arrives(key, winner)
      await eventually(async () => same(await bench.engine.registers.get(key), winner))
    })

    test('a counter raised by compared puts from both instances loses no step', async () => {
      const key = unique('key')
      const raise = async (instance: Bench['engine']) => {
        for (;;) {
          const now = await instance.registers.get(key)
          const next = Buffer.from(String(Number(now?.toString() ?? '0') + 1))
          if (await instance.registers.compareAndPut(key, now, next)) return
        }
      }
      const raises = async (instance: Bench['engine']) => {
        for (let step = 0; step < 10; step++) await raise(instance)
      }
      await Promise.all([raises(bench.engine), raises(bench.other), raises(bench.engine)])
      await arrives(key, Buffer.from('30'))
      expect((await bench.other.registers.get(key))?.toString()).toBe('30')
    })

    test('keys are apart from each other, whatever they hold', async () => {
      const base = unique('key')
      const keys = ['', '/', '\u0000', '%', '_', '😀', `\uFFFD`, 'A', 'a'].map((end) => `${base}${end}`)
      await Promise.all(keys.map((key) => bench.engine.registers.put(key, Buffer.from(key))))
      for (const key of keys) {
        expect((await bench.engine.registers.get(key))?.toString()).toBe(key)
        await arrives(key, Buffer.from(key))
      }
    })
  })
}
