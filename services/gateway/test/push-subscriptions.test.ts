import { generateKeyPairSync } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Asking, joined, type OpenBus, registered } from '@unavez/service-kit/testing'

import { gateway } from '../src/index.ts'
import { agreed, decide, minsaFacts, subscribed } from './agreed.ts'
import { openBus } from './open-bus.ts'

const url = 'https://minsa.example/hooks'
const wish = { agreement: 'agr_p', mode: 'push', start: 'earliest', endpoint: { url } }
const token = 'open-sesame-of-minsa'

let bus: OpenBus
let minsa: Asking
let te: Asking
let operator: Asking
beforeAll(async () => {
  bus = await openBus(gateway, [
    ...minsaFacts,
    registered('minsa', 'other', ['consumer']),
    registered('te', 'admin', ['administrator']),
    joined('caja'),
    registered('caja', 'main', ['consumer']),
    ...agreed('p', ['child', 'place']),
  ])
  minsa = bus.as('minsa.main')
  te = bus.as('te.admin')
  operator = bus.as('operator.admin')
  await bus.engine.log.ensureTopics([{ name: 'events.civil', partitions: 12, cleanup: 'keep' }])
})
afterAll(() => bus?.close())

async function pushed(more: object = {}): Promise<{ readonly id: string; readonly body: Record<string, unknown> }> {
  const { status, body } = await minsa('POST /v1/subscriptions', { ...wish, ...more })
  expect(status).toBe(201)
  return { id: String(body['id']), body }
}
const consentedTo = (id: string, endpointVersion = 1): Promise<void> =>
  decide(bus, { type: 'subscription-consented', aggregate: `subscription:${id}`, endpointVersion, by: 'handshake' })
const read = async (id: string, as = minsa) => (await as(`GET /v1/subscriptions/${id}`)).body
const stateOf = (id: string) => bus.control.policy.subscription(id)

