import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { governance } from '../src/index.ts'
import { facts, type, wish } from './birth-facts.ts'
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

describe('Decisions', () => {
  const en = { 'accept-language': 'en' }

  test('P11: a dry run is the same function: no agreement, then pending, then yes', async () => {
    const ask = { action: 'subscribe', institution: 'minsa', contract: type }
    const none = await minsa('POST /v1/decisions', ask, en)
    expect(none).toMatchObject({ status: 200, body: { allowed: false, reasons: [{ code: 'not-found' }] } })
    const made = await minsa('POST /v1/agreements', { ...wish, consumer: 'minsa' })
    expect(made.status).toBe(201)
    const pending = await minsa('POST /v1/decisions', ask, en)
    expect(pending.body).toMatchObject({
      allowed: false,
      reasons: [{ code: 'agreement-not-active', whoCanGrant: ['te'], remedy: expect.any(String) }],
    })
    await te(`POST /v1/agreements/${String(made.body['id'])}/approve`, { reason: 'Agreed' })
    expect((await minsa('POST /v1/decisions', ask)).body).toMatchObject({ allowed: true, reasons: [] })
    const recomputed = await minsa(`GET /v1/decisions/${String(pending.body['id'])}`, undefined, en)
    expect(recomputed.body).toEqual(pending.body)
  })

  test('name the system that comes closest, or the one asked about', async () => {
    const ask = { action: 'publish', institution: 'te', contract: type }
    expect((await te('POST /v1/decisions', ask)).body).toMatchObject({ allowed: true, action: 'publish' })
    expect((await te('POST /v1/decisions', { ...ask, system: 'te.registro' })).body).toMatchObject({ allowed: true })
    expect((await te('POST /v1/decisions', { ...ask, system: 'none' })).body).toMatchObject({ allowed: false })
    const css1 = { ...ask, institution: 'css' }
    expect((await operator('POST /v1/decisions', css1)).body).toMatchObject({ allowed: false })
  })

  test('about another institution are asked by the operator only', async () => {
    const ask = { action: 'publish', institution: 'te', contract: type }
    expect(await css('POST /v1/decisions', ask)).toMatchObject({ status: 404 })
    expect(await operator('POST /v1/decisions', ask)).toMatchObject({ status: 200, body: { allowed: true } })
  })
})
