import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { canonicalJson } from '@unavez/contracts'
import type { Fact } from '@unavez/policy'
import { type Asking, type OpenBus } from '@unavez/service-kit/testing'

import { governance } from '../src/index.ts'
import { facts, type, wish } from './birth-facts.ts'
import { openBus } from './open-bus.ts'

let bus: OpenBus
let te: Asking
let css: Asking
let minsa: Asking
const pair = generateKeyPairSync('ed25519')
const { kty = '', crv = '', x = '' } = pair.publicKey.export({ format: 'jwk' })
const keyAdded: Fact = { type: 'system-key-added', aggregate: 'system:te.registro', key: { kid: 'te-1', kty, crv, x } }

const person = (institution: string, id: string, role: 'dpo' | 'officer'): Fact => ({
  type: 'person-added',
  aggregate: `person:${institution}/${id}`,
  institution,
  id,
  name: id,
  roles: [role],
})

beforeAll(async () => {
  const people = [person('css', 'ana', 'dpo'), person('te', 'luis', 'dpo'), person('te', 'eva', 'officer')]
  bus = await openBus(governance, [...facts, keyAdded, ...people])
  te = bus.as('te.registro')
  css = bus.as('css.main')
  minsa = bus.as('minsa.main')
})
afterAll(() => bus?.close())

const reason = { reason: 'Agreed' }

async function active(more: object = {}): Promise<string> {
  const id = String((await css('POST /v1/agreements', { ...wish, ...more })).body['id'])
  expect(await te(`POST /v1/agreements/${id}/approve`, reason)).toMatchObject({ status: 200 })
  return id
}

const historyOf = async (id: string): Promise<readonly string[]> =>
  ((await css(`GET /v1/agreements/${id}/history`)).body['items'] as { type: string }[]).map((entry) => entry.type)

describe('A draft', () => {
  test('is its consumer’s alone until it is submitted', async () => {
    const made = await css('POST /v1/agreements', { ...wish, draft: true })
    expect(made).toMatchObject({ status: 201, body: { state: 'draft' } })
    const id = String(made.body['id'])
    expect(await te(`GET /v1/agreements/${id}`)).toMatchObject({ status: 404 })
    expect(await te(`POST /v1/agreements/${id}/approve`, reason)).toMatchObject({ status: 404 })
    const { consumer: _, contract: __, ...terms } = wish
    expect(await css(`PUT /v1/agreements/${id}`, { ...terms, fields: ['child'] })).toMatchObject({
      status: 200,
      body: { state: 'draft', fields: ['child'] },
    })
    expect(await css(`PUT /v1/agreements/${id}`, terms, { 'if-match': '"1"' })).toMatchObject({ status: 412 })
    expect(await css(`POST /v1/agreements/${id}/submit`)).toMatchObject({ status: 200, body: { state: 'pending' } })
    expect(await te(`POST /v1/agreements/${id}/approve`, reason)).toMatchObject({ body: { state: 'active' } })
    expect(await css(`POST /v1/agreements/${id}/submit`)).toMatchObject({ status: 409 })
  })
})

describe('An amendment', () => {
  test('by the consumer is approved by the owner, at one place in the log', async () => {
    const id = await active()
    const amended = await css(`POST /v1/agreements/${id}/amend`, { fields: ['child'], reason: 'Less is enough' })
    expect(amended).toMatchObject({
      status: 200,
      body: {
        version: 1,
        fields: ['child', 'birthDate'],
        amendment: { version: 2, fields: ['child'], proposer: 'css' },
      },
    })
    expect(await css(`POST /v1/agreements/${id}/approve`, reason)).toMatchObject({
      status: 403,
      body: { whoCanGrant: ['te'], decision: expect.any(String) },
    })
    expect(await te(`POST /v1/agreements/${id}/approve`, reason)).toMatchObject({
      status: 200,
      body: { state: 'active', version: 2 },
    })
    expect((await css(`GET /v1/agreements/${id}`)).body).toMatchObject({ version: 2, fields: ['child'] })
    expect((await css(`GET /v1/agreements/${id}/versions`)).body).toMatchObject({
      items: [
        { version: 1, contractVersion: 1, fields: ['child', 'birthDate'] },
        { version: 2, contractVersion: 1, fields: ['child'] },
      ],
    })
    expect(await historyOf(id)).toEqual([
      'agreement-requested',
      'agreement-approved',
      'agreement-amendment-requested',
      'agreement-amended',
    ])
  })

  test('by the owner is approved by the consumer, and taken back by whoever asked', async () => {
    const id = await active()
    const shorter = { validUntil: '2028-01-01T00:00:00Z' }
    await te(`POST /v1/agreements/${id}/amend`, shorter)
    expect(await te(`POST /v1/agreements/${id}/approve`, reason)).toMatchObject({
      status: 403,
      body: { whoCanGrant: ['css'] },
    })
    expect(await te(`POST /v1/agreements/${id}/reject`, reason)).toMatchObject({ status: 200, body: { version: 1 } })
    await te(`POST /v1/agreements/${id}/amend`, shorter)
    expect(await css(`POST /v1/agreements/${id}/approve`, reason)).toMatchObject({ status: 200, body: { version: 2 } })
  })

  test('honours If-Match', async () => {
    const id = await active()
    const etag = (await css(`GET /v1/agreements/${id}`)).headers.get('etag') ?? ''
    await te(`POST /v1/agreements/${id}/suspend`, reason)
    const amend = (match: string) =>
      css(`POST /v1/agreements/${id}/amend`, { fields: ['child'] }, { 'if-match': match })
    expect(await amend(etag)).toMatchObject({ status: 412, body: { code: 'precondition-failed' } })
    expect(await amend('"3"')).toMatchObject({ status: 200 })
  })

  test('is told with a pointer to what is wrong with it', async () => {
    const id = await active()
    for (const [body, pointer] of [
      [{ fields: ['nothing'] }, '/fields/0'],
      [{ filter: { exact: { 'data.mother': 'x' } } }, '/filter/exact'],
      [{ pseudonymous: ['birthDate'] }, '/pseudonymous/0'],
      [{ consumer: 'minsa' }, '/consumer'],
    ] as const) {
      expect(await css(`POST /v1/agreements/${id}/amend`, body)).toMatchObject({ status: 400, body: { pointer } })
    }
  })
})

