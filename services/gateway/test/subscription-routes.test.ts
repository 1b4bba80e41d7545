import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Fact } from '@unavez/policy'
import type { Service } from '@unavez/service-kit'

import { subscriptionRoutes } from '../src/subscription-routes.ts'
import { type Asking, joined, type OpenBus, registered } from '@unavez/service-kit/testing'

import { openBus } from './open-bus.ts'

const type = 'pa.gob.civil.birth-registered.v1'

const agreement = (id: string, consumer: string): Fact => ({
  type: 'agreement-requested',
  aggregate: `agreement:${id}`,
  id,
  consumer,
  owner: 'te',
  contract: type,
  version: 1,
  purpose: { es: 'Afiliar', en: 'Enrol' },
  legalBasis: { kind: 'law', norm: 'Ley 51 de 2005' },
  fields: ['child'],
  validUntil: '2030-01-01T00:00:00.000Z',
})
const approved = (id: string): Fact => ({ type: 'agreement-approved', aggregate: `agreement:${id}`, reason: 'Agreed' })

const facts: readonly Fact[] = [
  joined('te'),
  registered('te', 'registro', ['publisher', 'provider', 'administrator']),
  joined('css'),
  registered('css', 'main', ['consumer', 'requester', 'administrator']),
  joined('minsa'),
  registered('minsa', 'main', ['consumer', 'administrator']),
  {
    type: 'contract-drafted',
    aggregate: `contract:${type}`,
    contract: type,
    kind: 'event',
    domain: 'civil',
    owner: 'te',
    retention: 'P90D',
    description: { es: 'Nacimiento', en: 'Birth' },
    version: 1,
    schema: { type: 'record', name: 'BirthRegistered', namespace: 'pa.gob.civil.v1', fields: [{ name: 'child' }] },
  },
  {
    type: 'contract-published',
    aggregate: `contract:${type}`,
    version: 1,
    numbered: { sequence: 'schema', of: 'sha256:1' },
  },
  agreement('agr_active', 'css'),
  approved('agr_active'),
  agreement('agr_pending', 'css'),
]

const service: Service = {
  name: 'gateway',
  async start(surroundings) {
    subscriptionRoutes(surroundings)
  },
}

let bus: OpenBus
let css: Asking
let te: Asking
let minsa: Asking

beforeAll(async () => {
  bus = await openBus(service, facts)
  css = bus.as('css.main')
  te = bus.as('te.registro')
  minsa = bus.as('minsa.main')
  await bus.engine.log.ensureTopics([{ name: 'events.civil', partitions: 12, cleanup: 'keep' }])
})
afterAll(() => bus?.close())

const wish = { agreement: 'agr_active', mode: 'pull', start: 'earliest' }

const append = async (partition: number): Promise<Date> => {
  const value = Buffer.from('event')
  const { appendedAt } = await bus.engine.log.append({
    topic: 'events.civil',
    partition,
    key: null,
    value,
    headers: {},
  })
  return appendedAt
}

const subscribed = async (start: unknown = 'earliest'): Promise<string> =>
  String((await css('POST /v1/subscriptions', { ...wish, start })).body['id'])

const startOf = (id: string): readonly number[] | undefined => bus.control.policy.subscription(id)?.start
const nextOffsets = async (): Promise<number[]> => (await bus.engine.log.bounds('events.civil')).map(({ next }) => next)
const lagOf = async (id: string): Promise<unknown> => (await css(`GET /v1/subscriptions/${id}`)).body['lag']

