import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'

import { ask } from '../setup/send.ts'
import { type Bus, combinations } from '../setup/bus.ts'
import { onLoopback, pushWorld, until } from '../setup/push-world.ts'
import { type Answering, Webhook } from '../setup/webhook.ts'
import { birthOf, birthType } from '../setup/world.ts'

describe.each(combinations)('Push ($name)', ({ open }) => {
  let bus: Bus
  let world: Awaited<ReturnType<typeof pushWorld>>
  const receivers: Webhook[] = []
  beforeAll(async () => {
    bus = await open(onLoopback)
    world = await pushWorld(bus)
  })
  afterEach(() => Promise.all(receivers.splice(0).map((each) => each.close())))
  afterAll(() => bus?.close())

  async function receiver(): Promise<Webhook> {
    const made = await new Webhook().open()
    receivers.push(made)
    return made
  }

  const publish = (series: string, count: number, subjects = 7) =>
    world.te.publishBatch(
      Array.from({ length: count }, (_, i) => birthOf(`${series}-${i}`, `8-3000-${(i % subjects) + 1}`)),
    )

  test('P7: what is published arrives as the agreement shows it, once, with the same bytes as a pull', async () => {
    const hook = await receiver()
    const id = await world.pushed(hook.url())
    await world.te.publish(birthOf('pushed-0', '8-1234-567'))
    await until(() => hook.delivered.includes('pushed-0'), 'the event arrives')
    const [{ event, webhookId, headers } = { event: undefined }] = hook.of('pushed-0')
    const { events } = await world.css.pull(world.births, { limit: 100 })
    expect(event).toEqual(events.find((each) => each.id === 'pushed-0'))
    expect(event?.data).toEqual({ child: '8-1234-567', birthDate: '2026-11-20' })
    expect(webhookId).toBe(`${id}_${event?.position}`)
    expect(headers?.['content-type']).toContain('application/cloudevents+json')
    await publish('more', 20)
    await until(() => hook.delivered.length === 21, 'the rest arrives')
    expect(hook.arrivals).toHaveLength(21)
  })

  test('P4, P3: a subject that is refused is held and waits, the others flow; retried it comes with those behind it, in order', async () => {
    const hook = await receiver()
    let isRefusing = true
    hook.answer = ({ id }) => (isRefusing && id === 'poison-0' ? 422 : 204)
    const id = await world.pushed(hook.url())
    await publish('poison', 21)
    await until(() => hook.delivered.length === 18, 'the other subjects arrive')
    const isTold = async (): Promise<boolean> => {
      const { behind, lag } = await world.item(id)
      return behind === 2 && lag.events === 0
    }
    await until(isTold, 'what waits is told')
    expect(await world.item(id)).toMatchObject({ held: 1, circuit: 'closed' })
    const { items } = await world.held(id)
    expect(items).toEqual([
      expect.objectContaining({
        subject: hook.of('poison-0')[0]?.event.subject,
        event: 'poison-0',
        reason: { code: 'http-422', status: 422 },
        attempt: 1,
        behind: 2,
      }),
    ])
    expect(Date.parse(items[0]?.nextAt ?? '')).toBeGreaterThan(Date.now() - 60_000)
    isRefusing = false
    await world.change(id, `held/${items[0]?.id}/retry`)
    await until(() => hook.delivered.length === 21, 'what was held arrives')
    expect(hook.delivered.slice(-3)).toEqual(['poison-0', 'poison-7', 'poison-14'])
    expect(new Set(hook.of('poison-0').map(({ webhookId }) => webhookId)).size).toBe(1)
    await until(async () => (await world.item(id)).held === 0, 'nothing is held any more')
    expect(hook.overlaps).toEqual([])
  })

  test('P4: skipped with a reason it does not come, those behind it do; all that a filter fits are retried at once', async () => {
    const hook = await receiver()
    let isRefusing = true
    hook.answer = ({ id }) => (isRefusing && /-[0-2]$/.test(id) ? 400 : 204)
    const id = await world.pushed(hook.url())
    await publish('skip', 14)
    await until(async () => (await world.held(id)).items.length === 3, 'three are held')
    const skipped = (await world.held(id)).items.find(({ event }) => event === 'skip-1')
    await world.change(id, `held/${skipped?.id}/skip`, { reason: 'Known to be wrong' })
    await until(() => hook.delivered.includes('skip-8'), 'the one behind it arrives')
    isRefusing = false
    await world.change(id, 'held/retry', { filter: { status: 400 } })
    await until(() => hook.delivered.length === 13, 'the rest arrives')
    expect(hook.delivered).not.toContain('skip-1')
    const path = `/v1/subscriptions/${id}/deliveries`
    const told = async (): Promise<readonly string[]> => {
      const answered = await ask(bus, { as: world.css, path: `${path}?limit=1000` })
      const { items } = answered.json as { items: readonly { event: string; state: string; status?: number }[] }
      return items.map(({ event, state, status }) => `${event} ${state} ${status ?? ''}`)
    }
    await until(
      async () => (await told()).filter((each) => each.endsWith(' delivered 204')).length === 13,
      'it is told',
    )
    expect(await told()).toEqual(expect.arrayContaining(['skip-0 held 400', 'skip-1 held 400', 'skip-1 skipped ']))
    const gone = await ask(bus, { as: world.css, path: `/v1/subscriptions/${id}/held/${skipped?.id}/retry`, json: {} })
    expect(gone.status).toBe(404)
  })

  test('P4: a dead endpoint holds nothing and loses nothing: all waits at the cursor, is counted, and comes once it is back', async () => {
    const hook = await receiver()
    const { port } = hook
    const id = await world.pushed(hook.url())
    await hook.close()
    await publish('dead', 100)
    await until(async () => (await world.item(id)).circuit === 'open', 'the circuit opens')
    expect(await world.item(id)).toMatchObject({ state: 'active', held: 0, lastError: { code: expect.any(String) } })
    expect((await world.item(id)).lag.events).toBeGreaterThan(0)
    const again = await new Webhook().open(port)
    receivers.push(again)
    await until(() => again.delivered.length === 100, 'all arrive')
    await until(async () => (await world.item(id)).lag.events === 0, 'nothing is behind')
    expect(await world.item(id)).toMatchObject({ circuit: 'closed', held: 0 })
    for (let subject = 0; subject < 7; subject += 1) {
      const numbers = again.delivered.map((each) => Number(each.slice(5))).filter((each) => each % 7 === subject)
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
    }
  })

  test('P4: a flapping receiver gets everything, in order, never two of a subject at once', async () => {
    const hook = await receiver()
    let asked = 0
    hook.answer = () => (['reset', 503, 204, 204, 204, 204][(asked += 1) % 6] ?? 204) as Answering
    await world.pushed(hook.url())
    await publish('flap', 40)
    await until(() => hook.delivered.length === 40, 'all arrive')
    expect(hook.overlaps).toEqual([])
  })

  test('P4: its institution is told of what is held, of an endpoint that fails, and of a subscription that was stopped', async () => {
    const told: string[] = []
    const types = ['delivery-held', 'endpoint-failing', 'subscription-stopped'].map((fact) => `unavez.bus.${fact}.v1`)
    const notices = await Promise.all(
      types.map(async (contract) => world.subscription(world.css, await world.noticed(contract), 'now')),
    )
    const hook = await receiver()
    hook.answer = ({ id }) => (id === 'told-0' ? 422 : id === 'told-1' ? 410 : 204)
    const id = await world.pushed(hook.url())
    await world.te.publish(birthOf('told-0', '8-3000-1'))
    await until(async () => (await world.item(id)).held === 1, 'it is held')
    await world.te.publish(birthOf('told-1', '8-3000-2'))
    await until(async () => (await world.item(id)).state === 'paused', 'it is stopped')
    const other = await world.pushed((await receiver()).url())
    await receivers.at(-1)?.close()
    await publish('untold', 10)
    await until(async () => (await world.item(other)).circuit === 'open', 'the circuit opens')
    await until(async () => {
      for (const each of notices) {
        const page = await world.css.pull(each, { wait: 1 })
        await world.css.commit(each, page.next)
        told.push(...page.events.map(({ type, data }) => `${type} ${(data as { subscription: string }).subscription}`))
      }
      return [`${types[0]} ${id}`, `${types[1]} ${other}`, `${types[2]} ${id}`].every((each) => told.includes(each))
    }, 'all three are told')
    expect(new Set(told).size).toBe(told.length)
  })

  test('a sample goes the way that events go, is told of at once, and counts nowhere', async () => {
    const hook = await receiver()
    const id = await world.pushed(hook.url())
    expect(await world.change(id, 'test')).toMatchObject({ delivered: true, status: 204 })
    expect(hook.arrivals).toMatchObject([
      { event: { test: true, type: birthType }, webhookId: expect.stringContaining(id) },
    ])
    hook.answer = () => 503
    expect(await world.change(id, 'test')).toMatchObject({ delivered: false, status: 503, code: 'http-503' })
    expect(await world.item(id)).toMatchObject({ held: 0, circuit: 'closed', lag: { events: 0 } })
  })

  test('410 pauses the subscription and says why; resumed, it goes on with what waited', async () => {
    const hook = await receiver()
    hook.answer = () => 410
    const id = await world.pushed(hook.url())
    await publish('gone', 3)
    await until(async () => (await world.item(id)).state === 'paused', 'it is paused')
    expect(await world.item(id)).toMatchObject({ reason: 'http-410' })
    const asked = hook.arrivals.length
    await publish('gone-more', 3)
    hook.answer = () => 204
    await world.change(id, 'resume', { backlog: 'deliver' })
    await until(() => hook.delivered.length === 6, 'what waited arrives')
    expect(asked).toBeLessThanOrEqual(3)
  })

  test('P6: while it is suspended or paused nothing leaves, and afterwards nothing is missing', async () => {
    const hook = await receiver()
    const id = await world.pushed(hook.url())
    await world.te.post(`/v1/agreements/${world.agreement}/suspend`, { reason: 'Under review' })
    await publish('held-back', 10)
    await world.te.post(`/v1/agreements/${world.agreement}/resume`, { reason: 'Reviewed', backlog: 'deliver' })
    await until(() => hook.delivered.length === 10, 'what waited arrives')
    await world.change(id, 'pause', { reason: 'Maintenance' })
    await publish('paused', 10)
    await world.change(id, 'resume', { backlog: 'skip' })
    await publish('after', 5)
    await until(() => hook.delivered.length === 15, 'what came afterwards arrives')
    expect(hook.delivered.filter((each) => each.startsWith('paused'))).toEqual([])
  })

  test('rewound, everything since then comes again, in order, with the same webhook ids', async () => {
    const hook = await receiver()
    const id = await world.pushed(hook.url())
    const before = new Date(Date.now()).toISOString()
    await publish('rewind', 15)
    await until(() => hook.delivered.length === 15, 'all arrive')
    await world.change(id, 'rewind', { time: before })
    await until(() => hook.of('rewind-14').length === 2 && hook.arrivals.length >= 30, 'all come again')
    for (let i = 0; i < 15; i += 1)
      expect(new Set(hook.of(`rewind-${i}`).map(({ webhookId }) => webhookId)).size).toBe(1)
  })

  test('P6: an endpoint that was replaced gets nothing more; what was under way goes to the new one', async () => {
    const [old, next] = [await receiver(), await receiver()]
    old.answer = () => 'hang'
    const id = await world.pushed(old.url())
    await publish('moved', 10)
    await until(() => old.arrivals.length === 7, 'the old one is asked, once for each subject')
    const patch = {
      method: 'PATCH',
      path: `/v1/subscriptions/${id}`,
      as: world.css,
      json: { endpoint: { url: next.url() } },
    }
    expect((await ask(bus, patch)).status).toBe(200)
    const asked = old.arrivals.length
    await ask(bus, { as: bus.operator, path: `/v1/subscriptions/${id}/confirm`, json: { reason: 'Known' } })
    await until(() => next.delivered.length === 10, 'all arrive at the new one')
    expect(old.arrivals.length).toBe(asked)
  })
})
