import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { schemaIdOf } from '@unavez/contracts'
import { partitionOf } from '@unavez/engine'

import { gateway } from '../src/index.ts'
import { birth, birthFacts, birthType, childId, motherId } from './birth.ts'
import { type OpenBus } from '@unavez/service-kit/testing'
import { decodePosition } from '@unavez/exchange'

import { openBus } from './open-bus.ts'
import { batch, postEvents } from './post-events.ts'

let bus: OpenBus
beforeAll(async () => {
  bus = await openBus(gateway, birthFacts)
})
afterAll(() => bus.close())

const post = (body: unknown, how: Parameters<typeof postEvents>[2] = {}) => postEvents(bus, body, how)

async function recordAt(position: unknown) {
  const at = decodePosition(String(position))
  if (at === undefined) throw new Error('no position')
  const from = { topic: 'events.civil', partition: at.partition, offset: at.offset }
  const { messages } = await bus.engine.log.read(from, { messages: 1, bytes: 1_000_000, waitMs: 0 })
  const [message] = messages
  if (message === undefined) throw new Error('no record')
  return message
}

describe('an event over HTTP', () => {
  test('P1, P2: is accepted as in the worked example, and a repeat gets the same answer with 200', async () => {
    const first = await post(birth('worked-example'))
    expect(first.status).toBe(201)
    expect(first.body).toEqual({
      id: 'worked-example',
      source: 'urn:unavez:pa:te:registro',
      payloadHash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      acceptedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      position: expect.any(String),
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      alreadyAccepted: false,
    })
    const again = await post(birth('worked-example'))
    expect(again.status).toBe(200)
    expect(again.body).toEqual({ ...first.body, alreadyAccepted: true })
  })

  test('P2: the same fact in another spelling is a repeat; another fact under its id is refused', async () => {
    const { body } = await post(birth('spelled'))
    const spelled = birth('spelled', { time: '2026-11-22T11:00:00+00:00' }, { child: ' 8-01234-0567', place: null })
    expect((await post(spelled)).body).toEqual({ ...body, alreadyAccepted: true })
    const other = await post(birth('spelled', {}, { birthDate: '2026-11-19' }))
    expect(other.status).toBe(409)
    expect(other.body).toMatchObject({ code: 'event-id-reused', pointer: '/id' })
  })

  test('every header of the format stands on its record, and no identifier does', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const more = { traceparent, changetype: 'corrected', previouseventid: 'before', causedby: 'cause', late: true }
    const headers = { 'x-secret': 'inbound', ce_id: 'inbound' }
    const { body } = await post(birth('headers', more), { headers })
    expect(body['traceId']).toBe('0af7651916cd43dd8448eb211c80319c')
    const { key, value, headers: found, partition, appendedAt } = await recordAt(body['position'])
    const told = Object.fromEntries(Object.entries(found).map(([name, bytes]) => [name, bytes.toString()]))
    const root = key?.toString() ?? ''
    expect(told).toEqual({
      ce_specversion: '1.0',
      ce_id: 'headers',
      ce_source: 'urn:unavez:pa:te:registro',
      ce_type: birthType,
      ce_time: '2026-11-22T10:00:00Z',
      ce_occurredat: '2026-11-20T03:10:00Z',
      ce_subject: root,
      ce_dataschema: `http://unavez.test/v1/contracts/${birthType}/versions/1`,
      'content-type': 'application/avro',
      salt: expect.any(String),
      n: String(bus.control.policy.offset),
      by: '{"institution":"te","system":"registro"}',
      traceparent,
      causedby: 'cause',
      changetype: 'corrected',
      previouseventid: 'before',
      late: '1',
      parties: expect.stringMatching(/^[\w-]{43}$/),
      payloadhash: body['payloadHash'],
      contractversion: '1',
    })
    expect(found['salt']).toHaveLength(16)
    expect(root).toMatch(/^[\w-]{43}$/)
    expect(partition).toBe(partitionOf(Buffer.from(root)))
    expect(schemaIdOf(value ?? Buffer.alloc(0))).toBe(1)
    expect(body['acceptedAt']).toBe(appendedAt.toISOString())
    expect(JSON.stringify(told)).not.toMatch(new RegExp(`${childId}|${motherId}|inbound`))
  })

  test('a baseline says so in a header of its own, and what has nothing to say is absent', async () => {
    const { body } = await post(birth('baseline', { changetype: 'baseline' }, { mother: null }))
    const { headers } = await recordAt(body['position'])
    expect(headers['baseline']?.toString()).toBe('1')
    for (const name of ['parties', 'causedby', 'previouseventid', 'late', 'copy']) expect(headers[name]).toBeUndefined()
  })

  test('two records never have one salt', async () => {
    const items = Array.from({ length: 400 }, (_, i) => birth(`salt-${i}`))
    const { text } = await post(items, { type: batch })
    const answers = JSON.parse(text) as { position: string }[]
    const salts = await Promise.all(
      answers.map(async (each) => (await recordAt(each.position)).headers['salt']?.toString('hex')),
    )
    expect(new Set(salts).size).toBe(400)
  })
})

