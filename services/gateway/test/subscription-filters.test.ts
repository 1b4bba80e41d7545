import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Fact } from '@unavez/policy'
import type { Asking, OpenBus } from '@unavez/service-kit/testing'

import { gateway } from '../src/index.ts'
import { agreed, amended, decide, disclosures, type Event, minsaFacts, named, subscribed } from './agreed.ts'
import { birth } from './birth.ts'
import { openBus } from './open-bus.ts'
import { postEvents } from './post-events.ts'

const inAncon = { prefix: { 'data.place': 'Anc' } }
const filtered = (id: string, filter: object | null): Fact => ({
  type: 'subscription-filter-set',
  aggregate: `subscription:sub_${id}`,
  filter,
})

let bus: OpenBus
let minsa: Asking
beforeAll(async () => {
  const places = agreed('both', ['child', 'place'], { filter: { suffix: { 'data.place': 'ón' } } })
  bus = await openBus(gateway, [
    ...minsaFacts,
    ...agreed('own', ['child', 'place']),
    filtered('own', inAncon),
    ...places,
    filtered('both', inAncon),
    ...agreed('fresh', ['child', 'place']).slice(0, 2),
    subscribed('fresh', { baseline: 'exclude' }),
    ...agreed('loaded', ['child', 'place']),
    ...agreed('narrowed', ['child', 'place']),
    filtered('narrowed', { not: { exact: { 'data.place': 'Colón' } } }),
    ...agreed('turned', ['child', 'place']),
  ])
  minsa = bus.as('minsa.main')
})
afterAll(() => bus?.close())

const publish = async (...events: readonly object[]): Promise<void> => {
  for (const event of events) expect((await postEvents(bus, event)).status).toBe(201)
}
const page = (id: string, query = 'limit=1000') => minsa(`GET /v1/subscriptions/sub_${id}/events?${query}`)

async function pulled(id: string, ...ids: readonly string[]): Promise<readonly string[]> {
  const { status, body } = await page(id)
  expect(status).toBe(200)
  return named(body['events'] as Event[], ...ids).map((event) => event.id)
}

describe('A subscription’s own filter', () => {
  test('keeps out the rest, and disclosures name its version', async () => {
    await publish(birth('in-1', {}, { place: 'Ancón' }), birth('out-1', {}, { place: 'Bella Vista' }))
    expect(await pulled('own', 'in-1', 'out-1')).toEqual(['in-1'])
    expect((await disclosures(bus, 'own'))[0]).toMatchObject({ agreement: 'agr_own@1', filter: 'sub_own@2' })
  })

  test('counts beside the agreement’s: an event comes if both let it', async () => {
    const places = ['Ancón', 'Colón', 'Ancud']
    await publish(...places.map((place, i) => birth(`two-${i}`, {}, { place })))
    expect(await pulled('both', 'two-0', 'two-1', 'two-2')).toEqual(['two-0'])
    expect((await disclosures(bus, 'both'))[0]).toMatchObject({ filter: 'sub_both@2' })
  })

  test('P12: what corrects a received event follows it, though it fits no more', async () => {
    const corrected = (id: string, previouseventid: string) =>
      birth(id, { changetype: 'corrected', previouseventid }, { place: 'David' })
    await publish(
      birth('was-in', {}, { place: 'Ancón' }),
      birth('was-out', {}, { place: 'Colón' }),
      corrected('moved', 'was-in'),
      corrected('never', 'was-out'),
    )
    expect(await pulled('own', 'was-in', 'was-out', 'moved', 'never')).toEqual(['was-in', 'moved'])
  })

  test('P7: chooses nothing by a field that is agreed no more: nothing comes, with the reason, until it names agreed fields', async () => {
    await publish(birth('before', {}, { place: 'Colón' }), birth('beside', {}, { place: 'David' }))
    expect(await pulled('narrowed', 'before', 'beside')).toEqual(['beside'])
    await decide(bus, ...amended('narrowed', ['child']))
    const refused = await page('narrowed')
    expect(refused).toMatchObject({ status: 403, body: { code: 'filter-outdated', whoCanGrant: ['minsa'] } })
    expect(refused.body['decision']).toMatch(/^dec_/)
    await decide(bus, filtered('narrowed', null))
    expect((await pulled('narrowed', 'before', 'beside')).toSorted()).toEqual(['before', 'beside'])
  })

  test('P6: one that is set while a poll waits holds for what that poll answers', async () => {
    const first = await page('turned')
    const waiting = page('turned', `wait=20&after=${String(first.body['next'])}`)
    await decide(bus, filtered('turned', inAncon))
    await publish(birth('turn-out', {}, { place: 'Colón' }), birth('turn-in', {}, { place: 'Ancón' }))
    const events = (await waiting).body['events'] as Event[]
    expect(events.map(({ id }) => id)).toEqual(['turn-in'])
  })
})

describe('The baseline', () => {
  test('is told apart, comes to those who want it, and to no one else; its corrections come to all', async () => {
    await publish(
      birth('base', { changetype: 'baseline' }),
      birth('live'),
      birth('base-corrected', { changetype: 'corrected', previouseventid: 'base' }),
    )
    const ids = ['base', 'live', 'base-corrected'] as const
    expect(await pulled('loaded', ...ids)).toEqual(['base', 'live', 'base-corrected'])
    expect(await pulled('fresh', ...ids)).toEqual(['live', 'base-corrected'])
    const { body } = await page('loaded')
    const base = (body['events'] as readonly Record<string, unknown>[]).find(({ id }) => id === 'base')
    expect(base).toMatchObject({ changetype: 'baseline' })
    expect((await disclosures(bus, 'fresh'))[0]).toMatchObject({ filter: 'sub_fresh@1' })
  })
})
