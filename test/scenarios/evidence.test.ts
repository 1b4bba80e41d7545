import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

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

/** The second worked example of the API, step by step. */
describe.each(combinations)('Evidence instead of papers, as it is written ($name)', ({ open }) => {
  let bus: Bus
  let world: EvidenceWorld
  let id = ''

  beforeAll(async () => {
    bus = await open()
    world = await evidenceWorld(bus)
  })
  afterAll(() => bus?.close())

  test('P11: without an agreement the request is refused with a decision, and allowed once there is one', async () => {
    const { session, css, te, agree } = world
    const refused = await session.told(asking(css))
    expect(refused.status).toBe(403)
    expect(refused.json).toMatchObject({ code: 'agreement-not-active', decision: expect.stringMatching(/^dec_/) })
    await agree(css, te, { contract: certificateType, procedure, fields: ['child', 'birthDate'] })
    const asked = await session.told(asking(css))
    expect(asked.status).toBe(202)
    expect(asked.json).toEqual({
      id: expect.stringMatching(/^evr_/),
      state: 'forwarded',
      decision: expect.stringMatching(/^dec_/),
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    })
    id = idOf(asked)
  })

  test('the provider finds it among what is open, with the subject, and answers once', async () => {
    const { session, te } = world
    const list = { as: te, path: '/v1/evidence-requests?role=provider&state=open', method: 'GET' } as const
    const open = await session.told(list)
    expect(open.status).toBe(200)
    expect(open.json).toMatchObject({
      items: [
        {
          id,
          type: certificateType,
          subject: { scheme: 'pa-cedula', id: child },
          fields: ['child', 'birthDate'],
          requester: 'css',
          procedure,
          deadline: expect.stringMatching(/Z$/),
        },
      ],
    })
    const answered = await session.told(answering(te, id, supplied))
    expect(answered).toMatchObject({ status: 200, json: { state: 'supplied' } })
    const again = await session.told(answering(te, id, supplied))
    expect(again).toMatchObject({ status: 409, json: { code: 'evidence-already-answered' } })
    expect((await session.told(list)).json).toMatchObject({ items: [] })
  })

  test('P7: the requester gets the agreed fields and no others, as often as it asks', async () => {
    const { session, css } = world
    const first = await session.told(reading(css, id, '?wait=10'))
    expect(first.status).toBe(200)
    expect(first.json).toMatchObject({
      id,
      state: 'supplied',
      evidence: {
        issuedAt: '2026-11-22T09:00:00Z',
        issuedBy: 'te',
        asOf: '2026-11-22T09:00:00Z',
        validUntil: '2027-11-22T09:00:00.000Z',
      },
    })
    expect((first.json as { evidence: { data: unknown } }).evidence.data).toEqual({ child, birthDate: '2026-11-20' })
    const second = await session.told(reading(css, id))
    expect(second.json).toMatchObject({ state: 'fetched', evidence: { data: { child } } })
  })

  test('once it is received the request is closed, and what it carried is gone', async () => {
    const { session, css, te } = world
    const received = await session.told({ as: css, path: `/v1/evidence-requests/${id}/received`, method: 'POST' })
    expect(received).toMatchObject({ status: 200, json: { state: 'closed' } })
    const after = await session.told(reading(css, id))
    expect(after).toMatchObject({ status: 200, json: { state: 'closed' } })
    expect(after.text).not.toContain('"evidence":')
    expect(after.text).not.toContain(child)
    const meter = await session.told({ as: css, path: '/v1/meter?by=procedure', method: 'GET' })
    expect(meter.json).toMatchObject({ items: [{ procedure, documentsNotAskedFor: 1 }] })
    expect(stateOf(await session.told(answering(te, id, supplied)))).toBeUndefined()
  })

  test('evidence about somebody else is refused, and the request stays open', async () => {
    const { session, css, te } = world
    const asked = idOf(await session.told(asking(css)))
    const other = { ...supplied, data: { ...supplied.data, child: '8-999-999' } }
    const refused = await session.told(answering(te, asked, other))
    expect(refused).toMatchObject({ status: 422, json: { code: 'evidence-subject-mismatch' } })
    expect(refused.text).not.toContain(child)
    expect(stateOf(await session.told(answering(te, asked, supplied)))).toBe('supplied')
  })

  test('what is available later waits, and is taken at any time until the deadline', async () => {
    const { session, css, te } = world
    const asked = idOf(await session.told(asking(css)))
    const later = await session.told(answering(te, asked, { outcome: 'available-later', at: '2026-12-01T00:00:00Z' }))
    expect(later).toMatchObject({ status: 200, json: { state: 'waiting' } })
    expect((await session.told(reading(css, asked))).json).toMatchObject({
      state: 'waiting',
      availableAt: '2026-12-01T00:00:00Z',
    })
    expect(stateOf(await session.told(answering(te, asked, { outcome: 'not-found' })))).toBe('not-found')
  })

  test('P13: a request that nobody answers expires at its deadline, and no answer is taken afterwards', async () => {
    const { session, css, te } = world
    const asked = idOf(await session.told(asking(css, { deadline: 'PT2S' })))
    const ended = await session.told(reading(css, asked, '?wait=30'))
    expect(ended.json).toMatchObject({ state: 'expired' })
    expect((await session.told(answering(te, asked, supplied))).status).toBe(409)
  })

  test('of identical answers in parallel one is taken, unless they carry the same key', async () => {
    const { session, css, te } = world
    const asked = idOf(await session.told(asking(css)))
    const told = await Promise.all(Array.from({ length: 8 }, () => session.told(answering(te, asked, supplied))))
    expect(told.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200,
      ...Array.from({ length: 7 }, () => 409),
    ])
    const other = idOf(await session.told(asking(css)))
    const same = { 'idempotency-key': `answer-${other}` }
    const repeated = await Promise.all(
      Array.from({ length: 8 }, () => session.told({ ...answering(te, other, supplied), headers: same })),
    )
    expect(new Set(repeated.map(({ status }) => status))).toEqual(new Set([200]))
  })

  test('a repeated request is the same request', async () => {
    const { session, css } = world
    const once = asking(css, {}, { 'idempotency-key': 'enrol-1' })
    const [first, second] = await Promise.all([session.told(once), session.told(once)])
    expect([first.status, second.status]).toEqual([202, 202])
    expect(idOf(second)).toBe(idOf(first))
    const other = await session.told(asking(css, { deadline: 'PT20M' }, { 'idempotency-key': 'enrol-1' }))
    expect(other).toMatchObject({ status: 422, json: { code: 'idempotency-key-reused' } })
  })

  test('P6: once the agreement is suspended nothing is answered, and nothing is read', async () => {
    const { session, css, te } = world
    const { items } = await session.done<{ items: { id: string }[] }>({
      as: css,
      path: '/v1/agreements',
      method: 'GET',
    })
    const agreement = items[0]?.id
    const unanswered = idOf(await session.told(asking(css)))
    const unread = idOf(await session.told(asking(css)))
    await session.done(answering(te, unread, supplied))
    await session.done({ as: te, path: `/v1/agreements/${agreement}/suspend`, json: { reason: 'To be looked at' } })
    expect((await session.told(answering(te, unanswered, supplied))).status).toBe(403)
    expect((await session.told(reading(css, unread))).status).toBe(403)
    await session.done({ as: te, path: `/v1/agreements/${agreement}/resume`, json: { reason: 'Looked at' } })
    expect((await session.told(reading(css, unread))).json).toMatchObject({ evidence: { data: { child } } })
  })

  test('others do not see a request, whatever they try with it', async () => {
    const { session, css, caja } = world
    const asked = idOf(await session.told(asking(css)))
    expect((await session.told(reading(caja, asked))).status).toBe(404)
    expect((await session.told(answering(caja, asked, supplied))).status).toBe(404)
    const received = { as: caja, path: `/v1/evidence-requests/${asked}/received`, method: 'POST' } as const
    expect((await session.told(received)).status).toBe(404)
    const list = await session.told({ as: caja, path: '/v1/evidence-requests?role=provider', method: 'GET' })
    expect(list.json).toMatchObject({ items: [] })
  })
})
