import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Asking, OpenBus } from '@unavez/service-kit/testing'

import { gateway } from '../src/index.ts'
import { agreed, decide, minsaFacts, subscribed } from './agreed.ts'
import { birth } from './birth.ts'
import { openBus } from './open-bus.ts'
import { postEvents } from './post-events.ts'

let bus: OpenBus
let minsa: Asking
beforeAll(async () => {
  bus = await openBus(gateway, [...minsaFacts, ...agreed('p', ['child', 'place'])])
  minsa = bus.as('minsa.main')
})
afterAll(() => bus?.close())

const stateOf = (id: string) => bus.control.policy.subscription(id)

describe('A rewind', () => {
  const publish = async (id: string): Promise<number> => {
    expect((await postEvents(bus, birth(id))).status).toBe(201)
    return Date.now()
  }
  interface Page {
    readonly events: readonly { readonly id: string; readonly publishedat: string }[]
    readonly next: string
    readonly from: string
  }
  const page = async (id: string, after = ''): Promise<Page> =>
    (await minsa(`GET /v1/subscriptions/${id}/events?limit=1000${after}`)).body as unknown as Page
  async function begun(id: string): Promise<string> {
    await decide(bus, subscribed(id, { agreement: 'agr_p' }))
    return `sub_${id}`
  }
  const rewind = (id: string, body: object) => minsa(`POST /v1/subscriptions/${id}/rewind`, body)

  test('is counted first, and then what was received since comes again; cursors of before are outdated', async () => {
    const id = await begun('back')
    await publish('back-0')
    const first = await page(id)
    const told = first.events.find((event) => event.id === 'back-0')?.publishedat ?? ''
    while (Date.now() <= Date.parse(told)) await Promise.resolve()
    await publish('back-1')
    await publish('back-2')
    const all = await page(id)
    await minsa(`PUT /v1/subscriptions/${id}/cursor`, { cursor: all.next })
    const time = all.events.find((event) => event.id === 'back-1')?.publishedat
    expect(await rewind(id, { time, dryRun: true })).toMatchObject({ status: 200, body: { events: 2, more: false } })
    expect(stateOf(id)?.epoch).toBe(1)
    expect((await page(id)).events).toHaveLength(0)
    expect(await rewind(id, { time })).toMatchObject({ status: 200, body: { events: 2, more: false, epoch: 2 } })
    expect((await page(id)).events.map((event) => event.id)).toEqual(['back-1', 'back-2'])
    const outdated = { status: 409, body: { code: 'cursor-outdated' } }
    expect(await minsa(`GET /v1/subscriptions/${id}/events?after=${all.next}`)).toMatchObject(outdated)
    expect(await minsa(`PUT /v1/subscriptions/${id}/cursor`, { cursor: all.next })).toMatchObject(outdated)
  })

  test('P4: never goes forward: what waits before that time still comes', async () => {
    const id = await begun('waiting')
    await publish('waits')
    const now = new Date().toISOString()
    expect(await rewind(id, { time: now })).toMatchObject({ status: 200, body: { events: 0 } })
    expect((await page(id)).events.map((event) => event.id)).toContain('waits')
  })

  test('goes to a cursor that the consumer kept, of an earlier epoch too', async () => {
    const id = await begun('kept')
    await publish('kept-0')
    const first = await page(id)
    await publish('kept-1')
    await minsa(`PUT /v1/subscriptions/${id}/cursor`, { cursor: (await page(id)).next })
    expect(await rewind(id, { cursor: first.next })).toMatchObject({ status: 200, body: { events: 1, epoch: 2 } })
    expect((await page(id)).events.map((event) => event.id)).toEqual(['kept-1'])
    expect(await rewind(id, { cursor: first.from })).toMatchObject({ status: 200, body: { epoch: 3 } })
    expect((await page(id)).events.map((event) => event.id)).toEqual(expect.arrayContaining(['kept-0', 'kept-1']))
  })

  test.each<[number, string, object]>([
    [400, 'body-invalid', {}],
    [400, 'body-invalid', { time: '2026-01-01T00:00:00Z', cursor: 'x' }],
    [400, 'body-invalid', { time: '2999-01-01T00:00:00Z' }],
    [400, 'cursor-invalid', { cursor: 'AAAA' }],
  ])('that can not be is refused: %i %s (%#)', async (status, code, body) => {
    expect(await rewind('sub_p', body)).toMatchObject({ status, body: { code } })
  })

  test('of a push begins a new epoch that no partition enters behind where it stood', async () => {
    const endpoint = { url: 'https://minsa.example/hooks' }
    const wish = { agreement: 'agr_p', mode: 'push', start: 'now', endpoint }
    const id = String((await minsa('POST /v1/subscriptions', wish)).body['id'])
    expect(await rewind(id, { time: '2026-01-01T00:00:00Z' })).toMatchObject({ status: 200, body: { epoch: 2 } })
    expect(stateOf(id)).toMatchObject({ epoch: 2, back: true, start: Array.from({ length: 12 }, () => 0) })
    await minsa(`DELETE /v1/subscriptions/${id}`)
    expect(await rewind(id, { time: '2026-01-01T00:00:00Z' })).toMatchObject({ status: 409 })
  })
})
