import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { limits, type PartitionBounds } from '@unavez/engine'
import { copiesBetween, idsKey, idsSource, Pages, pushKey } from '@unavez/exchange'
import type { Fact } from '@unavez/policy'
import { type OpenBus, registered } from '@unavez/service-kit/testing'

import { gateway } from '../src/index.ts'
import { type Pinned, Retention } from '../src/retention/retention.ts'
import { birth, birthFacts, birthType } from './birth.ts'
import { openBus } from './open-bus.ts'
import { batch, postEvents } from './post-events.ts'

const topic = 'events.civil'
const dayMs = 86_400_000
const partitions = Array.from({ length: limits.partitions }, (_, partition) => partition)

const agreement: readonly Fact[] = [
  {
    type: 'agreement-requested',
    aggregate: 'agreement:agr_1',
    id: 'agr_1',
    consumer: 'css',
    owner: 'te',
    contract: birthType,
    version: 1,
    purpose: { es: 'p', en: 'p' },
    legalBasis: { kind: 'law', norm: 'Ley 51' },
    fields: ['child'],
    validUntil: '2990-01-01T00:00:00Z',
  },
  { type: 'agreement-approved', aggregate: 'agreement:agr_1', reason: 'r' },
]

const subscription = (id: string) => ({
  type: 'subscription-created' as const,
  aggregate: `subscription:${id}`,
  id,
  agreement: 'agr_1',
  consumer: 'css',
  mode: 'pull' as const,
  start: partitions.map(() => 0),
})

interface Told {
  readonly pinned: Pinned[]
  readonly ended: string[]
  trimmed: number
}