describe('Sensitive fields', () => {
  test('P11: are not bound by systems: the refusal says who can', async () => {
    const made = await css('POST /v1/agreements', { ...wish, fields: ['child', 'weight'] })
    expect(made.body).toMatchObject({ state: 'pending', sensitive: ['weight'], approvals: [], awaiting: ['css', 'te'] })
    expect(await te(`POST /v1/agreements/${String(made.body['id'])}/approve`, reason)).toMatchObject({
      status: 403,
      body: { decision: expect.any(String), whoCanGrant: ['te'], remedy: expect.stringContaining('dpo') },
    })
  })

  test('are approved by the dpo of both sides, each recorded with the person, even at the same moment', async () => {
    const [ana, luis, eva] = [bus.asPerson('css', 'ana'), bus.asPerson('te', 'luis'), bus.asPerson('te', 'eva')]
    const made = await css('POST /v1/agreements', { ...wish, fields: ['child', 'weight'] })
    const id = String(made.body['id'])
    const url = `POST /v1/agreements/${id}/approve`
    expect(await eva(url, reason)).toMatchObject({ status: 403, body: { whoCanGrant: ['te'] } })
    const both = await Promise.all([ana(url, reason), luis(url, reason)])
    expect(both.map(({ status }) => status)).toEqual([200, 200])
    expect(await luis(url, reason)).toMatchObject({ status: 409 })
    expect((await css(`GET /v1/agreements/${id}`)).body).toMatchObject({ state: 'active' })
    const { items } = (await css(`GET /v1/agreements/${id}/history`)).body as {
      items: { type: string; by: { institution: string; person?: string } }[]
    }
    const endorsed = items.filter((entry) => entry.type === 'agreement-endorsed').map(({ by }) => by)
    expect(endorsed.map(({ institution, person }) => `${institution}/${person}`).toSorted()).toEqual([
      'css/ana',
      'te/luis',
    ])
    expect(items.filter((entry) => entry.type === 'agreement-approved')).toHaveLength(1)
  })

  test('wait for the other side after the first yes, and tell for whom', async () => {
    const made = await css('POST /v1/agreements', { ...wish, fields: ['child', 'weight'] })
    const id = String(made.body['id'])
    const first = await bus.asPerson('te', 'luis')(`POST /v1/agreements/${id}/approve`, reason)
    expect(first).toMatchObject({ status: 200, body: { state: 'pending', awaiting: ['css'] } })
    expect((await te(`GET /v1/agreements/${id}`)).body).toMatchObject({
      state: 'pending',
      approvals: [{ institution: 'te', person: 'luis' }],
      awaiting: ['css'],
    })
  })
})

