import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Fact } from '@unavez/policy'
import { type Asking, type OpenBus } from '@unavez/service-kit/testing'

import { registry } from '../src/index.ts'
import { birthDate, child, contractIn, institutions, mother, schemaIn, weight } from './birth-contract.ts'
import { openBus } from './open-bus.ts'

let bus: OpenBus
let te: Asking
let css: Asking

beforeAll(async () => {
  bus = await openBus(registry, institutions)
  te = bus.as('te.registro')
  css = bus.as('css.main')
})
afterAll(() => bus?.close())

const required = { name: 'required', type: 'int', classification: 'public', doc: 'Required' }

const decided = (...facts: readonly Fact[]) =>
  bus.control.submit({
    command: `setup/${facts.map(({ type, aggregate }) => type + aggregate).join()}`,
    hash: '',
    by: { institution: 'css', system: 'main' },
    decide: () => ({ facts, reads: [] }),
  })

const requested = (id: string, contract: string): Fact => ({
  type: 'agreement-requested',
  aggregate: `agreement:${id}`,
  id,
  consumer: 'css',
  owner: 'te',
  contract,
  version: 1,
  purpose: { es: 'p', en: 'p' },
  legalBasis: { kind: 'law', norm: 'Ley 51 de 2005' },
  fields: ['child'],
  validUntil: '2990-01-01T00:00:00Z',
})

async function published(domain: string): Promise<string> {
  const contract = contractIn(domain)
  await te('POST /v1/contracts', contract)
  expect((await te(`POST /v1/contracts/${contract.type}/publish`)).status).toBe(200)
  return `/v1/contracts/${contract.type}`
}

describe('A draft', () => {
  test('is replaced as long as nothing of it was published', async () => {
    const contract = contractIn('replaced')
    const path = `/v1/contracts/${contract.type}`
    await te('POST /v1/contracts', contract)
    const other = { ...contract, retention: 'P40D', schema: schemaIn('replaced', weight) }
    expect(await te(`PUT ${path}`, other, { 'if-match': '"9"' })).toMatchObject({ status: 412 })
    expect(await te(`PUT ${path}`, other, { 'if-match': '"1"' })).toMatchObject({ status: 200, body: { version: 1 } })
    expect((await css(`GET ${path}`)).body).toMatchObject({
      retention: 'P40D',
      fields: [{}, {}, {}, { name: 'weight' }],
    })
    expect(await te(`PUT ${path}`, { ...other, kind: 'evidence' })).toMatchObject({
      status: 400,
      body: { pointer: '/kind' },
    })
    expect(await te(`PUT ${path}`, { ...other, type: 'x' })).toMatchObject({ status: 400, body: { pointer: '/type' } })
    expect(await css(`PUT ${path}`, other)).toMatchObject({ status: 403, body: { decision: expect.any(String) } })
    await te(`POST ${path}/publish`)
    expect(await te(`PUT ${path}`, other)).toMatchObject({ status: 409, body: { code: 'state-conflict' } })
  })
})