describe('A subscription to be pushed', () => {
  test('waits for consent, and its answer alone tells the secret', async () => {
    const { id, body } = await pushed({ endpoint: { url, auth: { kind: 'bearer', token } } })
    expect(body).toMatchObject({
      state: 'awaiting-consent',
      mode: 'push',
      endpoint: { url, auth: { kind: 'bearer' }, version: 1, consented: false },
      signingKey: expect.stringMatching(/^whpk_[\w+/]{43}=$/),
      secret: expect.stringMatching(/^whsec_/),
    })
    const later = await read(id)
    expect(later).toMatchObject({ signingKey: body['signingKey'], endpoint: { url } })
    expect(later).not.toHaveProperty('secret')
    const page = await bus.engine.log.read(
      { topic: 'control', partition: 0, offset: 0 },
      { messages: 1000, bytes: 4_000_000, waitMs: 0 },
    )
    const facts = page.messages.map(({ value }) => String(value)).join('\n')
    for (const secret of [token, String(body['secret']), 'whsk_']) {
      expect(facts).not.toContain(secret)
      expect(JSON.stringify(later)).not.toContain(secret)
    }
  })

  test('asked for again with the same key is one, with the same keys', async () => {
    const key = { 'idempotency-key': 'push-1' }
    const first = await minsa('POST /v1/subscriptions', wish, key)
    expect(await minsa('POST /v1/subscriptions', wish, key)).toMatchObject({ status: 201, body: first.body })
    expect((await pushed()).body['signingKey']).not.toBe(first.body['signingKey'])
  })

  test('is not pulled: its cursor is the bus’s', async () => {
    const { id } = await pushed()
    expect(await minsa(`GET /v1/subscriptions/${id}/events`)).toMatchObject({
      status: 403,
      body: { code: 'forbidden', decision: expect.any(String) },
    })
    await consentedTo(id)
    for (const [what, body] of [
      [`GET /v1/subscriptions/${id}/events`, undefined],
      [`PUT /v1/subscriptions/${id}/cursor`, { cursor: 'any' }],
    ] as const)
      expect(await minsa(what, body)).toMatchObject({ status: 409, body: { code: 'state-conflict' } })
  })

  test('is confirmed by the operator alone, with a reason, once', async () => {
    const { id } = await pushed()
    const reason = { reason: 'The handshake can not pass the gateway of minsa' }
    for (const as of [minsa, te])
      expect(await as(`POST /v1/subscriptions/${id}/confirm`, reason)).toMatchObject({
        status: 403,
        body: { whoCanGrant: expect.arrayContaining(['operator']) },
      })
    expect(await operator(`POST /v1/subscriptions/${id}/confirm`, {})).toMatchObject({ status: 400 })
    expect(await operator(`POST /v1/subscriptions/${id}/confirm`, reason)).toMatchObject({
      status: 200,
      body: { id, state: 'active' },
    })
    expect(await operator(`POST /v1/subscriptions/${id}/confirm`, reason)).toMatchObject({ status: 409 })
    const { items } = (await minsa(`GET /v1/subscriptions/${id}/history`)).body as { items: readonly object[] }
    expect(items.at(-1)).toMatchObject({ type: 'subscription-consented', by: { institution: 'operator' }, ...reason })
  })

  test('tells its publisher that it is there, not where it leads to', async () => {
    const { id } = await pushed()
    expect(await read(id, te)).toMatchObject({ id, mode: 'push', consumer: 'minsa' })
    expect(await read(id, te)).not.toHaveProperty('endpoint')
    expect(await read(id, te)).not.toHaveProperty('signingKey')
    expect(await read(id, operator)).toHaveProperty('endpoint')
  })

  test('is paused while it waits, and waits on when it goes on', async () => {
    const { id } = await pushed()
    await minsa(`POST /v1/subscriptions/${id}/pause`, {})
    expect((await minsa(`POST /v1/subscriptions/${id}/resume`, {})).body).toMatchObject({ state: 'awaiting-consent' })
  })

  test('that was blocked goes on once it is resumed, and all that is held is due', async () => {
    const { id } = await pushed()
    await consentedTo(id)
    await decide(bus, { type: 'subscription-blocked', aggregate: `subscription:${id}`, reason: 'held-too-many' })
    expect(await read(id)).toMatchObject({ state: 'blocked', reason: 'held-too-many' })
    expect((await minsa(`POST /v1/subscriptions/${id}/resume`, {})).body).toMatchObject({ state: 'active' })
    expect(stateOf(id)?.orders).toMatchObject([{ kind: 'retry' }])
  })

  test('leaves no key behind when it ends', async () => {
    const { id } = await pushed({ endpoint: { url, auth: { kind: 'bearer', token } } })
    const state = stateOf(id)
    const names = [
      ...(state?.keys ?? []).map(({ sealed }) => `push-key/${id}/${sealed}`),
      `endpoint-auth/${id}/${String(state?.endpoint?.sealed)}`,
    ]
    const kept = async () => (await Promise.all(names.map((name) => bus.engine.registers.get(name)))).filter(Boolean)
    expect(await kept()).toHaveLength(3)
    expect(await minsa(`DELETE /v1/subscriptions/${id}`)).toMatchObject({ status: 200 })
    expect(await kept()).toHaveLength(0)
  })

  const pair = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' })
  test.each<[string, string, object]>([
    ['endpoint-not-allowed', '/endpoint/url', { url: 'http://minsa.example/hooks' }],
    ['endpoint-not-allowed', '/endpoint/url', { url: 'https://127.0.0.1/hooks' }],
    ['endpoint-not-allowed', '/endpoint/url', { url: 'https://me:secret@minsa.example/' }],
    ['identifier-in-clear', '/endpoint/url', { url: 'https://minsa.example/8-123-456' }],
    ['body-invalid', '/endpoint/url', {}],
    [
      'endpoint-not-allowed',
      '/endpoint/auth/tokenUrl',
      { url, auth: { kind: 'oauth2', tokenUrl: 'https://10.0.0.1/token', clientId: 'c', clientSecret: 's' } },
    ],
    ['body-invalid', '/endpoint/auth/certificate', { url, auth: { kind: 'mtls', certificate: 'x', key: pair } }],
  ])('with an endpoint that can not be is refused: %s at %s (%#)', async (code, pointer, endpoint) => {
    const refused = await minsa('POST /v1/subscriptions', { ...wish, endpoint })
    expect(refused.body).toMatchObject({ code, pointer })
    expect(JSON.stringify(refused.body)).not.toMatch(/secret|8-123-456/)
  })

  test.each<[string, unknown]>([
    ['/filter/exact', { exact: { 'data.mother': 'x' } }],
    ['/filter/any/1/suffix', { any: [{ exact: { type: 'x' } }, { suffix: { 'data.child': '9' } }] }],
    ['/filter', { like: { type: '%' } }],
    ['/filter', 'data.place = 1'],
  ])('with a filter that can not be is refused with a pointer to %s (%#)', async (pointer, filter) => {
    expect(await minsa('POST /v1/subscriptions', { ...wish, filter })).toMatchObject({
      status: 400,
      body: { code: 'body-invalid', pointer },
    })
  })
})

