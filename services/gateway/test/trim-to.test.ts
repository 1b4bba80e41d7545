import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { type Aged, trimTo } from '../src/retention/trim-to.ts'

const none: Aged = { first: 10, retained: 100, tolerated: 50, floors: [], standing: [] }

describe('How far a partition is trimmed', () => {
  test('to the end of retention where nobody waits for anything', () => {
    expect(trimTo(none)).toEqual({ before: 100, pinning: [], over: [] })
  })

  test('to the first event due to the slowest; whoever holds it beyond the grace is over', () => {
    const standing = [
      { subscription: 'slow', offset: 60, isDue: true },
      { subscription: 'dead', offset: 40, isDue: true },
      { subscription: 'new', offset: 400, isDue: true },
    ]
    expect(trimTo({ ...none, standing })).toEqual({ before: 40, pinning: ['slow', 'dead'], over: ['dead'] })
  })

  test('no further than is certain about a subscription, which pins nothing by that', () => {
    const standing = [{ subscription: 'unknown', offset: 20, isDue: false }]
    expect(trimTo({ ...none, standing })).toEqual({ before: 20, pinning: [], over: [] })
  })

  const offset = fc.nat({ max: 1000 })
  const aged: fc.Arbitrary<Aged> = fc
    .record({
      first: offset,
      retained: offset,
      graceEvents: offset,
      floors: fc.array(offset, { maxLength: 3 }),
      standing: fc.uniqueArray(fc.record({ subscription: fc.string(), offset, isDue: fc.boolean() }), {
        selector: ({ subscription }) => subscription,
        maxLength: 8,
      }),
    })
    .map(({ graceEvents, ...rest }) => ({ ...rest, tolerated: Math.max(0, rest.retained - graceEvents) }))

  test('P16: nothing goes that is younger than its retention, due to anybody, or behind a floor; and never back', () => {
    fc.assert(
      fc.property(aged, (one) => {
        const { before } = trimTo(one)
        expect(before).toBeGreaterThanOrEqual(one.first)
        if (before === one.first) return
        const bounds = [one.retained, ...one.floors, ...one.standing.map((each) => each.offset)]
        for (const bound of bounds) expect(before).toBeLessThanOrEqual(bound)
        expect(bounds).toContain(before)
      }),
    )
  })

  test('P16: once those that are over have been ended, nobody keeps anything due beyond its grace', () => {
    fc.assert(
      fc.property(aged, (one) => {
        const { over, pinning } = trimTo(one)
        expect(pinning).toEqual(expect.arrayContaining([...over]))
        const left = one.standing.filter(({ subscription }) => !over.includes(subscription))
        const then = trimTo({ ...one, standing: left })
        expect(then.over).toEqual([])
        const uncertain = left.filter(({ isDue }) => !isDue).map((each) => each.offset)
        const bound = Math.min(one.tolerated, ...one.floors, ...uncertain)
        expect(then.before).toBeGreaterThanOrEqual(bound)
      }),
    )
  })
})
