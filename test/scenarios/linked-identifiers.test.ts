import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { DeliveredEvent } from '@unavez/protocol'

import { type Bus, combinations } from '../setup/bus.ts'
import { linkContract, linkOf, linkType, pseudonymousSubscription } from '../setup/identity.ts'
import { Session } from '../setup/session.ts'
import { birthOf, birthType, birthWorld } from '../setup/world.ts'

describe.each(combinations)('One subject with several identifiers ($name)', ({ open }) => {
  let bus: Bus
  let world: Awaited<ReturnType<typeof birthWorld>>
  let births: string
  let links: string

  beforeAll(async () => {
    bus = await open()
    world = await birthWorld(bus)
    await world.contract(world.te, linkContract)
    const session = new Session(bus)
    births = await pseudonymousSubscription(session, world, {
      contract: birthType,
      fields: ['child', 'mother'],
      pseudonymous: ['child', 'mother'],
    })
    links = await pseudonymousSubscription(session, world, {
      contract: linkType,
      fields: ['person', 'other', 'kind'],
      pseudonymous: ['person', 'other'],
    })
  })
  afterAll(() => bus?.close())

  const all = async <Data>(subscription: string): Promise<readonly DeliveredEvent<Data>[]> => {
    const { events, more } = await world.css.pull<Data>(subscription, { limit: 1000 })
    expect(more).toBe(false)
    return events
  }
  const seen = async (...ids: readonly string[]) => {
    const events = await all<{ child: string; mother: string }>(births)
    return ids.map((id) => {
      const found = events.find((event) => event.id === id)
      if (found === undefined) throw new Error(`${id} was not pulled`)
      return found
    })
  }
  const linkSeen = async (id: string) =>
    (await all<{ person: string; other: string; kind: string }>(links)).find((event) => event.id === id)
  const publish = (id: string, child: string, more: object = {}) => world.te.publish(birthOf(id, child, more))
  const link = (id: string, kind: string, [person, other]: readonly [string, string]) =>
    world.te.publish(linkOf(id, { person, other, kind }))

  test('replaced: the new number goes on where the old one stood, under the same pseudonym, in order', async () => {
    const [old, renewed] = ['E-8-1001', 'N-20-1001'] as const
    await publish('replaced-1', old)
    await link('replaced-link', 'replaced', [renewed, old])
    for (let i = 2; i < 8; i++) await publish(`replaced-${i}`, i % 2 === 0 ? renewed : old)
    const order = (await all(births)).map(({ id }) => id).filter((id) => id.startsWith('replaced-'))
    expect(order).toEqual([1, 2, 3, 4, 5, 6, 7].map((i) => `replaced-${i}`))
    const events = await seen(...order)
    expect(new Set(events.map(({ subject }) => subject)).size).toBe(1)
    for (const { subject, data } of events) expect(data.child).toBe(subject)
    const told = await linkSeen('replaced-link')
    expect(told).toMatchObject({ subject: events[0]?.subject, data: { kind: 'replaced', other: events[0]?.subject } })
    expect(told?.data.person).not.toBe(told?.data.other)
  })

  test('same: what was published under both stays as it was; from the link on, both are the first one', async () => {
    const [first, second] = ['8-1002-1', '8-1002-2'] as const
    const [one, two] = [await publish('same-1', first), await publish('same-2', second)]
    await link('same-link', 'same', [second, first])
    await publish('same-3', second)
    const [a, b, c] = await seen('same-1', 'same-2', 'same-3')
    expect(a?.subject).not.toBe(b?.subject)
    expect(c?.subject).toBe(a?.subject)
    expect(await linkSeen('same-link')).toMatchObject({
      subject: a?.subject,
      data: { person: b?.subject, other: a?.subject },
    })
    // P2: what was accepted before the link is the same event after it.
    expect(await publish('same-2', second)).toEqual({ ...two, alreadyAccepted: true })
    expect(await publish('same-1', first)).toEqual({ ...one, alreadyAccepted: true })
    expect(await seen('same-1', 'same-2')).toEqual([a, b])
  })

  test('split: they are two again from then on; what was said while they were one stays said', async () => {
    const [first, second] = ['8-1003-1', '8-1003-2'] as const
    await link('split-link', 'same', [second, first])
    await publish('split-1', first)
    await publish('split-2', second)
    await link('split-apart', 'split', [second, first])
    await publish('split-3', first)
    await publish('split-4', second)
    const [one, two, three, four] = await seen('split-1', 'split-2', 'split-3', 'split-4')
    expect(two?.subject).toBe(one?.subject)
    expect(three?.subject).toBe(one?.subject)
    expect(four?.subject).not.toBe(one?.subject)
    expect(await linkSeen('split-apart')).toMatchObject({ data: { person: four?.subject, other: one?.subject } })
  })

  test('a chain leads to the first one, and parties are joined like key subjects', async () => {
    const [a, b, c] = ['8-1004-1', '8-1004-2', '8-1004-3'] as const
    await publish('chain-1', a)
    await link('chain-ab', 'replaced', [b, a])
    await link('chain-bc', 'replaced', [c, b])
    await publish('chain-2', c)
    await publish('chain-3', '8-1004-9', { mother: c })
    const [one, two, three] = await seen('chain-1', 'chain-2', 'chain-3')
    expect(two?.subject).toBe(one?.subject)
    expect(three?.data.mother).toBe(one?.subject)
    expect(three?.subject).not.toBe(one?.subject)
  })

  test('a declaration that is annulled never was, and one that is corrected joins whom it names now', async () => {
    const [a, b, c] = ['8-1005-1', '8-1005-2', '8-1005-3'] as const
    await publish('corrected-1', a)
    await link('wrong', 'same', [b, a])
    const more = { changetype: 'corrected', previouseventid: 'wrong' }
    await world.te.publish(linkOf('right', { person: c, other: a, kind: 'same' }, more))
    await publish('corrected-2', b)
    await publish('corrected-3', c)
    const over = { changetype: 'annulled', previouseventid: 'right' }
    await world.te.publish(linkOf('over', { person: c, other: a, kind: 'same' }, over))
    await publish('corrected-4', c)
    const [one, two, three, four] = await seen('corrected-1', 'corrected-2', 'corrected-3', 'corrected-4')
    expect(two?.subject).not.toBe(one?.subject)
    expect(three?.subject).toBe(one?.subject)
    expect(four?.subject).not.toBe(one?.subject)
  })

  test('a page is the same bytes however often it is read, whatever was linked since', async () => {
    const [a, b] = ['8-1006-1', '8-1006-2'] as const
    await publish('stable-1', a)
    await publish('stable-2', b)
    const before = await seen('stable-1', 'stable-2')
    await link('stable-link', 'same', [b, a])
    expect(await seen('stable-1', 'stable-2')).toEqual(before)
  })

  test('P7: no number stands in what was written about links', () => {
    expect(bus.output()).not.toMatch(/8-100[1-6]-|N-20-1001/)
  })
})
