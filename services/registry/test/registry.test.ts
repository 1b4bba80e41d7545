import { SchemaRegistry } from '@kafkajs/confluent-schema-registry'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Contract } from '@unavez/contracts'
import type { Fact } from '@unavez/policy'

import { registry } from '../src/index.ts'
import { type Asking, joined, type OpenBus, registered } from '@unavez/service-kit/testing'

import { openBus } from './open-bus.ts'

const type = 'pa.gob.civil.birth-registered.v1'
const subject = 'pa.gob.civil.v1.BirthRegistered'

const schema = {
  type: 'record',
  name: 'BirthRegistered',
  namespace: 'pa.gob.civil.v1',
  fields: [
    {
      name: 'child',
      type: 'string',
      identifies: 'person',
      scheme: 'pa-cedula',
      role: 'key',
      classification: 'personal',
      doc: { es: 'Recién nacido', en: 'Newborn' },
    },
    { name: 'birthDate', type: { type: 'int', logicalType: 'date' }, classification: 'personal', doc: 'Day of birth' },
    {
      name: 'mother',
      type: ['null', 'string'],
      default: null,
      identifies: 'person',
      scheme: 'pa-cedula',
      role: 'party',
      classification: 'personal',
      doc: 'Mother',
    },
  ],
}

const birth = {
  type,
  kind: 'event',
  domain: 'civil',
  owner: 'te',
  retention: 'P90D',
  description: { es: 'Se inscribió un nacimiento', en: 'A birth was registered' },
  schema,
}

const facts: readonly Fact[] = [
  joined('te'),
  registered('te', 'registro', ['publisher', 'provider', 'administrator']),
  joined('css'),
  registered('css', 'main', ['consumer', 'requester', 'administrator']),
]

let bus: OpenBus
let te: Asking
let css: Asking

beforeAll(async () => {
  bus = await openBus(registry, facts)
  te = bus.as('te.registro')
  css = bus.as('css.main')
})
afterAll(() => bus?.close())

/** The same contract in another domain, so that each test has one of its own. */
const contractIn = (domain: string, more: object = {}) => ({
  ...birth,
  type: `pa.gob.${domain}.birth-registered.v1`,
  domain,
  schema: { ...schema, namespace: `pa.gob.${domain}.v1` },
  ...more,
})