describe('a batch', () => {
  test('has one result per item, in order; a bad item stops no other', async () => {
    const items = [
      birth('batch-1'),
      birth('batch-2', {}, { birthDate: 'yesterday' }),
      'no event',
      birth('batch-1'),
      birth('batch-1', {}, { birthDate: '2026-11-01' }),
      birth(childId),
      birth('batch-3', { type: 'pa.gob.civil.unheard-of.v1' }),
      birth('batch-4'),
    ]
    const { status, text } = await post(items, { type: batch })
    expect(status).toBe(200)
    const results = JSON.parse(text) as Record<string, unknown>[]
    expect(results.map((each) => [each['status'], each['code'] ?? each['alreadyAccepted'], each['id']])).toEqual([
      [201, false, 'batch-1'],
      [422, 'data-invalid', 'batch-2'],
      [422, 'event-invalid', undefined],
      [200, true, 'batch-1'],
      [409, 'event-id-reused', 'batch-1'],
      [422, 'identifier-in-clear', undefined],
      [422, 'event-type-unknown', 'batch-3'],
      [201, false, 'batch-4'],
    ])
    expect(results[1]?.['pointer']).toBe('/data/birthDate')
    expect(text).not.toContain(childId)
  })

  test('P3: keeps its order for each key subject', async () => {
    const items = Array.from({ length: 300 }, (_, i) => birth(`order-${i}`, {}, { child: `8-1-${(i % 7) + 1}` }))
    const { text } = await post(items, { type: batch })
    const positions = (JSON.parse(text) as { position: string }[]).map(({ position }) => position)
    for (let subject = 0; subject < 7; subject += 1) {
      const ofSubject = positions.filter((_, i) => i % 7 === subject)
      expect(ofSubject).toEqual(ofSubject.toSorted())
    }
  })

  test('P14: that is empty, no list, too long or too large is refused as a whole', async () => {
    expect(await post([], { type: batch })).toMatchObject({ status: 400, body: { code: 'body-invalid' } })
    expect(await post(birth('x'), { type: batch })).toMatchObject({ status: 400, body: { code: 'body-invalid' } })
    const many = Array.from({ length: 501 }, (_, i) => birth(`many-${i}`))
    expect(await post(many, { type: batch })).toMatchObject({ status: 413, body: { code: 'batch-too-large' } })
    const large = JSON.stringify([birth('large', { note: 'x'.repeat(6_000_000) })])
    expect((await post(large, { type: batch }).catch(() => ({ status: 413 }))).status).toBe(413)
  })
})

describe('who may publish', () => {
  test('P11: is asked before the body is looked at, and the refusal carries its decision', async () => {
    for (const as of ['te.reader', 'css.main']) {
      const answer = await post(birth('refused', { id: 17, unheard: true }), { as })
      expect([as, answer.status]).toEqual([as, 403])
      expect(answer.body['decision']).toEqual(expect.any(String))
    }
  })

  test('an unknown type is told to publishers only, and makes no topic', async () => {
    const unknown = { type: 'pa.gob.civil.brith-registered.v1' }
    expect((await post(birth('x', unknown), { as: 'te.reader' })).status).toBe(403)
    expect(await post(birth('x', unknown))).toMatchObject({
      status: 422,
      body: { code: 'event-type-unknown', pointer: '/type' },
    })
    await expect(bus.engine.log.bounds('events.brith')).rejects.toMatchObject({ code: 'unknown-topic' })
  })

  test('another source than the speaker is refused', async () => {
    for (const source of ['urn:unavez:pa:te:reader', 'urn:unavez:pa:css:main', 'urn:unavez:sv:te:registro', 'x'])
      expect(await post(birth('x', { source }))).toMatchObject({
        status: 403,
        body: { code: 'source-mismatch', pointer: '/source' },
      })
  })
})
