import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Asking, type OpenBus, registered } from '@unavez/service-kit/testing'

import { gateway } from '../src/index.ts'
import { agreed, decide, minsaFacts, subscribed } from './agreed.ts'
import { birth } from './birth.ts'
import { openBus } from './open-bus.ts'
import { postEvents } from './post-events.ts'

let bus: OpenBus
let minsa: Asking
let te: Asking
beforeAll(async () => {
  bus = await openBus(gateway, [
    ...minsaFacts,
    registered('te', 'second', ['publisher']),
    ...agreed('one', ['child', 'place']),
    ...agreed('two', ['child', 'place'], { filter: { exact: { 'data.place': 'Colón' } } }),
  ])
  minsa = bus.as('minsa.main')
  te = bus.as('te.second')
})
afterAll(() => bus?.close())

const told = async (id: string, as = te) => as(`GET /v1/events/${id}`)
const publish = async (id: string): Promise<void> =>
  expect((await postEvents(bus, birth(id, {}, { place: 'Ancón' }))).status).toBe(201)
const commit = async (id: string): Promise<void> => {
  const { body } = await minsa(`GET /v1/subscriptions/${id}/events?limit=1000`)
  expect(await minsa(`PUT /v1/subscriptions/${id}/cursor`, { cursor: body['next'] })).toMatchObject({ status: 204 })
}

test('a publisher learns where its event stands and how many have it, not whose they are', async () => {
  await publish('mine-1')
  await decide(bus, subscribed('more', { agreement: 'agr_one' }))
  const before = await told('mine-1')
  expect(before).toMatchObject({
    status: 200,
    body: {
      id: 'mine-1',
      source: 'urn:unavez:pa:te:registro',
      position: expect.any(String),
      acceptedAt: expect.any(String),
      payloadHash: expect.stringMatching(/^sha256:/),
      subscriptions: { delivered: 0, waiting: 2, held: 0, skipped: 0, acknowledged: 0 },
    },
  })
  expect(JSON.stringify(before.body)).not.toMatch(/minsa|sub_|agr_/)
  await commit('sub_one')
  const effect = [{ event: 'mine-1', effect: 'applied' }]
  expect(await minsa('POST /v1/subscriptions/sub_one/effects', effect)).toMatchObject({ status: 200 })
  const counts = { delivered: 1, waiting: 1, acknowledged: 1, effects: { applied: 1, rejected: 0 } }
  for (;;) {
    const { body } = await told('mine-1')
    const { effects } = body['subscriptions'] as { effects: { applied: number } }
    if (effects.applied === 0) continue
    expect(body['subscriptions']).toMatchObject(counts)
    break
  }
})

test('who begins behind it, keeps it out or has ended is not counted', async () => {
  await publish('mine-2')
  const ends = (await bus.engine.log.bounds('events.civil')).map(({ next }) => next)
  await decide(bus, subscribed('later', { agreement: 'agr_one', start: ends }), {
    type: 'subscription-ended',
    aggregate: 'subscription:sub_more',
  })
  expect((await told('mine-2')).body['subscriptions']).toMatchObject({ waiting: 1, delivered: 0 })
})

test('another institution’s event and one that never was look alike', async () => {
  const foreign = await told('mine-1', minsa)
  const missing = await told('mine-none')
  expect(foreign).toMatchObject({ status: 404, body: { code: 'not-found' } })
  expect(missing).toMatchObject({ status: 404, body: { code: 'not-found' } })
})
