import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Asking, OpenBus } from '@unavez/service-kit/testing'

import { gateway } from '../src/index.ts'
import { agreed, amended, decide, disclosures, type Event, minsaFacts, named } from './agreed.ts'
import { birth } from './birth.ts'
import { openBus } from './open-bus.ts'
import { postEvents } from './post-events.ts'

let bus: OpenBus
let minsa: Asking
beforeAll(async () => {
  bus = await openBus(gateway, [
    ...minsaFacts,
    ...agreed('clear', ['child', 'mother']),
    ...agreed('hidden', ['child', 'mother', 'birthDate'], { pseudonymous: ['child', 'mother'] }),
    ...agreed('ancon', ['child', 'place'], { filter: { prefix: { 'data.place': 'Anc' } } }),
    ...agreed('amended', ['child', 'mother', 'place']),
  ])
  minsa = bus.as('minsa.main')
})
afterAll(() => bus?.close())

const publish = async (...events: readonly object[]): Promise<void> => {
  for (const event of events) expect((await postEvents(bus, event)).status).toBe(201)
}

async function pull(subscription: string, query = 'limit=1000'): Promise<readonly Event[]> {
  const answer = await minsa(`GET /v1/subscriptions/sub_${subscription}/events?${query}`)
  expect(answer.status).toBe(200)
  return answer.body['events'] as Event[]
}

const eventOf = (events: readonly Event[], id: string): Event | undefined => events.find((event) => event.id === id)

describe('What is agreed upon', () => {
  test('P7: identifiers agreed as pseudonyms come as the consumer’s own, the same as the subject, and never in clear', async () => {
    await publish(birth('hid-1'), birth('hid-2', {}, { child: '8-1234-568', mother: null }))
    const events = await pull('hidden')
    const [first, second] = [eventOf(events, 'hid-1'), eventOf(events, 'hid-2')]
    expect(first?.data['child']).toBe(first?.subject)
    expect(first?.data['mother']).toMatch(/^[\w-]{43}$/)
    expect(first?.data['mother']).not.toBe(first?.data['child'])
    expect(first?.data['birthDate']).toBe('2026-11-20')
    expect(second?.data['mother']).toBeNull()
    expect(JSON.stringify([first, second])).not.toMatch(/1234|765/)
    const [clear] = named(await pull('clear'), 'hid-1')
    expect(clear?.data).toEqual({ child: '8-1234-567', mother: '8-765-4321' })
    expect(clear?.subject).toBe(first?.subject)
  })

  test('an agreement’s filter keeps out the rest, and disclosures say under which filter', async () => {
    await publish(birth('in-1', {}, { place: 'Ancón' }), birth('out-1', {}, { place: 'Bella Vista' }), birth('out-2'))
    expect(named(await pull('ancon'), 'in-1', 'out-1', 'out-2').map(({ id }) => id)).toEqual(['in-1'])
    const [disclosure] = await disclosures(bus, 'ancon')
    expect(disclosure).toMatchObject({ agreement: 'agr_ancon@1', filter: 'agr_ancon@1' })
    expect((await disclosures(bus, 'clear'))[0]).not.toHaveProperty('filter')
  })

  test('P12: what corrects a received event follows it, at any remove, even if it fits the filter no more', async () => {
    const corrected = (id: string, previouseventid: string, place: string) =>
      birth(id, { changetype: 'corrected', previouseventid }, { place })
    await publish(
      birth('was-in', {}, { place: 'Ancón' }),
      birth('was-out', {}, { place: 'Colón' }),
      corrected('moved', 'was-in', 'Colón'),
      corrected('moved-again', 'moved', 'David'),
      corrected('never', 'was-out', 'David'),
    )
    const found = named(await pull('ancon'), 'was-in', 'was-out', 'moved', 'moved-again', 'never')
    expect(found.map(({ id }) => id)).toEqual(['was-in', 'moved', 'moved-again'])
  })

  test('an approved amendment takes effect for the next page, and disclosures name its version', async () => {
    await publish(birth('amend-1', {}, { place: 'Ancón' }))
    expect(Object.keys(named(await pull('amended'), 'amend-1')[0]?.data ?? {})).toEqual(['child', 'place', 'mother'])
    await decide(bus, ...amended('amended', ['child']))
    expect(named(await pull('amended'), 'amend-1')[0]?.data).toEqual({ child: '8-1234-567' })
    const versions = (await disclosures(bus, 'amended')).map(({ agreement }) => agreement)
    expect(new Set(versions)).toEqual(new Set(['agr_amended@1', 'agr_amended@2']))
  })

  test('P6: a long poll under way when its agreement is narrowed shows the narrower fields', async () => {
    await decide(bus, ...agreed('waiting', ['child', 'place']))
    const first = await minsa('GET /v1/subscriptions/sub_waiting/events?limit=1000')
    const waiting = minsa(`GET /v1/subscriptions/sub_waiting/events?wait=20&after=${String(first.body['next'])}`)
    await decide(bus, ...amended('waiting', ['child']))
    await publish(birth('late-1', {}, { place: 'Ancón' }))
    const events = (await waiting).body['events'] as Event[]
    expect(events.map(({ data }) => Object.keys(data))).toEqual([['child']])
  })
})
