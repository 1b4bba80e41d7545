import { expect, test } from '@jest/globals'
import { headerText } from '@unavez/exchange'
import type { AcceptedEvent } from '@unavez/protocol'
import { Problem } from '@unavez/protocol'
import fc from 'fast-check'

import { candidateOf, openPublishers, placeOf, placeOfRecord, type Publishers, topic } from './open-publishers.ts'

const offer = fc.record({
  instance: fc.constantFrom(0 as const, 1 as const),
  id: fc.constantFrom('one', 'two', 'three'),
  payload: fc.constantFrom('a', 'a', 'b'),
})

/** What may happen to two gateways: offers at once, bad appends, time that passes, and losses. */
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('offer' as const),
      offers: fc.array(offer, { minLength: 1, maxLength: 6 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('fail' as const),
      outcomes: fc.array(fc.constantFrom('not-written', 'unknown-written', 'unknown-lands-later' as const), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('land' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('grow-old' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rebalance' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('keep-views' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lose' as const), views: fc.boolean() }) },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

interface Answered {
  readonly payload: string
  readonly answer: AcceptedEvent
}

const allowedRefusals = new Set(['event-id-reused', 'publish-unknown', 'rebuilding', 'unavailable'])

/** Everything told 'unknown' so far has landed now. Records that are no events use up the outcomes that wait for an append. */
async function land({ engine }: Publishers): Promise<void> {
  const nothing = { topic, partition: 0, key: null, value: null, headers: {} }
  const append = (): Promise<boolean> =>
    engine.log.append(nothing).then(
      () => true,
      () => false,
    )
  let written = false
  while (!written) written = await append()
  await engine.misbehaviour.land()
}

async function play(bus: Publishers, taken: Step, answers: Answered[]): Promise<void> {
  const { misbehaviour } = bus.engine
  switch (taken.kind) {
    case 'offer':
      await Promise.all(
        taken.offers.map(async ({ instance, id, payload }) => {
          try {
            const answer = await bus.instances[instance].publisher.publish(candidateOf(id, payload, payload))
            answers.push({ payload, answer })
          } catch (error) {
            if (!(error instanceof Problem) || !allowedRefusals.has(error.code)) throw error
          }
        }),
      )
      return
    case 'fail':
      return misbehaviour.appendOutcomes(topic, taken.outcomes)
    case 'land':
      return land(bus)
    case 'grow-old':
      bus.time.aheadMs += 60_000
      return
    case 'rebalance':
      return misbehaviour.rebalance()
    case 'keep-views':
      return misbehaviour.keepViews()
    case 'lose':
      // Whatever was under way lands before publishing goes on: that is what the wait after a loss is for.
      await land(bus)
      await misbehaviour.loseVolatile()
      if (taken.views) await misbehaviour.rollBackViews()
  }
}

async function expectOnePosition(bus: Publishers, answers: readonly Answered[]): Promise<void> {
  await land(bus)
  // A last repeat on each side makes both notice a loss.
  for (const { publisher } of bus.instances) await publisher.publish(candidateOf('last')).catch(() => undefined)
  await bus.settled()
  const records = await bus.records()
  const copies = new Set(await bus.copies())
  for (const id of ['one', 'two', 'three']) {
    const [event, ...others] = records.filter(({ headers }) => headerText(headers, 'id') === id)
    const mine = answers.filter(({ answer }) => answer.id === id)
    for (const { payload, answer } of mine) {
      expect(placeOf(answer.position)).toBe(event && placeOfRecord(event))
      expect(answer.payloadHash).toBe(candidateOf(id, payload, payload).hash)
      expect(answer.acceptedAt).toBe(event?.appendedAt.toISOString())
    }
    expect(mine.filter(({ answer }) => !answer.alreadyAccepted).length).toBeLessThanOrEqual(1)
    expect(others.filter((record) => !copies.has(placeOfRecord(record)))).toEqual([])
    expect(event !== undefined && copies.has(placeOfRecord(event))).toBe(false)
  }
}

test('P2: whatever is offered, lost, late or old, an id has one position, one payload, and its other records are named as copies', async () => {
  let played = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      const bus = await openPublishers(300)
      const answers: Answered[] = []
      try {
        for (const taken of steps) await play(bus, taken, answers)
        await expectOnePosition(bus, answers)
        played += 1
      } finally {
        await bus.close()
      }
    }),
    { numRuns: 12, interruptAfterTimeLimit: 90_000, endOnFailure: true },
  )
  expect(played).toBeGreaterThan(0)
}, 180_000)
