import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { SubscriptionWish } from '@unavez/sdk'

import { type Bus, combinations } from '../setup/bus.ts'
import { birthOf, birthWorld } from '../setup/world.ts'

describe.each(combinations)('Subscriptions by the SDK ($name)', ({ open }) => {
  let bus: Bus
  let world: Awaited<ReturnType<typeof birthWorld>>
  beforeAll(async () => {
    bus = await open()
    world = await birthWorld(bus)
    await world.te.publish({ ...birthOf('loaded', '8-2000-1'), changetype: 'baseline' })
    await world.te.publish(birthOf('day-20', '8-2000-2'))
    await world.te.publish(birthOf('day-21', '8-2000-3', { birthDate: '2026-11-21' }))
  })
  afterAll(() => bus?.close())

  const subscribe = (more: Partial<SubscriptionWish> = {}) =>
    world.css.subscribe({ agreement: world.agreement, mode: 'pull', start: 'earliest', ...more })
  const idsOf = async (subscription: string): Promise<readonly string[]> =>
    (await world.css.pull(subscription, { limit: 1000 })).events.map(({ id }) => id).toSorted()

  test('choose by a filter over the envelope and agreed fields, and with or without the baseline', async () => {
    const filter = { exact: { 'data.birthDate': '2026-11-20' } }
    const filtered = await subscribe({ filter })
    const fresh = await subscribe({ baseline: 'exclude' })
    expect(await idsOf(filtered.id)).toEqual(['day-20', 'loaded'])
    expect(await idsOf(fresh.id)).toEqual(['day-20', 'day-21'])
    await world.css.changeSubscription(filtered.id, { filter: { not: filter } })
    expect(await idsOf(filtered.id)).toEqual(['day-21'])
    await expect(subscribe({ filter: { exact: { 'data.mother': 'x' } } })).rejects.toMatchObject({
      code: 'body-invalid',
      details: { pointer: '/filter/exact' },
    })
  })

  test('go back to a time, counted first; one event is had again by its id', async () => {
    const { css } = world
    const { id } = await subscribe()
    const page = await css.pull(id, { limit: 1000 })
    await css.commit(id, page.next)
    const time = '2026-01-01T00:00:00Z'
    expect(await css.rewind(id, { time }, { dryRun: true })).toMatchObject({ events: 3, more: false })
    expect((await css.pull(id, { limit: 10 })).events).toEqual([])
    expect(await css.rewind(id, { time })).toMatchObject({ epoch: 2 })
    expect(await idsOf(id)).toEqual(['day-20', 'day-21', 'loaded'])
    await expect(css.commit(id, page.next)).rejects.toMatchObject({ code: 'cursor-outdated' })
    expect(await css.eventAgain(id, 'day-21')).toMatchObject({ id: 'day-21', data: { birthDate: '2026-11-21' } })
  })

  test('what was done with an event is told, and its publisher learns how many did', async () => {
    const { css, te } = world
    const { id } = await subscribe()
    await css.commit(id, (await css.pull(id, { limit: 1000 })).next)
    await css.reportEffects(id, [{ event: 'day-21', effect: 'applied' }])
    interface Told {
      readonly position: string
      readonly subscriptions: { readonly acknowledged: number; readonly effects: { readonly applied: number } }
    }
    let told = await te.get<Told>('/v1/events/day-21')
    while (told.subscriptions.effects.applied === 0) told = await te.get<Told>('/v1/events/day-21')
    expect(told.subscriptions.acknowledged).toBeGreaterThan(0)
    await expect(css.get('/v1/events/day-21')).rejects.toMatchObject({ status: 404 })
  })

  test('to be pushed wait for consent, are signed by keys told once, and leave nothing secret in what the bus writes', async () => {
    const { css } = world
    const token = 'open-sesame-of-css'
    const url = 'https://css.invalid/hooks'
    const made = await subscribe({ mode: 'push', endpoint: { url, auth: { kind: 'bearer', token } } })
    expect(made).toMatchObject({ state: 'awaiting-consent', signingKey: expect.stringMatching(/^whpk_/) })
    const rotated = await css.changeSubscription(made.id, { rotate: 'secret' })
    expect(rotated.secret).not.toBe(made.secret)
    const read = JSON.stringify(await css.get(`/v1/subscriptions/${made.id}`))
    for (const secret of [token, made.secret ?? '-', rotated.secret ?? '-']) {
      expect(read).not.toContain(secret)
      expect(bus.output()).not.toContain(secret)
    }
    await bus.operator.post(`/v1/subscriptions/${made.id}/confirm`, { reason: 'Seen on site' })
    expect(await css.get(`/v1/subscriptions/${made.id}`)).toMatchObject({ state: 'active' })
    await css.delete(`/v1/subscriptions/${made.id}`)
  })
})