describe('Contracts', () => {
  test('are drafted and published by their owner, as in the worked example', async () => {
    const drafted = await te('POST /v1/contracts', birth)
    expect(drafted).toMatchObject({ status: 201, body: { type, version: 1, state: 'draft' } })
    expect(drafted.headers.get('unavez-at')).toMatch(/^\d+$/)
    const published = await te(`POST /v1/contracts/${type}/publish`)
    expect(published.status).toBe(200)
    expect(published.body).toEqual({ type, state: 'published', version: 1, schemaId: 1 })
    expect(await bus.engine.log.bounds('events.civil')).toHaveLength(12)
    const read = await css(`GET /v1/contracts/${type}`)
    expect(read).toMatchObject({
      status: 200,
      body: {
        type,
        state: 'published',
        version: 1,
        schemaId: 1,
        owner: 'te',
        fields: [
          { name: 'child', classification: 'personal', identifies: 'person', role: 'key' },
          { name: 'birthDate', classification: 'personal' },
          { name: 'mother', role: 'party' },
        ],
        versions: [{ version: 1, state: 'published', schemaId: 1 }],
      },
    })
    expect(read.headers.get('etag')).toBe('"2"')
  })

  test('published again are a conflict, unless it is the same command', async () => {
    const contract = contractIn('again')
    await te('POST /v1/contracts', contract)
    const path = `/v1/contracts/${contract.type}/publish`
    const first = await te(`POST ${path}`, undefined, { 'idempotency-key': 'publish-again' })
    const repeated = await te(`POST ${path}`, undefined, { 'idempotency-key': 'publish-again' })
    expect(repeated.body).toEqual(first.body)
    expect(await te(`POST ${path}`)).toMatchObject({ status: 409, body: { code: 'state-conflict' } })
  })

  test('exist once', async () => {
    const contract = contractIn('once')
    const answers = await Promise.all(Array.from({ length: 6 }, () => te('POST /v1/contracts', contract)))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(5)
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'contract-exists' })
  })

  test('P11: of another institution are neither drafted nor published, and the refusal carries a decision', async () => {
    expect(await css('POST /v1/contracts', contractIn('foreign'))).toMatchObject({
      status: 403,
      body: { decision: expect.any(String), whoCanGrant: ['te'] },
    })
    const contract = contractIn('owned')
    await te('POST /v1/contracts', contract)
    expect(await css(`POST /v1/contracts/${contract.type}/publish`)).toMatchObject({
      status: 403,
      body: { decision: expect.any(String), whoCanGrant: ['te'] },
    })
  })

  test('that do not exist make no topic', async () => {
    expect(await te('POST /v1/contracts/pa.gob.typo.birth-registered.v1/publish')).toMatchObject({ status: 404 })
    await expect(bus.engine.log.bounds('events.typo')).rejects.toMatchObject({ code: 'unknown-topic' })
  })

  test('are found by domain, owner, state and words', async () => {
    const found = async (query: string) =>
      ((await css(`GET /v1/contracts?${query}`)).body['items'] as { type: string }[]).map((item) => item.type)
    await te('POST /v1/contracts', contractIn('search', { description: { es: 'Inscripción única', en: 'Only' } }))
    const searched = 'pa.gob.search.birth-registered.v1'
    expect(await found('domain=search')).toEqual([searched])
    expect(await found('q=INSCRIPCION')).toEqual([searched])
    expect(await found('q=birthdate&domain=search')).toEqual([searched])
    expect(await found('state=published&domain=search')).toEqual([])
    expect(await found('owner=css')).toEqual([])
    expect(await found('kind=evidence')).toEqual([])
  })

  test('give each version with its schema as Avro', async () => {
    const contract = contractIn('versions')
    await te('POST /v1/contracts', contract)
    expect(await css(`GET /v1/contracts/${contract.type}/versions/1`)).toMatchObject({
      status: 200,
      body: { version: 1, state: 'draft' },
    })
    const avro = await css(`GET /v1/contracts/${contract.type}/versions/1/schema?format=avro`)
    expect(avro.body).toEqual(contract.schema)
    expect(await css(`GET /v1/contracts/${contract.type}/versions/2`)).toMatchObject({ status: 404 })
    expect(await css(`GET /v1/contracts/${contract.type}/versions/x`)).toMatchObject({ status: 404 })
  })

  test.each<[string, number, object]>([
    ['/type', 400, { type: 'births' }],
    ['/domain', 400, { domain: 'tax' }],
    ['/kind', 400, { kind: 'rumour' }],
    ['/retention', 400, { retention: 'P1D' }],
    ['/description/en', 400, { description: { es: 'x' } }],
    ['/schema', 400, { schema: 'record' }],
    ['/owner', 400, { owner: 7 }],
    ['/schema/name', 422, { schema: { ...schema, namespace: 'pa.gob.bad.v1', name: 'Other' } }],
    ['/schema/fields', 422, { schema: { ...schema, namespace: 'pa.gob.bad.v1', fields: [] } }],
    [
      '/schema/fields/0/classification',
      422,
      { schema: { ...schema, namespace: 'pa.gob.bad.v1', fields: [{ name: 'child', type: 'string' }] } },
    ],
  ])('with a fault at %s are refused with a pointer to it', async (pointer, status, more) => {
    expect(await te('POST /v1/contracts', contractIn('bad', more))).toMatchObject({ status, body: { pointer } })
    expect((await te('GET /v1/contracts?domain=bad')).body['items']).toEqual([])
  })
})

