import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Asking, type OpenBus } from '@unavez/service-kit/testing'

import { governance } from '../src/index.ts'
import { facts, type, wish } from './birth-facts.ts'
import { openBus } from './open-bus.ts'

let bus: OpenBus
let te: Asking
let css: Asking

beforeAll(async () => {
  bus = await openBus(governance, facts)
  te = bus.as('te.registro')
  css = bus.as('css.main')
})
afterAll(() => bus?.close())

const text = (name: string) => ({ es: name, en: name })
const proof = {
  id: 'birth-proof',
  name: text('Proof of birth'),
  accepts: [['pa.gob.civil.birth-certificate.v1']],
  grounds: ['explicit-request', 'ex-officio'],
}
const procedureOf = (id: string, more: object = {}) => ({
  id: `css.${id}`,
  institution: 'css',
  name: text('Enrolment'),
  norm: 'Ley 51 de 2005',
  requirements: [proof],
  ...more,
})

describe('Norms', () => {
  const ley = { id: 'ley-51-2005', name: text('Ley 51 de 2005'), kind: 'law', url: 'https://example.org/ley-51' }

  test('are registered once, read by all, and listed by kind', async () => {
    expect(await css('POST /v1/norms', ley)).toMatchObject({ status: 201, body: ley })
    expect(await te('POST /v1/norms', ley)).toMatchObject({ status: 409, body: { code: 'norm-exists' } })
    expect(await te(`GET /v1/norms/${ley.id}`)).toMatchObject({ status: 200, body: ley })
    expect((await te('GET /v1/norms?kind=law')).body).toEqual({ items: [ley], next: null })
    expect((await te('GET /v1/norms?kind=decree')).body).toEqual({ items: [], next: null })
    expect(await te('GET /v1/norms/none')).toMatchObject({ status: 404 })
  })

  test('give the legal bases that quote them their kind', async () => {
    await css('POST /v1/norms', { ...ley, id: 'decreto-8', kind: 'decree' })
    const quoting = (kind: string) =>
      css('POST /v1/agreements', { ...wish, legalBasis: { kind, norm: 'decreto-8', article: '3' } })
    expect(await quoting('law')).toMatchObject({ status: 400, body: { pointer: '/legalBasis/kind' } })
    expect(await quoting('decree')).toMatchObject({ status: 201 })
  })
})

describe('Procedures', () => {
  test('are registered by their institution, with their requirements, and read by all', async () => {
    const made = procedureOf('newborn-enrolment')
    expect(await css('POST /v1/procedures', made)).toMatchObject({ status: 201, body: made })
    expect(await css('POST /v1/procedures', made)).toMatchObject({ status: 409, body: { code: 'procedure-exists' } })
    expect(await te(`GET /v1/procedures/${made.id}`)).toMatchObject({ status: 200, body: made })
    expect((await te(`GET /v1/procedures/${made.id}/requirements`)).body).toEqual({ items: [proof] })
    expect((await te(`GET /v1/procedures/${made.id}/requirements/birth-proof`)).body).toEqual(proof)
    expect((await te('GET /v1/procedures?institution=te')).body).toEqual({ items: [], next: null })
    expect(await css('POST /v1/agreements', { ...wish, procedure: made.id })).toMatchObject({
      status: 201,
      body: { procedure: made.id },
    })
  })

  test('P11: are kept by no one else', async () => {
    const { id } = procedureOf('kept')
    await css('POST /v1/procedures', procedureOf('kept'))
    expect(await te('POST /v1/procedures', procedureOf('other'))).toMatchObject({
      status: 403,
      body: { whoCanGrant: ['css'], decision: expect.any(String) },
    })
    expect(await te(`POST /v1/procedures/${id}/requirements`, { ...proof, id: 'more' })).toMatchObject({ status: 403 })
    expect(await te(`DELETE /v1/procedures/${id}/requirements/birth-proof`, { reason: 'x' })).toMatchObject({
      status: 403,
    })
  })

  test('gain, change and lose requirements, each version with its ETag', async () => {
    const { id } = procedureOf('changing')
    await css('POST /v1/procedures', procedureOf('changing'))
    const url = `/v1/procedures/${id}/requirements`
    const income = {
      ...proof,
      id: 'income',
      accepts: [['pa.gob.tax.income.v1', 'pa.gob.tax.debts.v1'], ['pa.gob.civil.poverty.v1']],
    }
    expect(await css(`POST ${url}`, income)).toMatchObject({ status: 201 })
    expect(await css(`POST ${url}`, income)).toMatchObject({ status: 409, body: { code: 'requirement-exists' } })
    const { id: _, ...replacement } = { ...income, grounds: ['emergency'] }
    expect(await css(`PUT ${url}/income`, replacement, { 'if-match': '"1"' })).toMatchObject({ status: 412 })
    expect(await css(`PUT ${url}/income`, replacement, { 'if-match': '"2"' })).toMatchObject({ status: 200 })
    expect(await css(`PUT ${url}/none`, replacement)).toMatchObject({ status: 404 })
    expect(await css(`DELETE ${url}/birth-proof`, { reason: 'Not needed' })).toMatchObject({ status: 204 })
    expect((await css(`GET ${url}`)).body).toEqual({ items: [{ ...income, grounds: ['emergency'] }] })
  })

  test.each<[string, object, string]>([
    ['an id of another institution', { id: 'te.enrolment' }, '/id'],
    [
      'evidence that is no type',
      { requirements: [{ ...proof, accepts: [['certificate']] }] },
      '/requirements/0/accepts/0/0',
    ],
    ['a contract about events', { requirements: [{ ...proof, accepts: [[type]] }] }, '/requirements/0/accepts/0/0'],
    ['a requirement named twice', { requirements: [proof, proof] }, '/requirements/1/id'],
    ['no list of evidence', { requirements: [{ ...proof, accepts: [] }] }, '/requirements/0/accepts'],
    [
      'a ground that there is not',
      { requirements: [{ ...proof, grounds: ['curiosity'] }] },
      '/requirements/0/grounds/0',
    ],
  ])('with %s are refused with a pointer to it', async (_, more, pointer) => {
    expect(await css('POST /v1/procedures', procedureOf('faulty', more))).toMatchObject({
      status: 400,
      body: { code: 'body-invalid', pointer },
    })
  })

  test('P7: with an identity number in a name are refused', async () => {
    expect(await css('POST /v1/procedures', procedureOf('named', { name: text('De 8-123-4567') }))).toMatchObject({
      status: 422,
      body: { code: 'identifier-in-clear', pointer: '/name/es' },
    })
  })
})
