import { SchemaRegistry } from '@kafkajs/confluent-schema-registry'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { Contract } from '@unavez/contracts'
import { type Asking, type OpenBus } from '@unavez/service-kit/testing'

import { registry } from '../src/index.ts'
import { birthDate, child, contractIn, institutions, mother, schemaIn, weight } from './birth-contract.ts'
import { openBus } from './open-bus.ts'

const bases: readonly string[] = [
  'register',
  'write',
  'crowd',
  'other',
  'level',
  'end',
  'kafkajs',
  'key',
  'check',
  'bad',
]

let bus: OpenBus
let te: Asking
let css: Asking
let domain: string
let subject: string
let type: string
let drafts = 0

beforeAll(async () => {
  bus = await openBus(registry, institutions)
  te = bus.as('te.registro')
  css = bus.as('css.main')
})
afterAll(() => bus?.close())
beforeEach(async () => {
  domain = `${bases[drafts % bases.length]}-${'x'.repeat(1 + Math.floor(drafts++ / bases.length))}`
  subject = `pa.gob.${domain.replaceAll('-', '_')}.v1.BirthRegistered`
  const contract = contractIn(domain)
  type = contract.type
  await te('POST /v1/contracts', contract)
})

const text = (...more: readonly object[]) => JSON.stringify(schemaIn(domain, ...more))
const register = (schema: string, as = te) => as(`POST /registry/subjects/${subject}/versions`, { schema })

describe('Writing through the registry API of Confluent', () => {
  test('registers versions of a contract that is drafted, published at once, each with its id', async () => {
    const first = await register(text())
    expect(first).toMatchObject({ status: 200, body: { id: expect.any(Number) } })
    expect((await css(`GET /v1/contracts/${type}`)).body).toMatchObject({
      state: 'published',
      schemaId: first.body['id'],
    })
    expect((await register(text())).body).toEqual(first.body)
    const second = await register(text(weight))
    expect(second.body['id']).not.toBe(first.body['id'])
    expect((await css(`GET /registry/subjects/${subject}/versions`)).body).toEqual([1, 2])
    expect((await css(`GET /registry/schemas/ids/${String(first.body['id'])}/subjects`)).body).toEqual([subject])
    expect(await bus.engine.log.bounds(`events.${domain}`)).toHaveLength(12)
  })

  test('gives many who register one schema at once one id, and different schemas ids of their own', async () => {
    await register(text())
    const wide = Array.from({ length: 4 }, () => register(text(weight)))
    const wider = Array.from({ length: 4 }, () => register(text({ ...weight, name: 'height' })))
    const answers = await Promise.all([...wide, ...wider])
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200))
    expect(new Set(answers.slice(0, 4).map(({ body }) => body['id'])).size).toBe(1)
    expect(new Set(answers.map(({ body }) => body['id'])).size).toBe(2)
    expect((await css(`GET /registry/subjects/${subject}/versions`)).body).toEqual([1, 2, 3])
  })

  test('refuses what is not valid, not compatible, not theirs or not a contract, in the codes that clients know', async () => {
    await register(text())
    expect(await register('{')).toMatchObject({ status: 422, body: { error_code: 42201 } })
    expect(await register(JSON.stringify({ ...schemaIn(domain), fields: [] }))).toMatchObject({
      status: 422,
      body: { error_code: 42201, pointer: '/schema/fields' },
    })
    expect(await register(JSON.stringify({ ...schemaIn(domain), fields: [child, mother] }))).toMatchObject({
      status: 409,
      body: { error_code: 409, message: expect.stringContaining('birthDate') },
    })
    expect(await register(text(weight), css)).toMatchObject({
      status: 403,
      body: { error_code: 40301, decision: expect.any(String) },
    })
    const unknown = 'pa.gob.nowhere.v1.Nothing'
    expect(await te(`POST /registry/subjects/${unknown}/versions`, { schema: '{}' })).toMatchObject({
      status: 404,
      body: { error_code: 40401 },
    })
  })

  test('says whether a schema could follow, without registering it', async () => {
    await register(text())
    const ask = async (schema: object, version = '/latest') =>
      css(`POST /registry/compatibility/subjects/${subject}/versions${version}`, { schema: JSON.stringify(schema) })
    expect((await ask(schemaIn(domain, weight))).body).toEqual({ is_compatible: true, messages: [] })
    expect((await ask(schemaIn(domain, weight), '')).body).toMatchObject({ is_compatible: true })
    const without = { ...schemaIn(domain), fields: [child, birthDate] }
    expect((await ask({ ...without, fields: [child, mother] })).body).toMatchObject({
      is_compatible: false,
      messages: [expect.stringContaining('birthDate')],
    })
    expect(await ask(schemaIn(domain), '/7')).toMatchObject({ status: 404, body: { error_code: 40402 } })
    expect(await ask(schemaIn(domain), '/x')).toMatchObject({ status: 422, body: { error_code: 42202 } })
    expect(await ask({ type: 'string' })).toMatchObject({ status: 422, body: { error_code: 42201 } })
    expect((await css(`GET /registry/subjects/${subject}/versions`)).body).toEqual([1])
  })

  test('sets the compatibility of a subject, never of all', async () => {
    await register(text())
    const set = (compatibility: string, as = te) => as(`PUT /registry/config/${subject}`, { compatibility })
    expect((await set('BACKWARD')).body).toEqual({ compatibility: 'BACKWARD' })
    expect((await css(`GET /registry/config/${subject}`)).body).toEqual({ compatibilityLevel: 'BACKWARD' })
    expect((await css(`GET /v1/contracts/${type}`)).body).toMatchObject({ compatibility: 'backward' })
    expect(await set('LOOSE')).toMatchObject({ status: 422, body: { error_code: 42203 } })
    expect(await set('FULL', css)).toMatchObject({ status: 403, body: { error_code: 40301 } })
    const setAll = (compatibility: string) => te('PUT /registry/config', { compatibility })
    expect(await setAll('FULL_TRANSITIVE')).toMatchObject({ status: 200, body: { compatibility: 'FULL_TRANSITIVE' } })
    expect(await setAll('BACKWARD')).toMatchObject({ status: 422, body: { error_code: 42205 } })
    expect(await setAll('SIDEWARD')).toMatchObject({ status: 422, body: { error_code: 42203 } })
    expect((await te(`DELETE /registry/config/${subject}`)).status).toBe(200)
    expect((await css(`GET /registry/config/${subject}`)).body).toEqual({ compatibilityLevel: 'FULL_TRANSITIVE' })
    expect(await te(`PUT /registry/mode/${subject}`, { mode: 'READONLY' })).toMatchObject({ status: 405 })
  })

  test('deletes softly: the contract is retired, its ids stay readable', async () => {
    const { body } = await register(text())
    expect(await te(`DELETE /registry/subjects/${subject}/versions/1`)).toMatchObject({ status: 422 })
    expect((await te(`DELETE /registry/subjects/${subject}`)).body).toEqual([1])
    expect((await css('GET /registry/subjects')).body).not.toContain(subject)
    expect((await css('GET /registry/subjects?deleted=true')).body).toContain(subject)
    expect((await css(`GET /registry/schemas/ids/${String(body['id'])}`)).status).toBe(200)
    expect((await css(`GET /registry/mode/${subject}`)).body).toEqual({ mode: 'READONLY' })
    expect(await register(text(weight))).toMatchObject({ status: 403, body: { code: 'contract-retired' } })
  })
})

