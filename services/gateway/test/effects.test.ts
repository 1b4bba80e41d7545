import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Asking, joined, type OpenBus, registered } from '@unavez/service-kit/testing'

import { gateway } from '../src/index.ts'
import { agreed, decide, disclosures, minsaFacts } from './agreed.ts'
import { birth } from './birth.ts'
import { openBus } from './open-bus.ts'
import { postEvents } from './post-events.ts'

let bus: OpenBus
let minsa: Asking
beforeAll(async () => {
  bus = await openBus(gateway, [
    ...minsaFacts,
    joined('caja'),
    registered('caja', 'main', ['consumer']),
    ...agreed('all', ['child', 'place']),
    ...agreed('ancon', ['child', 'place'], { filter: { prefix: { 'data.place': 'Anc' } } }),
  ])
  minsa = bus.as('minsa.main')
})
afterAll(() => bus?.close())

const publish = async (id: string, more: object = {}): Promise<void> =>
  expect((await postEvents(bus, birth(id, {}, more))).status).toBe(201)
const report = (id: string, body: readonly object[]) => minsa(`POST /v1/subscriptions/sub_${id}/effects`, body)

/** Once the fold has passed what was reported. */
async function told(id: string, until: (items: readonly Record<string, unknown>[]) => boolean) {
  for (;;) {
    const { body } = await minsa(`GET /v1/subscriptions/sub_${id}/effects?limit=1000`)
    const items = body['items'] as readonly Record<string, unknown>[]
    if (until(items)) return items
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

describe('What a consumer did with an event', () => {
  test('is told by the consumer, as often as it likes: the last word counts', async () => {
    await publish('eff-1')
    await publish('eff-2')
    const first = [
      { event: 'eff-1', effect: 'applied' },
      { event: 'eff-2', effect: 'rejected', detail: 'No insured mother' },
    ]
    expect(await report('all', first)).toMatchObject({ status: 200, body: { reported: 2 } })
    expect(await report('all', first)).toMatchObject({ status: 200 })
    expect(await report('all', [{ event: 'eff-2', effect: 'not-relevant' }])).toMatchObject({ status: 200 })
    const items = await told('all', (some) => some.some(({ effect }) => effect === 'not-relevant'))
    expect(items).toHaveLength(2)
    expect(items.find(({ event }) => event === 'eff-2')).not.toHaveProperty('detail')
    expect(items.find(({ event }) => event === 'eff-1')).toMatchObject({
      source: 'urn:unavez:pa:te:registro',
      position: expect.any(String),
    })
  })

  test('is told of events that could come to it, and of no others: what is not there and what is not theirs look alike', async () => {
    await publish('eff-out', { place: 'Colón' })
    await publish('eff-in', { place: 'Ancón' })
    const refused = await report('ancon', [
      { event: 'eff-in', effect: 'applied' },
      { event: 'eff-out', effect: 'applied' },
    ])
    expect(refused).toMatchObject({ status: 422, body: { code: 'event-not-received', pointer: '/1/event' } })
    const missing = await report('ancon', [{ event: 'eff-none', effect: 'applied' }])
    expect(missing).toMatchObject({ status: 422, body: { code: 'event-not-received', pointer: '/0/event' } })
    expect(missing.body['detail']).toBe(refused.body['detail'])
    expect(await report('ancon', [{ event: 'eff-in', effect: 'applied' }])).toMatchObject({ status: 200 })
  })

  test('may be told of what it received under an earlier filter of its own', async () => {
    const filter = { exact: { 'data.place': 'Nowhere' } }
    await decide(bus, { type: 'subscription-filter-set', aggregate: 'subscription:sub_all', filter })
    expect(await report('all', [{ event: 'eff-1', effect: 'applied' }])).toMatchObject({ status: 200 })
    await decide(bus, { type: 'subscription-filter-set', aggregate: 'subscription:sub_all', filter: null })
  })

  test.each<[string, string, readonly object[]]>([
    ['identifier-in-clear', '/0/detail', [{ event: 'eff-1', effect: 'rejected', detail: 'The mother 8-765-4321' }]],
    ['body-invalid', '/0/effect', [{ event: 'eff-1', effect: 'ignored' }]],
    ['body-invalid', '', []],
    ['body-invalid', '/0/detail', [{ event: 'eff-1', effect: 'applied', detail: 'x'.repeat(1001) }]],
  ])('that can not be said is refused: %s at %s', async (code, pointer, body) => {
    const refused = await report('all', body)
    expect(refused.body).toMatchObject({ code, pointer })
    expect(JSON.stringify(refused.body)).not.toContain('8-765')
  })

  test('is seen by both parties and said by the consumer alone', async () => {
    const said = [{ event: 'eff-1', effect: 'applied' }]
    const [te, caja] = [bus.as('te.reader'), bus.as('caja.main')]
    expect(await te('GET /v1/subscriptions/sub_all/effects')).toMatchObject({ status: 200 })
    expect(await te('POST /v1/subscriptions/sub_all/effects', said)).toMatchObject({ status: 403 })
    expect(await caja('GET /v1/subscriptions/sub_all/effects')).toMatchObject({ status: 404 })
    expect(await caja('POST /v1/subscriptions/sub_all/effects', said)).toMatchObject({ status: 404 })
  })
})

describe('One event again', () => {
  const again = (id: string, event: string, query = '') =>
    minsa(`GET /v1/subscriptions/sub_${id}/events/${event}${query}`)

  test('P8: is shown trimmed as ever, and each time recorded as a disclosure of its own', async () => {
    await publish('one-1', { place: 'Ancón' })
    const before = (await disclosures(bus, 'ancon')).length
    const shown = await again('ancon', 'one-1')
    expect(shown).toMatchObject({ status: 200, body: { id: 'one-1', data: { child: '8-1234-567', place: 'Ancón' } } })
    expect(shown.headers.get('content-type')).toBe('application/cloudevents+json')
    expect(await again('ancon', 'one-1', '?source=urn:unavez:pa:te:registro')).toMatchObject({ status: 200 })
    const recorded = (await disclosures(bus, 'ancon')).slice(before)
    expect(recorded).toHaveLength(2)
    expect(recorded[0]).toMatchObject({ count: 1, agreement: 'agr_ancon@1' })
  })

  test('that does not come to the subscription is not there, and nothing is recorded', async () => {
    await publish('one-2', { place: 'Colón' })
    const before = (await disclosures(bus, 'ancon')).length
    for (const event of ['one-2', 'one-none', 'one-1?source=urn:unavez:pa:caja:main'])
      expect(await again('ancon', event)).toMatchObject({ status: 404, body: { code: 'not-found' } })
    expect(await disclosures(bus, 'ancon')).toHaveLength(before)
  })

  test('P6: is asked for under an agreement in force', async () => {
    await decide(bus, { type: 'agreement-suspended', aggregate: 'agreement:agr_ancon', reason: 'r' })
    expect(await again('ancon', 'one-1')).toMatchObject({ status: 403, body: { code: 'agreement-not-active' } })
  })
})