describe('Bulk', () => {
  const { consumer: _, ...template } = wish
  const institutions = ['css', 'minsa', 'nobody']

  test('tells first what would be made and what refused, and then makes just that', async () => {
    const before = (await te('GET /v1/agreements?limit=1000')).body['items'] as unknown[]
    const dry = await te('POST /v1/agreements/bulk', { template, institutions, dryRun: true })
    expect(dry).toMatchObject({
      status: 200,
      body: {
        dryRun: true,
        items: [
          { institution: 'css', result: 'would-be-made' },
          { institution: 'minsa', result: 'would-be-made' },
          { institution: 'nobody', result: 'refused', problem: { code: 'state-conflict' } },
        ],
      },
    })
    expect((await te('GET /v1/agreements?limit=1000')).body['items']).toHaveLength(before.length)
    const key = { 'idempotency-key': 'bulk-1' }
    const made = await te('POST /v1/agreements/bulk', { template, institutions }, key)
    const items = made.body['items'] as { id: string; result: string }[]
    expect(items.map(({ result }) => result)).toEqual(['made', 'made', 'refused'])
    const again = await te('POST /v1/agreements/bulk', { template, institutions }, key)
    expect(again.body).toEqual(made.body)
    expect(await te(`POST /v1/agreements/${items[1]?.id}/approve`, reason)).toMatchObject({ status: 403 })
    expect(await minsa(`POST /v1/agreements/${items[1]?.id}/approve`, reason)).toMatchObject({
      status: 200,
      body: { state: 'active' },
    })
  })

  test('offers no other’s contract, and says so for each institution', async () => {
    const offered = await css('POST /v1/agreements/bulk', { template, institutions: ['minsa', 'css'] })
    expect(offered.body['items']).toMatchObject([
      { institution: 'minsa', result: 'refused', problem: { code: 'forbidden' } },
      { institution: 'css', result: 'made' },
    ])
  })

  test('is bounded, and points into the template', async () => {
    const many = Array.from({ length: 201 }, (_, i) => `i${i}`)
    expect(await te('POST /v1/agreements/bulk', { template, institutions: many })).toMatchObject({ status: 400 })
    expect(await te('POST /v1/agreements/bulk', { template, institutions: ['css', 'css'] })).toMatchObject({
      status: 400,
      body: { pointer: '/institutions/1' },
    })
    const faulty = { template: { ...template, fields: ['nothing'] }, institutions: ['css'], dryRun: true }
    expect((await te('POST /v1/agreements/bulk', faulty)).body['items']).toMatchObject([
      { result: 'refused', problem: { code: 'body-invalid', pointer: '/template/fields/0' } },
    ])
  })
})

describe('The document', () => {
  const encode = (value: string): string => Buffer.from(value).toString('base64url')
  function signed(document: unknown, key: KeyObject = pair.privateKey, header: object = { alg: 'EdDSA', kid: 'te-1' }) {
    const head = encode(JSON.stringify(header))
    const signature = sign(null, Buffer.from(`${head}.${encode(canonicalJson(document))}`), key)
    return { jws: `${head}..${signature.toString('base64url')}` }
  }

  test('is signed by a key of the system that speaks, kept with the version it is about', async () => {
    const id = await active()
    const url = `/v1/agreements/${id}/document`
    const { document, digest, signatures } = (await te(`GET ${url}`)).body
    expect(document).toMatchObject({ agreement: id, version: 1, consumer: 'css', owner: 'te', contract: type })
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(signatures).toEqual([])
    const jws = signed(document)
    expect(await te(`PUT ${url}/signatures`, jws)).toMatchObject({ status: 200, body: { version: 1 } })
    expect(await te(`PUT ${url}/signatures`, jws)).toMatchObject({ status: 200 })
    await css(`POST /v1/agreements/${id}/amend`, { fields: ['child'] })
    await te(`POST /v1/agreements/${id}/approve`, reason)
    expect((await css(`GET ${url}`)).body).toMatchObject({ document: { version: 2 }, signatures: [] })
    const first = (await css(`GET ${url}?version=1`)).body
    expect(first['document']).toEqual(document)
    expect(first['signatures']).toMatchObject([{ institution: 'te', system: 'te.registro', kid: 'te-1', ...jws }])
    expect((await historyOf(id)).filter((entry) => entry === 'agreement-signed')).toHaveLength(1)
    expect(await css(`GET ${url}?version=3`)).toMatchObject({ status: 404 })
  })

  test('takes no signature by another key, over another text, of another algorithm or by another side’s key', async () => {
    const id = await active()
    const url = `/v1/agreements/${id}/document`
    const { document } = (await te(`GET ${url}`)).body
    const other = generateKeyPairSync('ed25519').privateKey
    const faults = [
      signed(document, other),
      signed({ ...Object(document), owner: 'css' }),
      signed(document, pair.privateKey, { alg: 'none', kid: 'te-1' }),
      signed(document, pair.privateKey, { alg: 'ES256', kid: 'te-1' }),
      signed(document, pair.privateKey, { alg: 'EdDSA', kid: 'te-2' }),
      signed(document, pair.privateKey, { alg: 'EdDSA', kid: 'te-1', crit: ['b64'], b64: false }),
      { jws: 'nothing' },
    ]
    for (const body of faults) {
      expect(await te(`PUT ${url}/signatures`, body)).toMatchObject({
        status: 422,
        body: { code: 'signature-invalid' },
      })
    }
    expect(await css(`PUT ${url}/signatures`, signed(document))).toMatchObject({ status: 422 })
    expect((await te(`GET ${url}`)).body['signatures']).toEqual([])
  })
})
