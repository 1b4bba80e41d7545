import { expect, test } from '@jest/globals'
import fc from 'fast-check'

import { paint } from '../src/disclosed.ts'
import type { Disclosure } from '../src/disclosure.ts'

const disclosure = (from: number, next: number, n: number): Disclosure => ({
  subscription: 'sub_1',
  agreement: 'agr_1@1',
  from,
  next,
  n,
  at: '',
  rules: 1,
  count: 0,
  hash: '',
  subjects: [],
})

const stretch = fc
  .tuple(fc.nat({ max: 40 }), fc.nat({ max: 40 }))
  .map(([a, b]) => ({ from: Math.min(a, b), next: Math.max(a, b) }))

test('P10: a stretch is told in pieces without a hole or an overlap, each by the last that was shown there', () => {
  fc.assert(
    fc.property(stretch, fc.array(stretch, { maxLength: 12 }), (asked, shown) => {
      const disclosures = shown.map(({ from, next }, n) => disclosure(from, next, n))
      const segments = paint(asked, disclosures)
      let reached = asked.from
      for (const segment of segments) {
        expect(segment.from).toBe(reached)
        expect(segment.next).toBeGreaterThan(segment.from)
        reached = segment.next
        for (let offset = segment.from; offset < segment.next; offset++) {
          const last = disclosures.findLast(({ from, next }) => from <= offset && offset < next)
          expect(segment.disclosure).toBe(last)
        }
      }
      expect(reached).toBe(asked.next)
    }),
  )
})
