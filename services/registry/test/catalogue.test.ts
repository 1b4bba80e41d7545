import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Contract } from '@unavez/contracts'
import type { Fact } from '@unavez/policy'
import { type Asking, type OpenBus } from '@unavez/service-kit/testing'

import { registry } from '../src/index.ts'
import { birthDate, child, contractIn, institutions, mother, schemaIn, type, weight } from './birth-contract.ts'
import { openBus } from './open-bus.ts'

const certificate = 'pa.gob.civil.birth-certificate.v1'

const facts: readonly Fact[] = [
  ...institutions,
  {
    type: 'institution-contacts-set',
    aggregate: 'institution:te',
    contacts: [{ role: 'technical', name: 'Mesa técnica', email: 'mesa@te.test' }],
  },
  {
    type: 'procedure-registered',
    aggregate: 'procedure:css.newborn-enrolment',
    id: 'css.newborn-enrolment',
    institution: 'css',
    name: { es: 'Afiliación', en: 'Enrolment' },
    norm: 'Ley 51 de 2005',
    requirements: [
      {
        id: 'birth-proof',
        name: { es: 'Prueba', en: 'Proof' },
        accepts: [[certificate]],
        grounds: ['explicit-request'],
      },
    ],
  },
]

let bus: OpenBus
let te: Asking
let css: Asking

beforeAll(async () => {
  bus = await openBus(registry, facts)
  te = bus.as('te.registro')
  css = bus.as('css.main')
  await te('POST /v1/contracts', contractIn('civil'))
  await te(`POST /v1/contracts/${type}/publish`)
  await bus.control.submit({
    command: 'agreement',
    hash: '',
    by: { institution: 'css', system: 'main' },
    decide: () => ({ reads: [], facts: [agreement] }),
  })
})
afterAll(() => bus?.close())

const agreement: Fact = {
  type: 'agreement-requested',
  aggregate: 'agreement:agr_1',
  id: 'agr_1',
  consumer: 'css',
  owner: 'te',
  contract: type,
  version: 1,
  purpose: { es: 'p', en: 'p' },
  legalBasis: { kind: 'law', norm: 'Ley 51 de 2005' },
  fields: ['child', 'birthDate'],
  validUntil: '2990-01-01T00:00:00Z',
}

describe('The catalogue', () => {
  test.each([
    ['newborn', [type]],
    ['RECIEN nacido', [type]],
    ['birthdate mother', [type]],
    ['inscribió', [type]],
    ['nothing-like-it', []],
  ])('finds by %j what names, descriptions and docs of fields say', async (q, types) => {
    const { body } = await css(`GET /v1/contracts?q=${encodeURIComponent(q)}`)
    expect((body['items'] as { type: string }[]).map((item) => item.type)).toEqual(types)
  })

  test('tells of a contract what its data looks like, and whom to ask', async () => {
    const { body } = await css(`GET /v1/contracts/${type}`)
    expect(body).toMatchObject({
      ownerName: { es: 'te' },
      contacts: [{ role: 'technical', email: 'mesa@te.test' }],
      compatibility: 'full-transitive',
    })
    expect(() => new Contract(type, schemaIn('civil')).encode(body['sample'], { schemaId: 1 })).not.toThrow()
  })

  test('tells how much passes in a contract’s domain, from what the log knows of its end', async () => {
    const { body } = await css('GET /v1/contracts/unavez.bus.key-expiring.v1')
    expect(body['volume']).toEqual({ domain: 'bus', days: 7, events: 0, perDay: 0 })
    const busy = contractIn('busy')
    await te('POST /v1/contracts', busy)
    await te(`POST /v1/contracts/${busy.type}/publish`)
    for (const partition of [1, 1, 7]) {
      await bus.engine.log.append({ topic: 'events.busy', partition, key: null, value: null, headers: {} })
    }
    expect((await css(`GET /v1/contracts/${busy.type}`)).body['volume']).toEqual({
      domain: 'busy',
      days: 7,
      events: 3,
      perDay: 0.4,
    })
  })

  test('gives a schema as JSON Schema too', async () => {
    const { body } = await css(`GET /v1/contracts/${type}/versions/1/schema?format=json-schema`)
    expect(body).toMatchObject({ type: 'object', required: ['child', 'birthDate'], properties: { child: {} } })
  })
})