describe('A version', () => {
  test('is drafted, replaced and published after the first, with an id of its own', async () => {
    const path = await published('second')
    const drafted = await te(`POST ${path}/versions`, { schema: schemaIn('second', { ...weight, doc: 'Grams' }) })
    expect(drafted).toMatchObject({ status: 201, body: { version: 2, state: 'draft' } })
    expect((await te(`POST ${path}/versions`, { schema: schemaIn('second', weight) })).body).toMatchObject({
      version: 2,
    })
    const answer = await te(`POST ${path}/publish`)
    expect(answer).toMatchObject({ status: 200, body: { state: 'published', version: 2 } })
    const { versions, fields } = (await css(`GET ${path}`)).body as {
      versions: { schemaId: number }[]
      fields: object[]
    }
    expect(versions).toMatchObject([
      { version: 1, state: 'published' },
      { version: 2, state: 'published', schemaId: answer.body['schemaId'] },
    ])
    expect(versions[0]?.schemaId).not.toBe(answer.body['schemaId'])
    expect(fields).toHaveLength(4)
    const again = await te(`POST ${path}/versions`, { schema: schemaIn('second', weight) })
    expect(again).toMatchObject({ status: 200, body: { version: 2, state: 'published' } })
  })

  test.each<[string, readonly object[], string]>([
    ['new-field-without-default', [child, birthDate, mother, required], '/schema/fields/3'],
    ['another-type', [child, { ...birthDate, type: 'string' }, mother], '/schema/fields/1'],
    ['field-left-out', [child, mother], '/schema/fields'],
    ['weaker-classification', [child, { ...birthDate, classification: 'public' }, mother], '/schema/fields/1'],
  ])('with %s is refused with the path of the field', async (domain, fields, pointer) => {
    const path = await published(domain)
    const refused = await te(`POST ${path}/versions`, { schema: { ...schemaIn(domain), fields } })
    expect(refused).toMatchObject({ status: 409, body: { code: 'schema-incompatible' } })
    expect(refused.body['pointer']).toContain(pointer)
  })

  test('is held against what its contract says, also when it is published', async () => {
    const path = await published('looser')
    const schema = { ...schemaIn('looser'), fields: [child, mother] }
    expect(await te(`POST ${path}/versions`, { schema })).toMatchObject({ status: 409 })
    expect(await css(`PUT ${path}/compatibility`, { compatibility: 'backward' })).toMatchObject({ status: 403 })
    expect(await te(`PUT ${path}/compatibility`, { compatibility: 'none' })).toMatchObject({ status: 400 })
    expect(await te(`PUT ${path}/compatibility`, { compatibility: 'backward' })).toMatchObject({ status: 200 })
    expect(await te(`POST ${path}/versions`, { schema })).toMatchObject({ status: 201 })
    await te(`PUT ${path}/compatibility`, { compatibility: 'full' })
    expect(await te(`POST ${path}/publish`)).toMatchObject({ status: 409, body: { code: 'schema-incompatible' } })
    await te(`PUT ${path}/compatibility`, { compatibility: 'backward' })
    expect(await te(`POST ${path}/publish`)).toMatchObject({ status: 200, body: { version: 2 } })
    expect((await css(`GET ${path}`)).body).toMatchObject({ compatibility: 'backward' })
  })

  test('registered by many at once is one version with one id', async () => {
    const path = await published('crowd')
    const schema = schemaIn('crowd', weight)
    const drafts = await Promise.all(Array.from({ length: 8 }, () => te(`POST ${path}/versions`, { schema })))
    expect(drafts.map(({ body }) => body['version'])).toEqual(Array.from({ length: 8 }, () => 2))
    const answers = await Promise.all(Array.from({ length: 8 }, () => te(`POST ${path}/publish`)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(7)
    const { versions } = (await css(`GET ${path}`)).body as { versions: readonly object[] }
    expect(versions).toHaveLength(2)
  })
})

describe('The end of a contract', () => {
  test('is announced with a sunset that only moves later', async () => {
    const path = await published('sunset')
    const deprecate = (sunset: string) => te(`POST ${path}/deprecate`, { sunset })
    expect(await deprecate('2020-01-01T00:00:00Z')).toMatchObject({ status: 400, body: { pointer: '/sunset' } })
    const first = await deprecate('2990-06-01T00:00:00Z')
    expect(first).toMatchObject({ status: 200, body: { state: 'deprecated', sunset: '2990-06-01T00:00:00Z' } })
    expect(first.headers.get('sunset')).toBe('Tue, 01 Jun 2990 00:00:00 GMT')
    expect(await deprecate('2990-01-01T00:00:00Z')).toMatchObject({ status: 409, body: { code: 'state-conflict' } })
    expect(await deprecate('2991-01-01T00:00:00Z')).toMatchObject({ status: 200 })
    for (const url of [path, `${path}/history`, `${path}/versions/1`, `${path}/versions/1/schema`]) {
      const { headers } = await css(`GET ${url}`)
      expect(headers.get('deprecation')).toMatch(/^@\d{10}$/)
      expect(headers.get('sunset')).toContain('2991')
    }
    expect((await css(`GET ${path}`)).body).toMatchObject({ state: 'deprecated', sunset: '2991-01-01T00:00:00Z' })
    expect((await css('GET /v1/contracts?state=deprecated')).body['items']).toHaveLength(1)
    expect(await css(`POST ${path}/deprecate`, { sunset: '2999-01-01T00:00:00Z' })).toMatchObject({ status: 403 })
  })

  test('of a draft is neither announced nor done', async () => {
    await te('POST /v1/contracts', contractIn('unborn'))
    const path = `/v1/contracts/${contractIn('unborn').type}`
    const sunset = '2990-06-01T00:00:00Z'
    expect(await te(`POST ${path}/deprecate`, { sunset })).toMatchObject({ status: 409 })
    expect(await te(`POST ${path}/retire`)).toMatchObject({ status: 409, body: { code: 'state-conflict' } })
    expect(await te('POST /v1/contracts/pa.gob.civil.nothing-there.v1/retire')).toMatchObject({ status: 404 })
  })

  test('is refused with the list of users while an agreement uses it', async () => {
    const path = await published('used')
    const { type } = contractIn('used')
    await decided(requested('agr_used', type))
    const refused = await te(`POST ${path}/retire`, { reason: 'Replaced' })
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'contract-in-use', users: [{ agreement: 'agr_used', consumer: 'css', state: 'pending' }] },
    })
    await decided({ type: 'agreement-ended', aggregate: 'agreement:agr_used', reason: 'Over' })
    expect(await te(`POST ${path}/retire`, { reason: 'Replaced' })).toMatchObject({
      status: 200,
      body: { state: 'retired' },
    })
  })

  test('P11: once it is over, nothing follows, and the refusals carry a decision', async () => {
    const path = await published('over')
    await te(`POST ${path}/retire`)
    expect((await css(`GET ${path}`)).body).toMatchObject({ state: 'retired' })
    expect(await te(`POST ${path}/versions`, { schema: schemaIn('over', weight) })).toMatchObject({
      status: 403,
      body: { code: 'contract-retired', decision: expect.any(String) },
    })
    expect(await te(`POST ${path}/publish`)).toMatchObject({ status: 403, body: { decision: expect.any(String) } })
    const { items } = (await css(`GET ${path}/history`)).body as { items: { type: string }[] }
    expect(items.map(({ type }) => type)).toEqual(['contract-drafted', 'contract-published', 'contract-retired'])
    expect(await te(`POST ${path}/retire`)).toMatchObject({ status: 409 })
  })
})