describe('Subscriptions', () => {
  test('put an active agreement to work, as in the worked example', async () => {
    const made = await css('POST /v1/subscriptions', wish)
    expect(made).toMatchObject({ status: 201, body: { state: 'active', agreement: 'agr_active', mode: 'pull' } })
    const id = String(made.body['id'])
    expect(id).toMatch(/^sub_[a-z2-7]{26}$/)
    const read = await css(`GET /v1/subscriptions/${id}`)
    expect(read).toMatchObject({
      status: 200,
      body: { id, state: 'active', consumer: 'css', contract: type, epoch: 1, cursor: expect.any(String) },
    })
    expect(read.headers.get('etag')).toBe('"1"')
  })

  test('begin at the end, at the beginning or at a time, decided once and for ever', async () => {
    const earlier = await append(4)
    let time = await append(4)
    while (time.getTime() === earlier.getTime()) time = await append(4)
    const before = await nextOffsets()
    const now = await subscribed('now')
    const earliest = await subscribed('earliest')
    const since = await subscribed({ time: time.toISOString() })
    await append(4)
    expect(startOf(now)).toEqual(before)
    expect(startOf(earliest)).toEqual(Array(12).fill(0))
    expect(startOf(since)).toEqual(before.map((next, partition) => (partition === 4 ? next - 1 : next)))
  })

  test('tell how far behind they are, by what the consumer has committed', async () => {
    const id = await subscribed('now')
    expect(await lagOf(id)).toEqual({ events: 0, seconds: 0 })
    await append(1)
    await append(2)
    await append(2)
    expect(await lagOf(id)).toMatchObject({ events: 3, seconds: expect.any(Number) })
    const offsets = (await nextOffsets()).map((next, partition) => (partition === 2 ? next - 1 : next))
    await bus.engine.registers.put(`cursor/${id}`, Buffer.from(JSON.stringify({ epoch: 1, offsets })))
    expect(await lagOf(id)).toMatchObject({ events: 1 })
  })

  test('requested again with the same key are one', async () => {
    const key = { 'idempotency-key': 'subscribe-1' }
    const first = await css('POST /v1/subscriptions', wish, key)
    const again = await css('POST /v1/subscriptions', wish, key)
    expect(again).toMatchObject({ status: 201, body: first.body })
  })

  test('are paused, resumed and ended', async () => {
    const id = await subscribed()
    expect(await css(`POST /v1/subscriptions/${id}/pause`, { reason: 'Maintenance' })).toMatchObject({
      status: 200,
      body: { id, state: 'paused' },
    })
    expect(await css(`POST /v1/subscriptions/${id}/pause`)).toMatchObject({
      status: 409,
      body: { code: 'state-conflict' },
    })
    expect(await css(`POST /v1/subscriptions/${id}/resume`)).toMatchObject({
      status: 200,
      body: { id, state: 'active', backlog: 'deliver' },
    })
    expect(await css(`DELETE /v1/subscriptions/${id}`)).toMatchObject({ status: 200, body: { id, state: 'ended' } })
    expect(await css(`GET /v1/subscriptions/${id}`)).toMatchObject({ status: 200, body: { state: 'ended' } })
    expect(await css(`DELETE /v1/subscriptions/${id}`)).toMatchObject({ status: 409 })
  })

  test('resumed without what waited begin a new epoch at the end', async () => {
    const id = await subscribed()
    await append(7)
    await css(`POST /v1/subscriptions/${id}/pause`, {})
    await append(7)
    expect(await css(`POST /v1/subscriptions/${id}/resume`, { backlog: 'skip' })).toMatchObject({ status: 200 })
    expect(startOf(id)).toEqual(await nextOffsets())
    expect((await css(`GET /v1/subscriptions/${id}`)).body).toMatchObject({ epoch: 2, lag: { events: 0 } })
  })

  test('P11: need an agreement that is active, and the refusal carries a decision', async () => {
    expect(await css('POST /v1/subscriptions', { ...wish, agreement: 'agr_pending' })).toMatchObject({
      status: 403,
      body: { code: 'agreement-not-active', decision: expect.any(String), whoCanGrant: ['te'] },
    })
  })

  test('are seen by the parties of their agreement, changed by the consumer, and hidden from others', async () => {
    const id = await subscribed()
    expect(await te(`GET /v1/subscriptions/${id}`)).toMatchObject({ status: 200 })
    expect(await te(`DELETE /v1/subscriptions/${id}`)).toMatchObject({
      status: 403,
      body: { decision: expect.any(String) },
    })
    for (const [method, path, body] of [
      ['GET', `/v1/subscriptions/${id}`, undefined],
      ['POST', `/v1/subscriptions/${id}/pause`, {}],
      ['POST', `/v1/subscriptions/${id}/resume`, {}],
      ['DELETE', `/v1/subscriptions/${id}`, undefined],
      ['POST', '/v1/subscriptions', wish],
    ] as const) {
      expect(await minsa(`${method} ${path}`, body)).toMatchObject({ status: 404, body: { code: 'not-found' } })
    }
    expect((await minsa('GET /v1/subscriptions')).body).toEqual({ items: [], next: null })
    const mine = await css('GET /v1/subscriptions?state=active&agreement=agr_active&limit=1000')
    expect((mine.body['items'] as { id: string }[]).map((item) => item.id)).toContain(id)
  })

  test.each<[string, object]>([
    ['/agreement', { mode: 'pull', start: 'now' }],
    ['/agreement', { ...wish, agreement: 5 }],
    ['/mode', { ...wish, mode: 'carrier-pigeon' }],
    ['/endpoint', { ...wish, mode: 'push' }],
    ['/endpoint', { ...wish, endpoint: { url: 'https://css.example/hooks' } }],
    ['/start', { ...wish, start: 'yesterday' }],
    ['/start/time', { ...wish, start: { time: '2999-01-01T00:00:00Z' } }],
    ['/surprise', { ...wish, surprise: true }],
  ])('with a fault at %s are refused with a pointer to it (%#)', async (pointer, body) => {
    expect(await css('POST /v1/subscriptions', body)).toMatchObject({
      status: 400,
      body: { code: 'body-invalid', pointer },
    })
  })
})
