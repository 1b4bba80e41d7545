import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'

import { type Bus, combinations } from '../setup/bus.ts'
import { onLoopback, pushWorld, until } from '../setup/push-world.ts'
import { Webhook } from '../setup/webhook.ts'
import { birthOf } from '../setup/world.ts'

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
})