describe('A contract of evidence', () => {
  const certificate = (more: object = {}) => ({
    ...contractIn('civil', more),
    type: 'pa.gob.civil.birth-certificate.v1',
    kind: 'evidence',
    schema: { ...schemaIn('civil'), name: 'BirthCertificate' },
  })
  const terms = {
    validity: 'P1Y',
    staleOn: ['pa.gob.civil.birth-registered.v1'],
    answerWithin: 'PT1H',
    previewRequired: true,
  }

  test('says how long it holds, what makes it stale, and how soon it is answered', async () => {
    expect(await te('POST /v1/contracts', certificate(terms))).toMatchObject({ status: 201 })
    const path = '/v1/contracts/pa.gob.civil.birth-certificate.v1'
    expect(await te(`POST ${path}/publish`)).toMatchObject({ status: 200, body: { version: 1 } })
    expect((await css(`GET ${path}`)).body).toMatchObject({ kind: 'evidence', ...terms })
    expect((await css('GET /v1/contracts?kind=evidence')).body['items']).toMatchObject([terms])
  })

  test.each<[string, object]>([
    ['/validity', { validity: 'one year' }],
    ['/answerWithin', { answerWithin: 'PT0S' }],
    ['/answerWithin', { answerWithin: 'P' }],
    ['/staleOn/0', { staleOn: ['births'] }],
    ['/staleOn/1', { staleOn: ['pa.gob.a.b.v1', 'pa.gob.a.b.v1'] }],
  ])('with a fault at %s is refused with a pointer to it', async (pointer, more) => {
    expect(await te('POST /v1/contracts', certificate(more))).toMatchObject({ status: 400, body: { pointer } })
  })

  test('has terms that an event has not', async () => {
    const refused = await te('POST /v1/contracts', contractIn('eventful', { staleOn: [] }))
    expect(refused).toMatchObject({ status: 400, body: { pointer: '/staleOn' } })
  })
})
