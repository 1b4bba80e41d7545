import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { governance } from '../src/index.ts'
import { facts, type, wish } from './birth-facts.ts'
import { type Asking, type OpenBus } from '@unavez/service-kit/testing'

import { openBus } from './open-bus.ts'

let bus: OpenBus
let te: Asking
let css: Asking
let minsa: Asking

beforeAll(async () => {
  bus = await openBus(governance, facts)
  te = bus.as('te.registro')
  css = bus.as('css.main')
  minsa = bus.as('minsa.main')
})
afterAll(() => bus?.close())

const requested = async (): Promise<string> => String((await css('POST /v1/agreements', wish)).body['id'])

const active = async (): Promise<string> => {
  const id = await requested()
  expect(await te(`POST /v1/agreements/${id}/approve`, { reason: 'Agreed' })).toMatchObject({ status: 200 })
  return id
}

describe('Agreements', () => {
  test('are requested by the consumer and approved by the owner of the contract, as in the worked example', async () => {
    const made = await css('POST /v1/agreements', wish)
    expect(made.status).toBe(201)
    const id = String(made.body['id'])
    expect(id).toMatch(/^agr_[a-z2-7]{26}$/)
    expect(made.body).toMatchObject({ id, state: 'pending', consumer: 'css', owner: 'te', contract: type })
    expect(await css(`POST /v1/agreements/${id}/approve`, { reason: 'Please' })).toMatchObject({
      status: 403,
      body: { decision: expect.any(String), whoCanGrant: ['te'] },
    })
    expect(await te(`POST /v1/agreements/${id}/approve`, { reason: 'Agreed' })).toMatchObject({
      status: 200,
      body: { state: 'active' },
    })
    expect(await css(`GET /v1/agreements/${id}`)).toMatchObject({ status: 200, body: { id, state: 'active' } })
    const history = await te(`GET /v1/agreements/${id}/history`)
    expect(history.body).toMatchObject({
      items: [
        { type: 'agreement-requested', version: 1, by: { institution: 'css' }, at: expect.any(String) },
        { type: 'agreement-approved', version: 2, by: { institution: 'te' }, reason: 'Agreed' },
      ],
    })
  })

  test('P11: in the name of another institution are refused with a decision', async () => {
    expect(await css('POST /v1/agreements', { ...wish, consumer: 'minsa' })).toMatchObject({
      status: 403,
      body: { decision: expect.any(String) },
    })
  })

  test('are not seen by a third institution', async () => {
    const id = await active()
    for (const [method, path, body] of [
      ['GET', `/v1/agreements/${id}`, undefined],
      ['GET', `/v1/agreements/${id}/history`, undefined],
      ['POST', `/v1/agreements/${id}/approve`, { reason: 'x' }],
      ['POST', `/v1/agreements/${id}/end`, { reason: 'x' }],
    ] as const) {
      const answer = await minsa(`${method} ${path}`, body)
      expect(answer).toMatchObject({ status: 404, body: { code: 'not-found' } })
      expect(answer.body['decision']).toBeUndefined()
    }
    expect((await minsa('GET /v1/agreements')).body).toEqual({ items: [], next: null })
  })

  test('are listed by state and contract', async () => {
    const pending = await requested()
    const items = async (query: string) =>
      ((await te(`GET /v1/agreements${query}`)).body['items'] as { id: string; state: string }[]).map((item) => item)
    expect((await items('?state=pending&limit=1000')).map(({ id }) => id)).toContain(pending)
    expect((await items('?state=pending')).every(({ state }) => state === 'pending')).toBe(true)
    expect(await items('?contract=pa.gob.civil.other.v1')).toEqual([])
    expect(await te('GET /v1/agreements?state=unknown')).toMatchObject({
      status: 400,
      body: { code: 'query-invalid', pointer: '/state' },
    })
  })

  test('requested again with the same key get the same answer, and another body under that key is refused', async () => {
    const key = { 'idempotency-key': 'request-1' }
    const first = await css('POST /v1/agreements', wish, key)
    await te(`POST /v1/agreements/${String(first.body['id'])}/approve`, { reason: 'Agreed' })
    const again = await css('POST /v1/agreements', wish, key)
    expect(again.status).toBe(201)
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('unavez-at')).toBe(first.headers.get('unavez-at'))
    expect(await css('POST /v1/agreements', { ...wish, fields: ['child'] }, key)).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    })
  })

  test('are approved once, however many approve at the same time', async () => {
    const id = await requested()
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => te(`POST /v1/agreements/${id}/approve`, { reason: 'Agreed' })),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(7)
    const { body } = await te(`GET /v1/agreements/${id}/history`)
    expect(body['items']).toHaveLength(2)
  })

  test('honour If-Match', async () => {
    const id = await active()
    const { headers } = await te(`GET /v1/agreements/${id}`)
    expect(headers.get('etag')).toBe('"2"')
    const reason = { reason: 'Audit' }
    expect(await te(`POST /v1/agreements/${id}/suspend`, reason, { 'if-match': '"1"' })).toMatchObject({
      status: 412,
      body: { code: 'precondition-failed' },
    })
    expect(await te(`POST /v1/agreements/${id}/suspend`, reason, { 'if-match': '"2"' })).toMatchObject({
      status: 200,
      body: { state: 'suspended' },
    })
  })

  test('suspended by one side are not resumed by the other', async () => {
    const id = await active()
    await te(`POST /v1/agreements/${id}/suspend`, { reason: 'Audit' })
    expect(await css(`POST /v1/agreements/${id}/resume`, { reason: 'Please' })).toMatchObject({
      status: 403,
      body: { decision: expect.any(String), whoCanGrant: ['te'] },
    })
    expect(await te(`POST /v1/agreements/${id}/resume`, { reason: 'Done' })).toMatchObject({
      status: 200,
      body: { state: 'active', backlog: 'deliver' },
    })
  })

  test('resumed without what waited take the end of their domain into the fact', async () => {
    await bus.engine.log.ensureTopics([{ name: 'events.civil', partitions: 12, cleanup: 'keep' }])
    for (const partition of [3, 3, 5]) {
      await bus.engine.log.append({ topic: 'events.civil', partition, key: null, value: Buffer.from('x'), headers: {} })
    }
    const id = await active()
    await te(`POST /v1/agreements/${id}/suspend`, { reason: 'Audit' })
    const resumed = await te(`POST /v1/agreements/${id}/resume`, { reason: 'Done', backlog: 'skip' })
    expect(resumed).toMatchObject({ status: 200, body: { state: 'active', backlog: 'skip' } })
    const page = await bus.engine.log.read(
      { topic: 'control', partition: 0, offset: Number(resumed.headers.get('unavez-at')) },
      { messages: 1, bytes: 100_000, waitMs: 0 },
    )
    expect(JSON.parse(page.messages[0]?.value?.toString() ?? '')).toMatchObject({
      facts: [
        { type: 'agreement-resumed', backlog: 'skip', skipTo: [0, 0, 0, 2, 0, 1, 0, 0, 0, 0, 0, 0] },
        { type: 'contract-used' },
      ],
    })
  })

  test('end for good', async () => {
    const id = await active()
    expect(await css(`POST /v1/agreements/${id}/end`, { reason: 'Done' })).toMatchObject({
      status: 200,
      body: { state: 'ended' },
    })
    expect(await te(`POST /v1/agreements/${id}/suspend`, { reason: 'x' })).toMatchObject({
      status: 409,
      body: { code: 'state-conflict', detail: expect.any(String) },
    })
  })

  test.each([
    ['/fields', { ...wish, fields: [] }],
    ['/fields/1', { ...wish, fields: ['child', 'child'] }],
    ['/fields/0', { ...wish, fields: ['nothing'] }],
    ['/contract', { ...wish, contract: 'pa.gob.civil.unknown.v1' }],
    ['/validUntil', { ...wish, validUntil: '2020-01-01T00:00:00Z' }],
    ['/validUntil', { ...wish, validUntil: 'tomorrow' }],
    ['/purpose/en', { ...wish, purpose: { es: 'x' } }],
    ['/legalBasis/norm', { ...wish, legalBasis: { kind: 'law' } }],
    ['/consumer', { ...wish, consumer: 7 }],
    ['/consumer', {}],
  ])('with a fault at %s are refused with a pointer to it (%#)', async (pointer, body) => {
    expect(await css('POST /v1/agreements', body)).toMatchObject({
      status: 400,
      body: { code: 'body-invalid', pointer },
    })
  })

  test('without a reason are not changed', async () => {
    const id = await requested()
    expect(await te(`POST /v1/agreements/${id}/approve`, {})).toMatchObject({
      status: 400,
      body: { pointer: '/reason' },
    })
    expect(await te(`POST /v1/agreements/${id}/approve`)).toMatchObject({ status: 400 })
  })
})
