import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Client } from '@unavez/sdk'

import { ask } from '../setup/ask.ts'
import { type Bus, combinations, newKey } from '../setup/bus.ts'
import { publishing, pulling, Session, subscribing } from '../setup/session.ts'
import { birthType, birthWorld } from '../setup/world.ts'

const dayMs = 86_400_000
const inDays = (days: number) => new Date(Date.now() + days * dayMs).toISOString()

interface Event {
  readonly id: string
  readonly source: string
  readonly type: string
  readonly subject: string
  readonly data: Readonly<Record<string, unknown>>
}

describe.each(combinations)('Notices are events of the bus ($name)', ({ open }) => {
  let bus: Bus
  let session: Session
  let world: Awaited<ReturnType<typeof birthWorld>>
  let te: Client
  let minsa: Client

  beforeAll(async () => {
    bus = await open()
    world = await birthWorld(bus)
    session = new Session(bus)
    te = await world.system('te', 'avisos', ['consumer', 'administrator'])
    await world.institution('minsa')
    minsa = await world.system('minsa', 'main', ['consumer', 'administrator'])
  })
  afterAll(() => bus?.close())

  const wishOf = (consumer: Client, fact: string, fields: readonly string[]) => ({
    consumer: consumer.clientId.split('.')[0],
    contract: `unavez.bus.${fact}.v1`,
    purpose: { es: 'Renovar a tiempo', en: 'To renew in time' },
    legalBasis: { kind: 'agreement', norm: 'Reglas del bus' },
    fields,
    validUntil: '2090-01-01T00:00:00Z',
  })

  /** A subscription to one's own notices of a kind: asked for and active, nobody in between. */
  async function subscribed(as: Client, fact: string, fields: readonly string[]): Promise<string> {
    const json = wishOf(as, fact, fields)
    const agreement = await session.done<{ id: string; state: string }>({ as, path: '/v1/agreements', json })
    expect(agreement.state).toBe('active')
    return (await session.done<{ id: string }>(subscribing(agreement.id, as))).id
  }

  /** Pulls until so many events have come. */
  async function received(as: Client, subscription: string, count: number): Promise<readonly Event[]> {
    const events: Event[] = []
    let after = ''
    for (const end = Date.now() + 60_000; events.length < count;) {
      const path = `/v1/subscriptions/${subscription}/events?wait=5${after === '' ? '' : `&after=${after}`}`
      const page = await session.done<{ events: Event[]; next: string }>({ as, path })
      events.push(...page.events)
      after = page.next
      if (Date.now() > end) throw new Error(`${events.length} of ${count} notices came`)
    }
    return events
  }

  const noticesOf = async (as: Client) =>
    (await session.done<{ items: { id: string; type: string; data: object }[] }>({ as, path: '/v1/notices' })).items

  test('both sides of an agreement that ends soon are told, each of its own and under the id that the list has', async () => {
    const fields = ['institution', 'agreement', 'counterpart', 'days']
    const [forCss, forTe, forMinsa] = [
      await subscribed(world.css, 'agreement-ending', fields),
      await subscribed(te, 'agreement-ending', fields),
      await subscribed(minsa, 'agreement-ending', fields),
    ]
    const ending = {
      ...wishOf(world.css, 'agreement-ending', ['child']),
      contract: birthType,
      validUntil: inDays(40),
    }
    const { id } = await session.done<{ id: string }>({ as: world.css, path: '/v1/agreements', json: ending })
    await session.done({ as: te, path: `/v1/agreements/${id}/approve`, json: { reason: 'Agreed' } })

    const [toCss] = await received(world.css, forCss, 1)
    const [toTe] = await received(te, forTe, 1)
    expect(toCss).toMatchObject({
      source: 'urn:unavez:zz:unavez:notices',
      type: 'unavez.bus.agreement-ending.v1',
      data: { institution: 'css', agreement: id, counterpart: 'te', days: 60 },
    })
    expect(toTe).toMatchObject({ data: { institution: 'te', agreement: id, counterpart: 'css', days: 60 } })
    expect(toTe?.subject).not.toBe(toCss?.subject)
    expect(await noticesOf(world.css)).toMatchObject([{ id: toCss?.id, type: toCss?.type, data: toCss?.data }])
    expect(await noticesOf(te)).toMatchObject([{ id: toTe?.id }])
    const none = await session.done<{ events: object[] }>(pulling(forMinsa, minsa))
    expect(none.events).toEqual([])
    for (const [as, subscription] of [
      [world.css, forCss],
      [te, forTe],
    ] as const) {
      const all = await session.done<{ events: object[] }>(pulling(subscription, as))
      expect(all.events).toHaveLength(1)
    }
  })

  test('a key that expires is told of to its institution, and a sunset to who offers the contract and who uses it', async () => {
    const keys = await subscribed(world.css, 'key-expiring', ['system', 'key', 'expiresAt', 'days'])
    const { publicJwk } = newKey('k2')
    const notAfter = inDays(3)
    const path = '/v1/institutions/css/systems/main/keys/k2'
    await session.done({ as: world.css, path, method: 'PUT', json: { ...publicJwk, notAfter } })
    const [expiring] = await received(world.css, keys, 1)
    expect(expiring?.data).toEqual({ system: 'css.main', key: 'k2', expiresAt: notAfter, days: 7 })

    const sunsets = [
      [world.css, await subscribed(world.css, 'contract-sunset', ['contract', 'sunset', 'days'])],
      [te, await subscribed(te, 'contract-sunset', ['contract', 'sunset', 'days'])],
    ] as const
    const sunset = inDays(100)
    await session.done({ as: world.te, path: `/v1/contracts/${birthType}/deprecate`, json: { sunset } })
    for (const [as, subscription] of sunsets) {
      const [told] = await received(as, subscription, 1)
      expect(told?.data).toEqual({ contract: birthType, sunset, days: 180 })
    }
  })

  test('nobody asks for what is told to another, and nobody speaks as the bus', async () => {
    const json = { ...wishOf(world.css, 'key-expiring', ['key']), consumer: 'te' }
    expect((await session.told({ as: world.css, path: '/v1/agreements', json })).status).toBe(403)
    const widened = { ...wishOf(world.css, 'key-expiring', ['key']), aboutConsumer: false }
    expect((await session.told({ as: world.css, path: '/v1/agreements', json: widened })).status).toBe(400)
    const event = {
      id: 'forged',
      type: 'unavez.bus.key-expiring.v1',
      time: inDays(0),
      occurredat: inDays(0),
      changetype: 'created',
      data: { institution: 'css', system: 'css.main', key: 'k1', expiresAt: inDays(1), days: 1 },
    }
    expect((await ask(bus, publishing(world.te, event))).json).toMatchObject({ status: 403, whoCanGrant: ['unavez'] })
  })

  test('an amendment of one’s own agreement is answered at once, and still about oneself alone', async () => {
    const json = wishOf(world.css, 'key-expiring', ['key'])
    const { id } = await session.done<{ id: string }>({ as: world.css, path: '/v1/agreements', json })
    const path = `/v1/agreements/${id}/amend`
    const amended = await session.done({ as: world.css, path, json: { fields: ['key', 'days'] } })
    expect(amended).toMatchObject({ state: 'active', version: 2, fields: ['key', 'days'], aboutConsumer: true })
  })
})
