import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Client } from '@unavez/sdk'

import { type Bus, combinations } from '../setup/bus.ts'
import { agreed } from '../setup/evidence-world.ts'
import { Session } from '../setup/session.ts'
import { birthOf, birthType, birthWorld } from '../setup/world.ts'

const correctionsUntil = '2035-01-01T00:00:00Z'

describe.each(combinations)('A correction reaches whoever received what was wrong ($name)', ({ open }) => {
  let bus: Bus
  let world: Awaited<ReturnType<typeof birthWorld>>
  let session: Session

  beforeAll(async () => {
    bus = await open()
    world = await birthWorld(bus)
    session = new Session(bus)
  })
  afterAll(() => bus?.close())

  const correcting = (id: string, previouseventid: string, child: string) =>
    ({ ...birthOf(id, child), changetype: 'annulled', previouseventid }) as const

  async function subscribed(terms: object): Promise<{ agreement: string; subscription: string }> {
    const { css: consumer, te: owner } = world
    const all = { contract: birthType, fields: ['child', 'birthDate'], correctionsUntil, ...terms }
    const agreement = await agreed(session, { consumer, owner, terms: all })
    return { agreement, subscription: await world.subscription(consumer, agreement, 'now') }
  }

  /** What comes, in order, and how far it was committed. */
  async function received(consumer: Client, subscription: string, wait = 10): Promise<readonly string[]> {
    const page = await consumer.pull(subscription, { wait })
    await consumer.commit(subscription, page.next)
    return page.events.map(({ id }) => id)
  }

  test('P12: after its agreement ended a consumer learns that what it received was annulled, and nothing else', async () => {
    const { css, te } = world
    const { agreement, subscription } = await subscribed({})
    await te.publish(birthOf('received', '8-1-1'))
    expect(await received(css, subscription)).toEqual(['received'])
    await session.done({ as: te, path: `/v1/agreements/${agreement}/end`, json: { reason: 'Enough' } })
    await te.publish(birthOf('later', '8-1-1'))
    await te.publish(correcting('not-received', 'later', '8-1-1'))
    await te.publish(correcting('annulment', 'received', '8-1-1'))
    expect(await received(css, subscription)).toEqual(['annulment'])
    expect(await received(css, subscription, 0)).toEqual([])
  })

  test('P12: without correctionsUntil an agreement that ended gives nothing any more', async () => {
    const { css, te } = world
    const { agreement, subscription } = await subscribed({ correctionsUntil: undefined })
    await session.done({ as: te, path: `/v1/agreements/${agreement}/end`, json: { reason: 'Enough' } })
    const told = await session.told({ as: css, path: `/v1/subscriptions/${subscription}/events` })
    expect(told).toMatchObject({ status: 403, json: { code: 'agreement-not-active' } })
  })

  test('P12: a filter that was changed since hides no correction of what it once let pass', async () => {
    const { css, te } = world
    const { subscription } = await subscribed({})
    const path = `/v1/subscriptions/${subscription}`
    const only = (birthDate: string) =>
      session.done({ as: css, path, method: 'PATCH', json: { filter: { exact: { 'data.birthDate': birthDate } } } })
    await only('2026-11-20')
    await te.publish(birthOf('fitted', '8-1-3'))
    await te.publish(birthOf('never-fitted', '8-1-3', { birthDate: '2026-11-19' }))
    expect(await received(css, subscription)).toEqual(['fitted'])
    await only('2026-11-18')
    await te.publish(correcting('of-never-fitted', 'never-fitted', '8-1-3'))
    await te.publish(correcting('of-fitted', 'fitted', '8-1-3'))
    expect(await received(css, subscription)).toContain('of-fitted')
  })
})