describe('A standard client', () => {
  const clientOf = (username: string, password: string) =>
    new SchemaRegistry({ host: `${bus.url}/registry`, auth: { username, password }, retry: { retries: 0 } })

  test('registers, encodes and decodes, and the bus reads what it wrote', async () => {
    const client = clientOf('te.registro', bus.tokenOf('te.registro'))
    const options = { subject, compatibility: 'FULL_TRANSITIVE' as never }
    const { id } = await client.register({ type: 'AVRO', schema: text() } as never, options)
    const data = { child: '8-1234-567', birthDate: 20_000, mother: null }
    const bytes = await client.encode(id, data)
    expect({ ...(await client.decode(bytes)) }).toEqual(data)
    expect(new Contract(type, schemaIn(domain)).decode(bytes)).toMatchObject({ child: '8-1234-567' })
    expect(await client.getLatestSchemaId(subject)).toBe(id)
  })

  test('reads with a read key, which opens nothing else and can be revoked', async () => {
    await register(text())
    const made = await te('POST /v1/institutions/te/systems/registro/read-keys')
    expect(made).toMatchObject({
      status: 201,
      body: { user: 'te.registro', key: expect.stringMatching(/^urk_.{43}$/) },
    })
    const { id, user, key } = made.body as { id: string; user: string; key: string }
    const schemaId = await clientOf(user, key).getLatestSchemaId(subject)
    expect(schemaId).toEqual(expect.any(Number))
    const basic = (method: string, path: string, password = key) =>
      fetch(bus.url + path, {
        method,
        headers: {
          authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
          'content-type': 'application/json',
        },
        ...(method === 'GET' ? {} : { body: JSON.stringify({ schema: text() }) }),
      })
    expect((await basic('POST', `/registry/subjects/${subject}`)).status).toBe(200)
    expect((await basic('POST', `/registry/subjects/${subject}/versions`)).status).toBe(401)
    expect((await basic('GET', '/v1/contracts')).status).toBe(401)
    expect((await basic('GET', '/registry/subjects', `${key.slice(0, -2)}AA`)).status).toBe(401)
    expect((await te('GET /v1/institutions/te/systems/registro/read-keys')).body).toEqual({ items: [{ id }] })
    expect(JSON.stringify(bus.control.policy.system('te.registro'))).not.toContain(key)
    expect((await te(`DELETE /v1/institutions/te/systems/registro/read-keys/${id}`)).status).toBe(204)
    expect((await basic('GET', '/registry/subjects')).status).toBe(401)
    expect(await te(`DELETE /v1/institutions/te/systems/registro/read-keys/${id}`)).toMatchObject({ status: 404 })
  })

  test('gets no read key for a system of another institution', async () => {
    expect(await css('POST /v1/institutions/te/systems/registro/read-keys')).toMatchObject({ status: 404 })
  })
})
