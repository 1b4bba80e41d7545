import { generateKeyPairSync } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Client } from '@unavez/sdk'
import { SignJWT } from 'jose'

import { type Bus, combinations } from '../setup/bus.ts'
import {
  answering,
  asking,
  certificateType,
  child,
  evidenceWorld,
  type EvidenceWorld,
  idOf,
  procedure,
  reading,
  stateOf,
  supplied,
} from '../setup/evidence-world.ts'

const pdf = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(1_300_000, 'a')])

describe.each(combinations)('Evidence that its subject sees first ($name)', ({ open }) => {
  let bus: Bus
  let world: EvidenceWorld
  let portal: Client
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')

  beforeAll(async () => {
    bus = await open()
    world = await evidenceWorld(bus)
    const { agree, css, te, session } = world
    await agree(css, te, { contract: certificateType, procedure, fields: ['child', 'birthDate'] })
    portal = await world.system('caja', 'portal', ['citizen-portal'])
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'citizens', alg: 'EdDSA' }
    await session.done({
      as: world.caja,
      path: '/v1/institutions/caja/systems/portal/keys/citizens',
      method: 'PUT',
      json: { jwk },
    })
  })
  afterAll(() => bus?.close())

  const assertion = (request: string, citizen: string, audience = bus.issuer): Promise<string> =>
    new SignJWT({ request })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'citizens' })
      .setSubject(`pa-cedula:${citizen}`)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime('4m')
      .sign(privateKey)

  const preview = async (id: string, { citizen = child, json }: { citizen?: string; json?: object } = {}) =>
    world.session.told({
      as: portal,
      path: `/v1/evidence-requests/${id}/preview`,
      method: json === undefined ? 'GET' : 'POST',
      headers: { 'unavez-citizen-assertion': await assertion(id, citizen) },
      ...(json === undefined ? {} : { json }),
    })

  const answered = async (more: object): Promise<string> => {
    const { session, css, te } = world
    const id = idOf(await session.told(asking(css, more)))
    await session.done(answering(te, id, supplied))
    return id
  }

  test('the requester gets nothing until the citizen has approved it', async () => {
    const { session, css } = world
    const id = await answered({ preview: true })
    const before = await session.told(reading(css, id))
    expect(before.json).toMatchObject({ state: 'preview' })
    expect(before.text).not.toContain(child)
    const seen = await preview(id)
    expect(seen.json).toMatchObject({ state: 'preview', evidence: { data: { child, birthDate: '2026-11-20' } } })
    expect(seen.text).not.toContain('8-765-4321')
    expect(stateOf(await preview(id, { json: { decision: 'approved' } }))).toBe('supplied')
    expect((await session.told(reading(css, id))).json).toMatchObject({ evidence: { data: { child } } })
  })

  test('what the citizen declines is gone', async () => {
    const { session, css } = world
    const id = await answered({ preview: true })
    expect(stateOf(await preview(id, { json: { decision: 'declined' } }))).toBe('declined')
    const after = await session.told(reading(css, id))
    expect(after.json).toMatchObject({ state: 'declined' })
    expect(after.text).not.toContain('"evidence":')
  })

  test('another citizen does not see it, nor does a portal without an assertion for this very request', async () => {
    const id = await answered({ preview: true })
    expect((await preview(id, { citizen: '8-999-999' })).status).toBe(404)
    const other = await answered({ preview: true })
    const path = `/v1/evidence-requests/${id}/preview`
    for (const token of [await assertion(other, child), 'nonsense', await assertion(id, child, 'https://elsewhere')]) {
      const told = await world.session.told({
        as: portal,
        path,
        method: 'GET',
        headers: { 'unavez-citizen-assertion': token },
      })
      expect(told).toMatchObject({ status: 403, json: { code: 'assertion-invalid' } })
    }
    expect((await world.session.told({ as: portal, path, method: 'GET' })).status).toBe(403)
  })

  test('documents come sealed beside the answer and are read whole, until it is received', async () => {
    const { session, css, te } = world
    const id = idOf(await session.told(asking(css)))
    const path = `/v1/evidence-requests/${id}/documents/1`
    const put = await session.told({
      as: te,
      path,
      method: 'PUT',
      body: new Uint8Array(pdf),
      headers: { 'content-type': 'application/pdf' },
    })
    expect(put).toMatchObject({ status: 200, json: { n: 1, mediaType: 'application/pdf', bytes: pdf.length } })
    const text = new Uint8Array(Buffer.from('no document'))
    const wrong = await session.told({
      as: te,
      path,
      method: 'PUT',
      body: text,
      headers: { 'content-type': 'application/pdf' },
    })
    expect(wrong.status).toBe(415)
    expect((await session.told(reading(css, id, '/documents/1'))).status).toBe(404)
    await session.done(answering(te, id, supplied))
    const got = await session.told(reading(css, id, '/documents/1'))
    expect([got.status, got.text.length, got.headers.get('content-type')]).toEqual([200, pdf.length, 'application/pdf'])
    await session.told(reading(css, id))
    await session.done({ as: css, path: `/v1/evidence-requests/${id}/received`, method: 'POST' })
    expect((await session.told(reading(css, id, '/documents/1'))).status).toBe(404)
  })

  test('a run asks for all that a procedure needs, once, and says what nobody could be asked for', async () => {
    const { session, css } = world
    const requirement = {
      id: 'income',
      name: { es: 'Ingresos', en: 'Income' },
      accepts: [['pa.gob.tax.tax-clearance.v1']],
      grounds: ['ex-officio'],
    }
    await session.done({ as: css, path: `/v1/procedures/${procedure}/requirements`, json: requirement })
    const run = {
      as: css,
      path: `/v1/procedures/${procedure}/runs`,
      json: { subject: { scheme: 'pa-cedula', id: child }, grounds: { kind: 'ex-officio', norm: 'Ley 83 de 2012' } },
      headers: { 'idempotency-key': 'run-1' },
    }
    const first = await session.told(run)
    expect(first).toMatchObject({
      status: 202,
      json: {
        requests: [{ requirement: 'birth-proof', type: certificateType, state: 'forwarded' }],
        unmet: [{ requirement: 'income', code: 'agreement-not-active' }],
      },
    })
    expect((await session.told(run)).json).toEqual(first.json)
    const { items } = await session.done<{ items: unknown[] }>({
      as: css,
      path: `/v1/procedures/${procedure}/evidence`,
      method: 'GET',
    })
    expect(items).toMatchObject([
      {
        requirement: 'birth-proof',
        accepts: [[{ type: certificateType, providers: ['te'], agreed: true, validity: 'P1Y' }]],
      },
      { requirement: 'income', accepts: [[{ agreed: false, providers: [] }]] },
    ])
  })

  test('an explicit request needs its proof, a ground the requirement does not know is refused, and fields only get fewer', async () => {
    const { session, css } = world
    const refused = async (more: object): Promise<unknown> => (await session.told(asking(css, more))).json
    expect(await refused({ grounds: { kind: 'explicit-request', channel: 'portal' } })).toMatchObject({
      code: 'grounds-not-accepted',
      pointer: '/grounds/proof',
    })
    expect(await refused({ grounds: { kind: 'explicit-request', channel: 'counter', proof: 'p' } })).toMatchObject({
      pointer: '/grounds/officer',
    })
    expect(await refused({ grounds: { kind: 'ex-officio' } })).toMatchObject({ pointer: '/grounds/norm' })
    expect(await refused({ fields: ['mother'] })).toMatchObject({ code: 'body-invalid', pointer: '/fields/0' })
    expect(await refused({ subject: { scheme: 'pa-cedula', id: 'x' } })).toMatchObject({ code: 'identifier-invalid' })
    expect(await refused({ deadline: '2020-01-01T00:00:00Z' })).toMatchObject({ code: 'deadline-invalid' })
    expect(await refused({ requirement: 'nothing' })).toMatchObject({ pointer: '/requirement' })
    const fewer = idOf(await session.told(asking(css, { fields: ['birthDate'] })))
    await session.done(answering(world.te, fewer, supplied))
    const { evidence } = (await session.told(reading(css, fewer))).json as { evidence: { data: object } }
    expect(evidence.data).toEqual({ birthDate: '2026-11-20' })
  })
})
