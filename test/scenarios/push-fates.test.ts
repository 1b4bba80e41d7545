import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { type Bus, combinations } from '../setup/bus.ts'
import { onLoopback, pushWorld, until } from '../setup/push-world.ts'
import { ask } from '../setup/send.ts'
import { Webhook } from '../setup/webhook.ts'
import { birthOf } from '../setup/world.ts'

describe.each(combinations)('What became of an event that is pushed ($name)', ({ open }) => {
  let bus: Bus
  let world: Awaited<ReturnType<typeof pushWorld>>
  let hook: Webhook
  beforeAll(async () => {
    bus = await open(onLoopback)
    world = await pushWorld(bus)
    hook = await new Webhook().open()
  })
  afterAll(async () => {
    await hook?.close()
    await bus?.close()
  })

  const fates = async (event: string) => {
    const { json } = await ask(bus, { as: world.te, path: `/v1/events/${event}` })
    return (json as { subscriptions: Record<string, unknown> }).subscriptions
  }
  const effects = async (id: string) => {
    const { json } = await ask(bus, { as: world.css, path: `/v1/subscriptions/${id}/effects` })
    return (json as { items: readonly Record<string, unknown>[] }).items
  }

  test('P4, P12: its publisher sees who has it, for whom it is held or behind, who let it go, and what was done with it', async () => {
    // The world's own subscription pulls, and has not yet.
    hook.answer = ({ id }) =>
      id === 'fate-held' ? 422 : { status: 200, json: { effect: 'applied', detail: 'File of 8-123-4567 opened' } }
    const id = await world.pushed(hook.url())
    for (const [event, child] of [
      ['fate-held', '8-1000-1'],
      ['fate-behind', '8-1000-1'],
      ['fate-taken', '8-1000-2'],
    ] as const)
      await world.te.publish(birthOf(event, child))
    await until(async () => (await fates('fate-taken'))['acknowledged'] === 1, 'what was answered is told')
    await until(async () => (await fates('fate-behind'))['behind'] === 1, 'what waits is told')
    expect(await fates('fate-taken')).toEqual({
      delivered: 1,
      waiting: 1,
      held: 0,
      behind: 0,
      skipped: 0,
      acknowledged: 1,
      effects: { applied: 1, rejected: 0, 'not-relevant': 0 },
    })
    expect(await fates('fate-held')).toMatchObject({ delivered: 0, waiting: 1, held: 1, behind: 0, acknowledged: 0 })
    expect(await fates('fate-behind')).toMatchObject({ delivered: 0, waiting: 1, held: 1, behind: 1 })

    const [held] = (await world.held(id)).items
    await world.change(id, `held/${held?.id}/skip`, { reason: 'Registered by hand' })
    await until(async () => (await fates('fate-behind'))['acknowledged'] === 1, 'what was behind it arrives')
    expect(await fates('fate-held')).toMatchObject({ delivered: 0, waiting: 1, held: 0, skipped: 1 })
  })

  test('P7, P12: what it answered is one word on the event, without the person it named; what is reported afterwards counts', async () => {
    hook.answer = () => ({ status: 200, json: { effect: 'rejected', detail: 'File of 8-123-4567 is closed' } })
    const id = await world.pushed(hook.url())
    await world.te.publish(birthOf('word-0', '8-1000-3'))
    await until(async () => (await effects(id)).length === 1, 'what was answered is told')
    const [answered] = await effects(id)
    expect(answered).toEqual({
      event: 'word-0',
      source: expect.any(String),
      position: hook.of('word-0')[0]?.event.position,
      effect: 'rejected',
      at: expect.any(String),
    })
    const reported = [{ event: 'word-0', effect: 'applied', detail: 'The file was opened again' }]
    const report = { as: world.css, path: `/v1/subscriptions/${id}/effects`, json: reported }
    expect((await ask(bus, report)).status).toBe(200)
    await until(async () => (await effects(id))[0]?.['effect'] === 'applied', 'what was reported is told')
    expect(await effects(id)).toHaveLength(1)
    // The first subscription takes it too.
    await until(async () => (await fates('word-0'))['acknowledged'] === 2, 'both words are counted')
    expect(await fates('word-0')).toMatchObject({ effects: { applied: 1, rejected: 1 } })
  })
})