describe('Retention', () => {
  let bus: OpenBus
  beforeAll(async () => {
    bus = await openBus(gateway, [...birthFacts, registered('css', 'consumer', ['consumer']), ...agreement])
  })
  afterAll(() => bus?.close())

  /** What the job does so many days from now, seen over all partitions. */
  async function lookAfter(days: number): Promise<Told> {
    const { surroundings } = bus
    const pages = new Pages(surroundings, () => undefined)
    const clock = { ...surroundings.clock, now: () => new Date(Date.now() + days * dayMs) }
    const told: Told = { pinned: [], ended: [], trimmed: 0 }
    const retention = new Retention({
      surroundings: { ...surroundings, clock },
      pages,
      onPinned: (pinned) => told.pinned.push(pinned),
      onEnded: (id) => told.ended.push(id),
      onTrimmed: (_, events) => (told.trimmed += events),
    })
    for (const partition of partitions) await retention.look(partition)
    return told
  }

  const bounds = (): Promise<readonly PartitionBounds[]> => bus.engine.log.bounds(topic)
  const kept = async (): Promise<number> => (await bounds()).reduce((sum, { first, next }) => sum + next - first, 0)

  async function folded(): Promise<void> {
    for (const { partition, next } of await bounds()) {
      while ((await bus.engine.views.checkpoint(idsSource(topic, partition))) < next) {
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
  }

  async function publish(prefix: string, count: number): Promise<void> {
    const events = Array.from({ length: count }, (_, i) => birth(`${prefix}-${i}`, {}, { child: `8-${i + 1}-1` }))
    expect(await postEvents(bus, events, { type: batch })).toMatchObject({ status: 200 })
    await folded()
  }

  const decide = (fact: Fact): Promise<unknown> =>
    bus.control.submit({
      command: `decided/${fact.type}/${fact.aggregate}`,
      hash: '',
      by: { institution: 'css', system: 'consumer' },
      decide: () => ({ facts: [fact], reads: [] }),
    })

  const css = (path: string) => bus.as('css.consumer')(`GET /v1/subscriptions/${path}`)

  /** Pulls to the end and commits. */
  async function drain(id: string): Promise<readonly string[]> {
    const ids: string[] = []
    for (;;) {
      const { status, body } = await css(`${id}/events?limit=1000`)
      expect(status).toBe(200)
      const { events, next, more } = body as { events: { id: string }[]; next: string; more: boolean }
      ids.push(...events.map((event) => event.id))
      const committed = await bus.as('css.consumer')(`PUT /v1/subscriptions/${id}/cursor`, { cursor: next })
      expect(committed.status).toBe(204)
      if (!more) return ids
    }
  }

  const row = (id: string) => bus.engine.views.get(idsKey({ institution: 'te', id }))

  test('P16: what nobody waits for goes after its retention and not a day before, from the log and from the views', async () => {
    await publish('old', 30)
    expect(await lookAfter(89)).toEqual({ pinned: [], ended: [], trimmed: 0 })
    expect(await kept()).toBe(30)
    expect(await row('old-0')).toBeDefined()
    expect(await lookAfter(91)).toEqual({ pinned: [], ended: [], trimmed: 30 })
    expect(await kept()).toBe(0)
    for (let i = 0; i < 30; i++) expect(await row(`old-${i}`)).toBeUndefined()
    for (const { partition, next } of await bounds()) {
      expect(await copiesBetween(bus.engine.views, { topic, partition, from: 0, next })).toEqual(new Set())
    }
    expect(await lookAfter(92)).toEqual({ pinned: [], ended: [], trimmed: 0 })
  })

  test('P16: what was reported goes after ninety days, unless it was said again since', async () => {
    await decide(subscription('sub_told'))
    await publish('told', 2)
    const css = bus.as('css.consumer')
    const report = (event: string) => css('POST /v1/subscriptions/sub_told/effects', [{ event, effect: 'applied' }])
    for (const event of ['told-0', 'told-1', 'told-1']) expect((await report(event)).status).toBe(200)
    const told = async () => (await css('GET /v1/subscriptions/sub_told/effects')).body['items'] as readonly object[]
    while ((await told()).length < 2) await new Promise((resolve) => setTimeout(resolve, 20))
    await drain('sub_told')
    await decide({ type: 'subscription-ended', aggregate: 'subscription:sub_told' })
    await lookAfter(89)
    expect(await told()).toHaveLength(2)
    await lookAfter(91)
    expect(await told()).toEqual([])
    const ends = await bus.engine.log.bounds('effects')
    expect(ends.every(({ first, next }) => first === next)).toBe(true)
  })

  test('P16: what is due to a live subscription stays beyond its retention; who takes it lets it go', async () => {
    await decide(subscription('sub_slow'))
    await publish('slow', 20)
    const told = await lookAfter(95)
    expect(told.trimmed).toBe(0)
    expect(new Set(told.pinned.map((each) => each.subscription.id))).toEqual(new Set(['sub_slow']))
    for (const { since, endsAt } of told.pinned) {
      expect(Math.abs(endsAt.getTime() - since.getTime() - 104 * dayMs)).toBeLessThan(dayMs / 24)
    }
    expect(told.ended).toEqual([])
    expect(new Set(await drain('sub_slow')).size).toBe(20)
    expect(await lookAfter(95)).toEqual({ pinned: [], ended: [], trimmed: 20 })
  })

  test('P16: whoever takes nothing is told, then ended with the reason, and then the log goes on', async () => {
    await decide(subscription('sub_dead'))
    await publish('dead', 20)
    await drain('sub_slow')
    expect((await lookAfter(100)).ended).toEqual([])
    const told = await lookAfter(105)
    expect(told.ended).toEqual(['sub_dead'])
    expect(bus.control.policy.subscription('sub_dead')?.state).toBe('ended')
    expect(bus.control.policy.subscription('sub_slow')?.state).toBe('active')
    expect(bus.control.policy.history('subscription:sub_dead').at(-1)).toMatchObject({
      type: 'subscription-ended',
      by: { institution: 'unavez', system: 'retention' },
      reason: expect.stringContaining('conservación'),
    })
    await lookAfter(105)
    expect(await kept()).toBe(0)
  })

  test('P10: a cursor before what nobody waited for goes on; one before what was taken says that it is gone, and how to go on', async () => {
    const start = (await css('sub_slow/events?limit=1')).body['from']
    await publish('gap', 20)
    const taken = await drain('sub_slow')
    expect(taken).toHaveLength(20)
    await lookAfter(91)
    const gone = await css(`sub_slow/events?after=${String(start)}`)
    expect(gone).toMatchObject({ status: 410, body: { code: 'position-gone', remedy: expect.any(String) } })
    expect((await css('sub_slow/events')).status).toBe(200)
    await publish('onward', 5)
    expect(await drain('sub_slow')).toHaveLength(5)
  })

  test('P4: while it is not known how far a push has got, all of it stays and it is not ended; then what it needs no more goes', async () => {
    const pushed: Fact = {
      ...subscription('sub_push'),
      mode: 'push',
      endpoint: { url: 'https://css.example/events', auth: 'none' },
    }
    await decide(pushed)
    await publish('pushed', 24)
    await drain('sub_slow')
    expect(await lookAfter(200)).toMatchObject({ ended: [], trimmed: 0 })
    const settled = async (epoch: number): Promise<void> => {
      for (const { partition, next } of await bounds()) {
        const value = Buffer.from(JSON.stringify({ epoch, standing: { next } }))
        const source = `test/${epoch}/${partition}`
        await bus.engine.views.write([{ ...pushKey('sub_push', partition), value }], { source, from: 0, next: 1 })
      }
    }
    await settled(7)
    expect(await lookAfter(200)).toMatchObject({ ended: [], trimmed: 0 })
    await settled(1)
    const all = await kept()
    expect((await lookAfter(91)).trimmed).toBe(all)
    expect(await kept()).toBe(0)
  })

  test('records of other types that are passed over pin nothing: a subscription that takes all of its own is never ended', async () => {
    await decide(subscription('sub_quiet'))
    await drain('sub_quiet')
    const other = 'pa.gob.civil.death-registered.v1'
    const aggregate = `contract:${other}`
    const field = { name: 'person', type: 'string', identifies: 'person', scheme: 'pa-cedula', role: 'key' }
    const schema = {
      type: 'record',
      name: 'DeathRegistered',
      namespace: 'pa.gob.civil.v1',
      fields: [{ ...field, classification: 'personal', doc: 'd' }],
    }
    const description = { es: 'Defunción', en: 'Death' }
    const head = {
      contract: other,
      kind: 'event',
      domain: 'civil',
      owner: 'te',
      retention: 'P90D',
      description,
    } as const
    await decide({ type: 'contract-drafted', aggregate, ...head, version: 1, schema })
    await decide({ type: 'contract-published', aggregate, version: 1, numbered: { sequence: 'schema', of: 'death' } })
    const deaths = Array.from({ length: 40 }, (_, i) => ({
      ...birth(`death-${i}`, { type: other }),
      data: { person: `8-${i + 1}-1` },
    }))
    expect(await postEvents(bus, deaths, { type: batch })).toMatchObject({ status: 200 })
    await folded()
    expect(await lookAfter(200)).toMatchObject({ pinned: [], ended: [], trimmed: expect.any(Number) })
    expect(await kept()).toBe(0)
    expect((await css('sub_quiet/events')).status).toBe(200)
    await publish('after-gap', 12)
    expect(await drain('sub_quiet')).toHaveLength(12)
  })
})
