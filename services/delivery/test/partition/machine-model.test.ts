import { expect, test } from '@jest/globals'
import * as fc from 'fast-check'

import { badRequest, delivered, refused, unavailable, unreachable } from './receiver.ts'
import { type Step, Trial } from './trial.ts'

const subjects = ['a', 'b', 'c', 'd', 'e', 'f', 'g']

const answers = fc.oneof(
  { weight: 5, arbitrary: fc.constant(delivered) },
  { weight: 2, arbitrary: fc.constantFrom(badRequest, refused(500, 'subject')) },
  { weight: 2, arbitrary: fc.constantFrom(unreachable, unavailable) },
  { weight: 1, arbitrary: fc.constant(refused(415, 'unsupported')) },
)

const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('read' as const), most: fc.integer({ min: 1, max: 8 }) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('begin' as const), most: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('answer' as const), which: fc.nat(), answer: answers }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 50_000 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('retry', 'skip', 'drop', 'flush', 'crash') }) as fc.Arbitrary<Step>,
  },
)

/** Subjects of the events of a partition, in order; null: the event is not due. */
const topics = fc.array(fc.option(fc.constantFrom(...subjects), { freq: 5 }), { minLength: 1, maxLength: 60 })

const runs = { numRuns: 400 }

test('P3, P4: every due event is delivered or skipped, in the order of its subject, whatever the receiver does and wherever an owner dies', () => {
  fc.assert(
    fc.property(topics, fc.array(steps, { maxLength: 150 }), (topic, does) => {
      const trial = new Trial(topic)
      for (const step of does) trial.step(step)
      trial.finish()
      const due = topic.flatMap((subject, offset) => (subject === null ? [] : [offset]))
      expect(due.filter((offset) => !trial.times.has(offset) && !trial.skipped.has(offset))).toEqual([])
      for (const subject of subjects) {
        const ofSubject = trial.arrived.filter((offset) => topic[offset] === subject && !trial.skipped.has(offset))
        expect(ofSubject).toEqual(ofSubject.toSorted((a, b) => a - b))
      }
    }),
    runs,
  )
})

test('what stands is the fold of what was written, at any point', () => {
  fc.assert(
    fc.property(topics, fc.array(steps, { maxLength: 150 }), (topic, does) => {
      const trial = new Trial(topic)
      for (const step of does) {
        trial.step(step)
        if (step.kind !== 'flush') continue
        expect(trial.folded()).toEqual(trial.standing)
      }
    }),
    runs,
  )
})
