import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { governance } from '../src/index.ts'
import { facts } from './birth-facts.ts'
import { type Asking, type OpenBus } from '@unavez/service-kit/testing'

import { openBus } from './open-bus.ts'

let bus: OpenBus
let operator: Asking
let te: Asking
let css: Asking
let minsa: Asking

beforeAll(async () => {
  bus = await openBus(governance, facts)
  operator = bus.as('operator.admin')
  te = bus.as('te.registro')
  css = bus.as('css.main')
  minsa = bus.as('minsa.main')
})
afterAll(() => bus?.close())

describe('Institutions', () => {
  const dgi = { id: 'dgi', name: { es: 'Ingresos', en: 'Revenue' }, country: 'PA', kind: 'public' }

  test('made by the operator are active at once', async () => {
    const made = await operator('POST /v1/institutions', dgi)
    expect(made).toMatchObject({ status: 201, body: { ...dgi, state: 'active' } })
    expect(made.headers.get('unavez-at')).toMatch(/^\d+$/)
    const read = await operator('GET /v1/institutions/dgi')
    expect(read).toMatchObject({ status: 200, body: { ...dgi, state: 'active' } })
    expect(read.headers.get('etag')).toBe('"1"')
    expect(await operator('POST /v1/institutions', dgi)).toMatchObject({
      status: 409,
      body: { code: 'institution-exists' },
    })
  })

  test('P11: are made by nobody else, and the refusal carries a decision that explains itself', async () => {
    const refused = await te('POST /v1/institutions', { ...dgi, id: 'mine' }, { 'accept-language': 'en' })
    expect(refused).toMatchObject({ status: 403, body: { whoCanGrant: ['operator'] } })
    const decision = String(refused.body['decision'])
    const told = await te(`GET /v1/decisions/${decision}`, undefined, { 'accept-language': 'en' })
    expect(told).toMatchObject({
      status: 200,
      body: {
        id: decision,
        allowed: false,
        action: 'create-institution',
        reasons: [{ text: expect.any(String), remedy: expect.any(String), whoCanGrant: ['operator'] }],
        controlOffset: expect.any(Number),
        at: expect.any(String),
        rulesVersion: expect.any(Number),
      },
    })
    expect(await operator(`GET /v1/decisions/${decision}`)).toMatchObject({ status: 200 })
    expect(await css(`GET /v1/decisions/${decision}`)).toMatchObject({
      status: 404,
      body: { code: 'decision-invalid' },
    })
    expect(await te(`GET /v1/decisions/${decision.slice(0, -2)}AA`)).toMatchObject({ status: 404 })
  })

  test('are read by themselves and by the operator, page by page', async () => {
    expect(await te('GET /v1/institutions/css')).toMatchObject({ status: 404 })
    expect((await te('GET /v1/institutions')).body).toMatchObject({ items: [{ id: 'te' }], next: null })
    const seen: string[] = []
    let after = ''
    do {
      const { body } = await operator(`GET /v1/institutions?limit=1&after=${after}`)
      seen.push(...(body['items'] as { id: string }[]).map(({ id }) => id))
      after = typeof body['next'] === 'string' ? body['next'] : ''
    } while (after !== '')
    expect(seen).toEqual([...new Set(seen)].toSorted((a, b) => a.localeCompare(b)))
    expect(seen).toEqual(expect.arrayContaining(['css', 'minsa', 'te']))
    expect(await operator('GET /v1/institutions?limit=0')).toMatchObject({ status: 400 })
  })

  test('P6: that are suspended are refused at their next call, until they are resumed', async () => {
    await operator('POST /v1/institutions', { ...dgi, id: 'mici' })
    const suspended = await operator('POST /v1/institutions/minsa/suspend', { reason: 'Audit' })
    expect(suspended).toMatchObject({ status: 200, body: { id: 'minsa', state: 'suspended' } })
    expect(await minsa('GET /v1/agreements')).toMatchObject({
      status: 403,
      body: { code: 'institution-suspended', decision: expect.any(String) },
    })
    expect(await operator('POST /v1/institutions/minsa/suspend', { reason: 'Audit' })).toMatchObject({
      status: 409,
      body: { code: 'state-conflict' },
    })
    expect(await operator('POST /v1/institutions/minsa/resume', { reason: 'Done' })).toMatchObject({
      status: 200,
      body: { state: 'active' },
    })
    expect(await minsa('GET /v1/agreements')).toMatchObject({ status: 200 })
  })

  test.each([
    ['/id', { ...dgi, id: 'Has Spaces' }],
    ['/id', { ...dgi, id: '../etc' }],
    ['/country', { ...dgi, country: 'Panama' }],
    ['/name/en', { ...dgi, name: { es: 'Solo' } }],
    ['/surprise', { ...dgi, surprise: 1 }],
  ])('with a fault at %s are refused with a pointer to it (%#)', async (pointer, body) => {
    expect(await operator('POST /v1/institutions', body)).toMatchObject({
      status: 400,
      body: { code: 'body-invalid', pointer },
    })
  })
})
