import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { type Bus, combinations } from '../setup/bus.ts'
import { birthOf, birthType, birthWorld } from '../setup/world.ts'

describe.each(combinations)('A birth crosses the bus ($name)', ({ open }) => {
  let bus: Bus
  let world: Awaited<ReturnType<typeof birthWorld>>
  beforeAll(async () => {
    bus = await open()
    world = await birthWorld(bus)
  })
  afterAll(() => bus?.close())

  test('P15: what one institution publishes, another receives, trimmed to its agreement', async () => {
    const { te, css, births: subscription } = world
    const accepted = await te.publish(birthOf('birth-1', '8-1234-567'))
    expect(accepted).toMatchObject({ id: 'birth-1', source: 'urn:unavez:pa:te:registro', alreadyAccepted: false })
    expect(accepted.payloadHash).toMatch(/^sha256:[0-9a-f]{64}$/)
    const page = await css.pull(subscription, { limit: 100, wait: 5 })
    expect(page.more).toBe(false)
    expect(page.events).toHaveLength(1)
    const [event] = page.events
    expect(event).toMatchObject({
      specversion: '1.0',
      id: 'birth-1',
      source: 'urn:unavez:pa:te:registro',
      type: birthType,
      time: '2026-11-22T10:00:00Z',
      occurredat: '2026-11-20T03:10:00Z',
      publishedat: accepted.acceptedAt,
      changetype: 'created',
      position: accepted.position,
      data: { child: '8-1234-567', birthDate: '2026-11-20' },
    })
    expect(Object.keys(event?.data as object)).toEqual(['child', 'birthDate'])
    expect(event?.subject).not.toContain('1234')
    expect(event?.dataschema).toBe(`${bus.issuer}/v1/contracts/${birthType}/versions/1?fields=child,birthDate`)
    await css.commit(subscription, page.next)
    await expect(css.pull(subscription)).resolves.toMatchObject({ events: [], more: false })
  })

  test('P2: the same event again gets the first answer; its id with other data is refused', async () => {
    const { te } = world
    const first = await te.publish(birthOf('birth-2', '8-1234-568'))
    const again = await te.publish(birthOf('birth-2', '8-1234-568'))
    expect(again).toEqual({ ...first, alreadyAccepted: true })
    await expect(te.publish(birthOf('birth-2', '8-1234-568', { place: 'Ancón' }))).rejects.toMatchObject({
      code: 'event-id-reused',
      status: 409,
    })
  })
})
