import { expect, test } from '@jest/globals'

import { together } from '../src/together.ts'

test('what is asked in one turn is asked together, and each gets its own answer', async () => {
  const asked: (readonly number[])[] = []
  const double = together(100, async (numbers: readonly number[]) => {
    asked.push(numbers)
    return numbers.map((number) => number * 2)
  })
  expect(await Promise.all([double(1), double(2), double(1)])).toEqual([2, 4, 2])
  expect(await double(3)).toBe(6)
  expect(asked).toEqual([[1, 2, 1], [3]])
})

test('no more is asked together than the limit', async () => {
  const sizes: number[] = []
  const same = together(2, async (numbers: readonly number[]) => {
    sizes.push(numbers.length)
    return numbers
  })
  expect(await Promise.all([1, 2, 3, 4, 5].map(same))).toEqual([1, 2, 3, 4, 5])
  expect(sizes).toEqual([2, 2, 1])
})

test('a failure is told to all who were asked for together, and to nobody after', async () => {
  let failing = true
  const ask = together(100, async (numbers: readonly number[]) => {
    if (failing) throw new Error('away')
    return numbers
  })
  const results = await Promise.allSettled([ask(1), ask(2)])
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  failing = false
  expect(await ask(3)).toBe(3)
})