describe('A check', () => {
  const changed = [child, { ...birthDate, type: 'string' }, mother]

  test('of a version tells what it breaks, with the path of the field, and whom it touches', async () => {
    const { status, body } = await te('POST /v1/contracts/check', {
      type,
      schema: { ...schemaIn('civil'), fields: changed },
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      type,
      valid: true,
      faults: [],
      compatibility: {
        mode: 'full-transitive',
        against: [1],
        compatible: false,
        incompatibilities: [{ field: 'birthDate', pointer: expect.stringMatching(/^\/schema\/fields\/1/), version: 1 }],
      },
      impact: {
        agreements: [{ id: 'agr_1', consumer: 'css', state: 'pending', changedFields: ['birthDate'] }],
        institutions: ['css'],
        procedures: [],
      },
    })
  })

  test('of a version that may follow says so, and advises', async () => {
    const { body } = await te('POST /v1/contracts/check', { schema: schemaIn('civil', { ...weight, doc: 'Grams' }) })
    expect(body).toMatchObject({
      type,
      valid: true,
      compatibility: { compatible: true, incompatibilities: [] },
      impact: { agreements: [{ changedFields: [] }] },
    })
    expect(body['lint']).toContainEqual(expect.objectContaining({ code: 'doc-one-language' }))
  })

  test('of what is not valid says where, and decides nothing', async () => {
    const schema = { ...schemaIn('civil'), fields: [{ name: 'child', type: 'string' }] }
    expect((await te('POST /v1/contracts/check', { type, schema })).body).toMatchObject({
      valid: false,
      faults: [{ code: 'schema-invalid', pointer: '/schema/fields/0/classification' }],
    })
    expect(
      (await te('POST /v1/contracts/check', { type, schema: schemaIn('civil'), retention: 'P1D' })).body,
    ).toMatchObject({
      valid: false,
      faults: [{ code: 'body-invalid', pointer: '/retention' }],
    })
    expect((await te('POST /v1/contracts/check', { schema: { type: 'string' } })).body).toMatchObject({ valid: false })
    expect((await te(`GET /v1/contracts/${type}`)).body).toMatchObject({ versions: [{ version: 1 }] })
  })

  test('of an evidence type names the procedures that accept it', async () => {
    const schema = { ...schemaIn('civil'), name: 'BirthCertificate' }
    expect((await te('POST /v1/contracts/check', { schema, validity: 'P1Y' })).body).toMatchObject({
      type: certificate,
      valid: true,
      impact: { institutions: ['css'], procedures: [{ id: 'css.newborn-enrolment', institution: 'css' }] },
    })
  })

  test('shows nobody agreements that are not theirs', async () => {
    expect((await css('POST /v1/contracts/check', { type, schema: schemaIn('civil') })).body).toMatchObject({
      impact: { agreements: [{ id: 'agr_1' }] },
    })
    const facts = [
      {
        type: 'institution-joined',
        aggregate: 'institution:mides',
        id: 'mides',
        name: { es: 'm', en: 'm' },
        country: 'PA',
      },
    ]
    const system = {
      type: 'system-registered',
      aggregate: 'system:mides.x',
      institution: 'mides',
      id: 'x',
      name: 'x',
      roles: [],
      keys: [],
    }
    for (const fact of [...facts, system] as Fact[])
      await bus.control.submit({
        command: fact.type,
        hash: '',
        by: { institution: 'operator', system: 'admin' },
        decide: () => ({ reads: [], facts: [fact] }),
      })
    expect(
      (await bus.as('mides.x')('POST /v1/contracts/check', { type, schema: schemaIn('civil') })).body,
    ).toMatchObject({
      impact: { agreements: [], institutions: [] },
    })
  })
})

describe('Evidence that answers a question', () => {
  const over = (parameters: object) => ({
    ...contractIn('civil'),
    type: 'pa.gob.civil.over-age.v1',
    kind: 'evidence',
    schema: { ...schemaIn('civil'), name: 'OverAge' },
    parameters,
  })
  const age = { name: 'age', type: 'int', classification: 'public', doc: { es: 'Edad', en: 'Age' } }

  test('declares its parameters, which name nobody', async () => {
    const record = { type: 'record', name: 'Parameters', namespace: 'pa.gob.civil.v1', fields: [age] }
    expect(await te('POST /v1/contracts', over({ ...record, fields: [child] }))).toMatchObject({
      status: 422,
      body: { code: 'schema-invalid', pointer: expect.stringMatching(/^\/parameters/) },
    })
    expect((await te('POST /v1/contracts', over(record))).status).toBe(201)
    expect((await te('GET /v1/contracts/pa.gob.civil.over-age.v1')).body).toMatchObject({ parameters: record })
  })

  test('keeps its parameters once it is published: requests were asked by them', async () => {
    const path = '/v1/contracts/pa.gob.civil.over-age.v1'
    const record = { type: 'record', name: 'Parameters', namespace: 'pa.gob.civil.v1', fields: [age] }
    const other = { ...record, fields: [{ ...age, type: 'string' }] }
    const checked = async (parameters: object) => (await te('POST /v1/contracts/check', over(parameters))).body
    expect(await checked(other)).toMatchObject({ valid: true })
    expect((await te(`POST ${path}/publish`)).status).toBe(200)
    expect(await checked(record)).toMatchObject({ valid: true })
    expect(await checked(other)).toMatchObject({
      valid: false,
      faults: [{ code: 'state-conflict', pointer: '/parameters' }],
    })
    const version = { schema: { ...schemaIn('civil'), name: 'OverAge' }, parameters: other }
    expect(await te(`POST ${path}/versions`, version)).toMatchObject({ status: 400 })
  })
})