describe('What a subscription is given later', () => {
  const patch = (id: string, body: object, headers = {}) => minsa(`PATCH /v1/subscriptions/${id}`, body, headers)

  test('another address needs consent again; other credentials at the same one do not, and the old are destroyed', async () => {
    const { id } = await pushed({ endpoint: { url, auth: { kind: 'bearer', token } } })
    await consentedTo(id)
    const before = String(stateOf(id)?.endpoint?.sealed)
    expect(await patch(id, { endpoint: { auth: { kind: 'bearer', token: 'another' } } })).toMatchObject({
      status: 200,
      body: { state: 'active', endpoint: { url, version: 2, consented: true } },
    })
    expect(await bus.engine.registers.get(`endpoint-auth/${id}/${before}`)).toBeUndefined()
    const kept = stateOf(id)?.endpoint?.sealed
    expect(await patch(id, { endpoint: { url: `${url}/new` } })).toMatchObject({
      status: 200,
      body: { state: 'awaiting-consent', endpoint: { url: `${url}/new`, version: 3, consented: false } },
    })
    expect(stateOf(id)?.endpoint).toMatchObject({ auth: 'bearer', sealed: kept })
    expect((await patch(id, { endpoint: { auth: { kind: 'none' } } })).body).toMatchObject({
      endpoint: { auth: { kind: 'none' } },
    })
    expect(await bus.engine.registers.get(`endpoint-auth/${id}/${String(kept)}`)).toBeUndefined()
  })

  test('a rotated secret is told once and signs beside the old one for the time asked', async () => {
    const { id, body } = await pushed()
    const rotated = await patch(id, { rotate: 'secret', overlapSeconds: 60 })
    expect(rotated.body['secret']).toMatch(/^whsec_/)
    expect(rotated.body['secret']).not.toBe(body['secret'])
    const until = Date.parse(String(stateOf(id)?.keys.find((key) => key.until !== undefined)?.until))
    expect(until - Date.now()).toBeLessThanOrEqual(60_000)
    const signing = await patch(id, { rotate: 'signing-key' })
    expect(signing.body['signingKey']).not.toBe(body['signingKey'])
    expect(signing.body).not.toHaveProperty('secret')
    expect(stateOf(id)?.keys).toHaveLength(4)
    await patch(id, { rotate: 'secret' })
    expect(stateOf(id)?.keys).toHaveLength(4)
  })

  test('a filter is set, changed and taken away, for a pull too; the same again changes nothing', async () => {
    await decide(bus, subscribed('filtered', { agreement: 'agr_p' }))
    const filter = { prefix: { 'data.place': 'Anc' } }
    const set = await patch('sub_filtered', { filter })
    expect(set.body).toMatchObject({ filter, mode: 'pull' })
    const version = bus.control.policy.version('subscription:sub_filtered')
    expect(await patch('sub_filtered', { filter })).toMatchObject({ status: 200 })
    expect(bus.control.policy.version('subscription:sub_filtered')).toBe(version)
    expect((await patch('sub_filtered', { filter: [filter] })).body).toMatchObject({ filter: { all: [filter] } })
    expect((await patch('sub_filtered', { filter: null })).body).not.toHaveProperty('filter')
    expect((await patch('sub_filtered', { baseline: 'exclude' })).body).toMatchObject({ baseline: 'exclude' })
  })

  test.each<[string, object]>([
    ['/filter/exact', { filter: { exact: { 'data.mother': 'x' } } }],
    ['/endpoint', { endpoint: { url } }],
    ['/rotate', { rotate: 'secret' }],
    ['/surprise', { surprise: 1 }],
    ['', {}],
  ])('of a pull is refused with a pointer to the fault: %s', async (pointer, body) => {
    expect(await patch('sub_p', body)).toMatchObject({
      status: 400,
      body: { code: 'body-invalid', pointer },
    })
  })

  test('counts if nobody changed it meanwhile: If-Match', async () => {
    const { id } = await pushed()
    const seen = { 'if-match': '"1"' }
    expect(await patch(id, { baseline: 'exclude' }, seen)).toMatchObject({ status: 200 })
    expect(await patch(id, { baseline: 'include' }, seen)).toMatchObject({ status: 412 })
  })

  test('is changed by whoever may: another system of the consumer may, another institution sees nothing', async () => {
    const { id } = await pushed()
    const other = bus.as('minsa.other')
    expect(await other(`PATCH /v1/subscriptions/${id}`, { endpoint: { url } })).toMatchObject({ status: 200 })
    expect(stateOf(id)?.endpoint).toMatchObject({ system: 'minsa.other' })
    const caja = bus.as('caja.main')
    expect(await caja(`PATCH /v1/subscriptions/${id}`, { baseline: 'exclude' })).toMatchObject({ status: 404 })
    expect(await te(`PATCH /v1/subscriptions/${id}`, { baseline: 'exclude' })).toMatchObject({ status: 403 })
  })

  test('by many at once: each change counts once, and what is named is what is sealed', async () => {
    const { id } = await pushed()
    const tokens = ['a', 'b', 'c', 'd', 'e'].map((each) => `token-${each}`)
    const patched = await Promise.all(
      tokens.map((each) => patch(id, { endpoint: { auth: { kind: 'bearer', token: each } } })),
    )
    expect(patched.map(({ status }) => status)).toEqual(tokens.map(() => 200))
    expect(stateOf(id)?.endpoint?.version).toBe(6)
    const sealed = String(stateOf(id)?.endpoint?.sealed)
    expect(await bus.engine.registers.get(`endpoint-auth/${id}/${sealed}`)).toBeDefined()
  })
})