describe('The registry API of Confluent', () => {
  const confluent = 'application/vnd.schemaregistry.v1+json'
  let text: string
  beforeAll(() => {
    text = new Contract(type, schema).schemaText
  })

  test('lists subjects and versions of published contracts', async () => {
    const { body, headers } = await css('GET /registry/subjects')
    expect(headers.get('content-type')).toBe(confluent)
    expect(body).toContain(subject)
    expect(body).not.toContain('pa.gob.owned.v1.BirthRegistered')
    expect((await css(`GET /registry/subjects/${subject}/versions`)).body).toEqual([1])
    for (const version of ['1', 'latest', '-1']) {
      expect((await css(`GET /registry/subjects/${subject}/versions/${version}`)).body).toEqual({
        subject,
        version: 1,
        id: 1,
        schema: text,
      })
    }
    expect((await css(`GET /registry/subjects/${subject}/versions/1/schema`)).body).toEqual(JSON.parse(text))
  })

  test('gives schemas by id', async () => {
    expect((await css('GET /registry/schemas/ids/1?fetchMaxId=false')).body).toEqual({ schema: text })
    expect((await css('GET /registry/schemas/ids/1/versions')).body).toEqual([{ subject, version: 1 }])
  })

  test('looks a schema up whatever the order of its words, attributes included', async () => {
    const lookUp = async (given: object | string) =>
      css(
        `POST /registry/subjects/${subject}`,
        { schema: typeof given === 'string' ? given : JSON.stringify(given) },
        { 'content-type': confluent },
      )
    const { fields, ...rest } = schema
    expect((await lookUp({ fields, ...rest })).body).toEqual({ subject, version: 1, id: 1, schema: text })
    expect(await lookUp({ ...schema, doc: 'Another' })).toMatchObject({ status: 404, body: { error_code: 40403 } })
    expect(await lookUp('{')).toMatchObject({ status: 422, body: { error_code: 42201 } })
    expect(await lookUp('"string"')).toMatchObject({ status: 422, body: { error_code: 42201 } })
  })

  test.each([
    ['/registry/subjects/pa.gob.none.v1.Nothing/versions', 404, 40401],
    ['/registry/subjects/nonsense/versions/latest', 404, 40401],
    ['/registry/subjects/__proto__/versions/1', 404, 40401],
    [`/registry/subjects/${subject}/versions/2`, 404, 40402],
    [`/registry/subjects/${subject}/versions/zero`, 422, 42202],
    ['/registry/schemas/ids/999', 404, 40403],
    ['/registry/schemas/ids/constructor', 404, 40403],
    ['/registry/config/pa.gob.none.v1.Nothing', 404, 40401],
  ])('says what %s lacks in the codes that its clients know', async (path, status, code) => {
    expect(await css(`GET ${path}`)).toMatchObject({
      status,
      body: { error_code: code, message: expect.any(String) },
    })
  })

  test('tells compatibility and mode', async () => {
    expect((await css('GET /registry/config')).body).toEqual({ compatibilityLevel: 'FULL_TRANSITIVE' })
    expect((await css(`GET /registry/config/${subject}`)).body).toEqual({ compatibilityLevel: 'FULL_TRANSITIVE' })
    expect((await css('GET /registry/mode')).body).toEqual({ mode: 'READWRITE' })
  })

  test('lets a standard client decode what the bus wrote, and find the id of a schema', async () => {
    const client = new SchemaRegistry({
      host: `${bus.url}/registry`,
      auth: { username: 'css.main', password: bus.tokenOf('css.main') },
      retry: { retries: 0 },
    })
    const data = { child: '8-1234-567', birthDate: '2026-11-20', mother: null }
    const { wire } = new Contract(type, schema).encode(data, { schemaId: 1 })
    const days = Date.UTC(2026, 10, 20) / 86_400_000
    expect({ ...(await client.decode(wire)) }).toEqual({ child: '8-1234-567', birthDate: days, mother: null })
    expect(await client.getLatestSchemaId(subject)).toBe(1)
    expect(await client.getRegistryIdBySchema(subject, { type: 'AVRO', schema: JSON.stringify(schema) } as never)).toBe(
      1,
    )
  })

  test('tells what the bus refuses in the shape that its clients read', async () => {
    const anonymous = await fetch(`${bus.url}/registry/schemas/ids/1`, { headers: { 'accept-language': 'en' } })
    expect(anonymous.status).toBe(401)
    expect(anonymous.headers.get('content-type')).toBe(confluent)
    expect(anonymous.headers.get('www-authenticate')).toContain('Bearer')
    expect(await anonymous.json()).toMatchObject({ error_code: 40101, message: expect.any(String) })
    expect(await css(`POST /registry/subjects/${subject}`, {})).toMatchObject({
      status: 400,
      body: { error_code: 40001, code: 'body-invalid' },
    })
    expect(await bus.as('css.unknown')('GET /registry/subjects')).toMatchObject({
      status: 403,
      body: { error_code: 40301, decision: expect.any(String) },
    })
  })

  test('is closed to whoever has no token, and to a token under another name', async () => {
    expect((await fetch(`${bus.url}/registry/subjects`)).status).toBe(401)
    const basic = Buffer.from(`te.registro:${bus.tokenOf('css.main')}`).toString('base64')
    const answer = await fetch(`${bus.url}/registry/subjects`, { headers: { authorization: `Basic ${basic}` } })
    expect(answer.status).toBe(401)
  })
})
