import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { DeliveredEvent, PulledPage } from '@unavez/protocol'

import { type Bus, combinations } from '../setup/bus.ts'
import { birthOf, birthWorld } from '../setup/world.ts'

/** Pulls to the end of what is there, following the cursors that the bus hands out. */
async function drain(
  pull: (after: string | undefined) => Promise<PulledPage>,
): Promise<{ events: DeliveredEvent[]; next: string }> {
  const events: DeliveredEvent[] = []
  let after: string | undefined
  for (;;) {
    const page = await pull(after)
    events.push(...page.events)
    after = page.next
    if (!page.more) return { events, next: page.next }
  }
}

describe.each(combinations)('Pulling ($name)', ({ open }) => {
  let bus: Bus
  let world: Awaited<ReturnType<typeof birthWorld>>
  beforeAll(async () => {
    bus = await open()
    world = await birthWorld(bus)
    const births = Array.from({ length: 60 }, (_, i) => birthOf(`first-${i}`, `8-1000-${(i % 7) + 1}`))
    await world.te.publishBatch(births)
  })
  afterAll(() => bus?.close())

  test('P3: first arrivals about one person come in the order of acceptance, whatever the page size', async () => {
    const { css, births: subscription } = world
    for (const limit of [1, 7, 1000]) {
      const { events } = await drain((after) => css.pull(subscription, { after, limit }))
      expect(new Set(events.map(({ id }) => id)).size).toBe(60)
      for (const subject of new Set(events.map((event) => event.subject))) {
        const numbers = events.filter((event) => event.subject === subject).map(({ id }) => Number(id.slice(6)))
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
      }
    }
  })

  test('the same cursor shows the same again, and nothing is committed by reading', async () => {
    const { css, births: subscription } = world
    const first = await css.pull(subscription, { limit: 10 })
    const again = await css.pull(subscription, { limit: 10 })
    expect(again).toEqual(first)
    expect(await css.pull(subscription, { after: first.from, limit: 10 })).toEqual(first)
  })

  test('a committed cursor is where reading goes on; it never goes back', async () => {
    const { css, te, agreement } = world
    const subscription = await world.subscription(css, agreement)
    const first = await css.pull(subscription, { limit: 5 })
    const second = await css.pull(subscription, { after: first.next, limit: 5 })
    await css.commit(subscription, second.next)
    await css.commit(subscription, second.next)
    await expect(css.commit(subscription, first.next)).rejects.toMatchObject({ code: 'cursor-behind', status: 409 })
    const onward = await css.pull(subscription, { limit: 1000 })
    expect(onward.from).toBe(second.next)
    expect(onward.events).toHaveLength(50)
    await te.publish(birthOf('later', '8-1000-1'))
    const { events } = await drain((after) => css.pull(subscription, { after: after ?? onward.next }))
    expect(events.map(({ id }) => id)).toEqual(['later'])
  })

  test('cursors that are foreign, altered or nonsense are refused', async () => {
    const { css, agreement, births: subscription } = world
    const other = await world.subscription(css, agreement)
    const { next } = await css.pull(subscription)
    const altered = `${next.slice(0, -4)}AAAA`
    for (const cursor of [altered, 'nonsense', 'AAAA', next.slice(5)]) {
      await expect(css.pull(subscription, { after: cursor })).rejects.toMatchObject({
        code: 'cursor-invalid',
        status: 400,
      })
    }
    await expect(css.pull(other, { after: next })).rejects.toMatchObject({ code: 'cursor-invalid' })
    await expect(css.commit(other, next)).rejects.toMatchObject({ code: 'cursor-invalid' })
  })

  test('P5: a subject with many events does not keep those of others from the first page', async () => {
    const { css, te, agreement } = world
    const subscription = await world.subscription(css, agreement, 'now')
    const { next } = await css.pull(subscription)
    for (let batch = 0; batch < 4; batch++) {
      await te.publishBatch(Array.from({ length: 250 }, (_, i) => birthOf(`hot-${batch * 250 + i}`, '8-2000-1')))
    }
    const calm = Array.from({ length: 11 }, (_, i) => birthOf(`calm-${i}`, `8-2000-${i + 2}`))
    await te.publishBatch(calm)
    const { events, more } = await css.pull(subscription, { after: next, limit: 100 })
    expect(more).toBe(true)
    expect(events).toHaveLength(100)
    const hot = events.find(({ id }) => id.startsWith('hot'))
    const beside = await drain((after) => css.pull(subscription, { after: after ?? next, limit: 1000 }))
    const sharing = new Set(
      beside.events
        .filter(({ position }) => position.slice(0, 2) === hot?.position.slice(0, 2))
        .map(({ id }) => id)
        .filter((id) => id.startsWith('calm')),
    )
    // Those of its own partition stand behind it: they keep their order.
    for (const { id } of calm.filter((each) => !sharing.has(each.id)))
      expect(events.map((each) => each.id)).toContain(id)
    await css.commit(subscription, beside.next)
  })

  test('a long poll is woken by the first event', async () => {
    const { css, te, agreement } = world
    const subscription = await world.subscription(css, agreement, 'now')
    const waiting = css.pull(subscription, { wait: 30 })
    await te.publish(birthOf('wakes', '8-1000-2'))
    const page = await waiting
    expect(page.events.map(({ id }) => id)).toEqual(['wakes'])
  })

  test('P6: a suspension ends a long poll that is under way, with the decision', async () => {
    const { css, te, agreement } = world
    const subscription = await world.subscription(css, agreement, 'now')
    const waiting = css.pull(subscription, { wait: 30 }).catch((error: unknown) => error)
    await te.post(`/v1/agreements/${agreement}/suspend`, { reason: 'Under review' })
    const refused = await waiting
    expect(refused).toMatchObject({ code: 'agreement-not-active', status: 403 })
    expect((refused as { details: { decision?: string } }).details.decision).toEqual(expect.any(String))
    await expect(css.pull(subscription)).rejects.toMatchObject({ code: 'agreement-not-active' })
    await te.post(`/v1/agreements/${agreement}/resume`, { reason: 'Reviewed' })
    await expect(css.pull(subscription)).resolves.toMatchObject({ events: [] })
  })

  test('resuming without backlog skips what came meanwhile and outdates older cursors; with backlog nothing is missing', async () => {
    const { css, te, agreement } = world
    const subscription = await world.subscription(css, agreement, 'now')
    const { next } = await css.pull(subscription)
    await te.post(`/v1/agreements/${agreement}/suspend`, { reason: 'Under review' })
    await te.publish(birthOf('meanwhile-1', '8-1000-3'))
    await te.post(`/v1/agreements/${agreement}/resume`, { reason: 'Reviewed', backlog: 'deliver' })
    const delivered = await css.pull(subscription, { wait: 10 })
    expect(delivered.events.map(({ id }) => id)).toEqual(['meanwhile-1'])

    await te.post(`/v1/agreements/${agreement}/suspend`, { reason: 'Under review again' })
    await te.publish(birthOf('meanwhile-2', '8-1000-4'))
    await te.post(`/v1/agreements/${agreement}/resume`, { reason: 'Reviewed', backlog: 'skip' })
    await expect(css.pull(subscription, { after: next })).rejects.toMatchObject({
      code: 'cursor-outdated',
      status: 409,
    })
    await te.publish(birthOf('afterwards', '8-1000-5'))
    const { events } = await drain((after) => css.pull(subscription, { after, wait: 5 }))
    expect(events.map(({ id }) => id)).toEqual(['afterwards'])
  })

  test('a paused subscription says so and loses nothing', async () => {
    const { css, te, agreement } = world
    const subscription = await world.subscription(css, agreement, 'now')
    await css.post(`/v1/subscriptions/${subscription}/pause`)
    await te.publish(birthOf('while-paused', '8-1000-6'))
    await expect(css.pull(subscription)).rejects.toMatchObject({ status: 403 })
    await css.post(`/v1/subscriptions/${subscription}/resume`, { backlog: 'deliver' })
    const { events } = await drain((after) => css.pull(subscription, { after, wait: 5 }))
    expect(events.map(({ id }) => id)).toEqual(['while-paused'])
  })

  test('P7: another institution does not learn that the subscription exists', async () => {
    await world.institution('mides')
    const mides = await world.system('mides', 'main', ['consumer', 'administrator'])
    const refused = await mides.pull(world.births).catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'not-found', status: 404 })
    expect((refused as { details: object }).details).not.toHaveProperty('decision')
  })

  test('following hands out every event once and commits as it goes', async () => {
    const { css, agreement } = world
    const subscription = await world.subscription(css, agreement)
    const stop = new AbortController()
    const seen: string[] = []
    await css.follow({
      subscription,
      signal: stop.signal,
      limit: 9,
      wait: 1,
      handle: ({ id }) => {
        seen.push(id)
        // There is no order across partitions: the last one published is not the last one seen.
        if (seen.includes('while-paused') && seen.includes('first-59')) stop.abort()
      },
    })
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toEqual(expect.arrayContaining(['first-0', 'first-59', 'while-paused']))
  })
})
