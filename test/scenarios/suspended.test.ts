import { setTimeout as pause } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { type Answered, ask } from '../setup/ask.ts'
import { type Bus, combinations } from '../setup/bus.ts'
import { openPairOnKafka, openSharedBus } from '../setup/engines.ts'
import { birthOf, birthWorld } from '../setup/world.ts'

/** Two instances of the bus: on one embedded engine, and on one Kafka. */
const pairs: readonly { name: string; open: () => Promise<Bus> }[] = [
  { name: 'embedded', open: async () => (await openSharedBus(2)).bus },
  ...(combinations.length > 1 ? [{ name: 'kafka', open: openPairOnKafka }] : []),
]

/** POLICY_LEASE: how old the proof of freshness behind a yes may be. */
const leaseMs = 1_000

describe.each(pairs)('A suspension counts on every instance ($name)', ({ open }) => {
  let bus: Bus
  let world: Awaited<ReturnType<typeof birthWorld>>
  let events = 0
  beforeAll(async () => {
    bus = await open()
    world = await birthWorld(bus)
    await world.te.publish(birthOf('before', '8-5000-1'))
  })
  afterAll(() => bus?.close())

  const other = () => ({ url: bus.processes[1] ?? '' })
  const pull = () => ask(other(), { path: `/v1/subscriptions/${world.births}/events`, as: world.css })
  const publish = () => {
    events += 1
    const event = birthOf(`after-${events}`, '8-5000-2')
    return ask(other(), {
      path: '/v1/events',
      as: world.te,
      headers: { 'content-type': 'application/cloudevents+json' },
      body: JSON.stringify({
        specversion: '1.0',
        source: 'urn:unavez:pa:te:registro',
        datacontenttype: 'application/json',
        ...event,
      }),
    })
  }

  /** Asks the other instance until it refuses. A yes to what was asked a lease after the suspension breaks the promise. */
  async function refusal(asking: () => Promise<Answered>, suspendedAt: number): Promise<unknown> {
    for (;;) {
      const askedAt = performance.now()
      const { status, json } = await asking()
      if (status === 403) return json
      expect({ status, lateMs: Math.max(0, askedAt - suspendedAt - leaseMs) }).toEqual({
        status: expect.any(Number),
        lateMs: 0,
      })
      await pause(10)
    }
  }

  /** Until the other instance has learnt of the resumption. */
  async function allowed(asking: () => Promise<Answered>): Promise<void> {
    for (const end = Date.now() + 30_000; ; await pause(20)) {
      const { status, text } = await asking()
      if (status < 300) return
      if (Date.now() > end) throw new Error(text)
    }
  }

  test('P6: an agreement: the next pull elsewhere is refused with the decision', async () => {
    await allowed(pull)
    await world.te.post(`/v1/agreements/${world.agreement}/suspend`, { reason: 'Under review' })
    expect(await refusal(pull, performance.now())).toMatchObject({
      code: 'agreement-not-active',
      decision: expect.any(String),
    })
    await world.te.post(`/v1/agreements/${world.agreement}/resume`, { reason: 'Reviewed' })
    await allowed(pull)
  })

  test.each([
    ['te', publish],
    ['te', pull],
    ['css', pull],
  ] as const)(
    'P6: the institution %s: what it publishes, or what is its own or for it, is refused elsewhere',
    async (id, asking) => {
      await allowed(asking)
      await bus.operator.post(`/v1/institutions/${id}/suspend`, { reason: 'Under review' })
      expect(await refusal(asking, performance.now())).toMatchObject({ decision: expect.any(String) })
      await bus.operator.post(`/v1/institutions/${id}/resume`, { reason: 'Reviewed' })
      await allowed(asking)
    },
  )
})
