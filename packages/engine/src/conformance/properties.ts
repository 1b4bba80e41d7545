import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { aMessage, aTopic, atOnce, type Bench, outcome, readAll, textOf, unique } from './bench.ts'

const sorts = fc.constantFrom('a', 'b', 'c', 'ñ', '😀', '\uFFFD')
const changes = fc.array(fc.record({ sort: sorts, value: fc.option(fc.uint8Array({ maxLength: 4 })) }), {
  maxLength: 5,
})
const writes = fc.array(
  fc.record({ changes, shift: fc.constantFrom(0, 0, 0, -1, 1), step: fc.integer({ min: 1, max: 9 }) }),
)

type LogStep =
  | { readonly kind: 'append'; readonly count: number }
  | { readonly kind: 'trim'; readonly share: number }
  | { readonly kind: 'page'; readonly messages: number }

const logSteps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('append' as const), count: fc.integer({ min: 1, max: 20 }) }),
    fc.record({ kind: fc.constant('trim' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
    fc.record({ kind: fc.constant('page' as const), messages: fc.integer({ min: 1, max: 10 }) }),
  ),
  { maxLength: 12 },
)

export function propertyTests(bench: Bench): void {
  const runs = () => ({ numRuns: bench.traits.propertyRuns })

  describe('properties', () => {
    test('any sequence of view writes leaves what a map with a compare-and-set checkpoint would hold', async () => {
      await fc.assert(
        fc.asyncProperty(writes, async (sequence) => {
          const list = { view: unique('view'), partition: 'p' }
          const source = unique('source')
          const model = new Map<string, Buffer>()
          let stands = 0
          for (const write of sequence) {
            const from = stands + write.shift
            const rows = write.changes.map(({ sort, value }) => ({
              ...list,
              sort,
              value: value === null ? null : Buffer.from(value),
            }))
            const answer = await outcome(bench.engine.views.write(rows, { source, from, next: from + write.step }))
            expect(answer).toBe(write.shift === 0 ? 'fulfilled' : 'checkpoint-moved')
            if (write.shift !== 0) continue
            stands = from + write.step
            for (const { sort, value } of rows) {
              if (value === null) model.delete(sort)
              else model.set(sort, value)
            }
          }
          const expected = [...model]
            .map(([sort, value]) => ({ sort, value }))
            .toSorted((one, two) => Buffer.compare(Buffer.from(one.sort), Buffer.from(two.sort)))
          expect(await bench.other.views.list(list, { limit: 100 })).toEqual(expected)
          expect(await bench.other.views.checkpoint(source)).toBe(stands)
        }),
        runs(),
      )
    })

    test('any sequence of appends, trims and pages keeps offsets, order and bounds as a plain list would', async () => {
      const model: LogModel = { topic: await aTopic(bench.engine), texts: [], first: 0 }
      await fc.assert(
        fc.asyncProperty(logSteps, async (steps) => {
          for (const step of steps) {
            const { found, expected } = await take(bench, model, step)
            expect(found).toEqual(expected)
            const [bounds] = await bench.other.log.bounds(model.topic)
            expect(bounds).toMatchObject({ first: model.first, next: model.texts.length })
          }
          const found = await readAll(bench.engine, model.topic)
          expect(found.map(textOf)).toEqual(model.texts.slice(model.first))
        }),
        { ...runs(), endOnFailure: true },
      )
    })
  })
}

/** What partition 0 of a topic should hold; it grows over all runs, which shrinking could not undo. */
interface LogModel {
  readonly topic: string
  readonly texts: string[]
  first: number
}

async function take({ engine, other }: Bench, model: LogModel, step: LogStep) {
  const partition = { topic: model.topic, partition: 0 }
  switch (step.kind) {
    case 'append': {
      const expected = Array.from({ length: step.count }, (_, index) => model.texts.length + index)
      model.texts.push(...expected.map(String))
      const answers = await Promise.all(expected.map((offset) => engine.log.append(aMessage(model.topic, `${offset}`))))
      return { found: answers.map(({ position }) => position.offset), expected }
    }
    case 'trim':
      model.first += Math.floor(step.share * (model.texts.length - model.first))
      return { found: await engine.log.trim(partition, model.first), expected: undefined }
    case 'page': {
      const from = { ...partition, offset: model.first }
      const page = await other.log.read(from, { ...atOnce, messages: step.messages })
      const next = model.first + page.messages.length
      return {
        found: [page.next, ...page.messages.map(textOf)],
        expected: [next, ...model.texts.slice(model.first, next)],
      }
    }
  }
}
