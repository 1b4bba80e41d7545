import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Contract } from '@unavez/contracts'
import type { OpenBus } from '@unavez/service-kit/testing'
import avsc from 'avsc'

import { gateway } from '../src/index.ts'
import { birth, birthFacts, birthType, childId, motherId, narrower, narrowerFacts, schema } from './birth.ts'
import { openBus } from './open-bus.ts'
import { type Answer, batch, postEvents } from './post-events.ts'

let bus: OpenBus
beforeAll(async () => {
  bus = await openBus(gateway, birthFacts)
})
afterAll(() => bus.close())

const avro = 'application/avro'
const data = { child: childId, birthDate: '2026-11-20', place: null, mother: motherId }
const wireOf = (of: object, more: object, schemaId = 1) =>
  new Contract(birthType, of).encode({ ...data, ...more }, { schemaId }).wire
const wire = (more: object = {}) => wireOf(schema, more)
const other = avsc.Type.forSchema(schema as avsc.Schema, { wrapUnions: true })
/** Bytes as another library writes them, whatever the contract says of identifiers. */
const written = (more: object = {}): Buffer =>
  Buffer.concat([
    Buffer.from([0, 0, 0, 0, 1]),
    other.toBuffer({ child: childId, birthDate: 20_777, place: null, mother: { string: motherId }, ...more }),
  ])

const headersOf = (id: string, more: Readonly<Record<string, string>> = {}) => ({
  'ce-specversion': '1.0',
  'ce-id': id,
  'ce-source': 'urn:unavez:pa:te:registro',
  'ce-type': birthType,
  'ce-time': '2026-11-22T10:00:00Z',
  'ce-occurredat': '2026-11-20T03:10:00Z',
  'ce-changetype': 'created',
  ...more,
})
const inBinary = (id: string, body: Uint8Array, more: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  postEvents(bus, body, { type: avro, headers: headersOf(id, more) })
const structured = (id: string, bytes: Buffer, more: object = {}) =>
  birth(id, { data: undefined, datacontenttype: avro, data_base64: bytes.toString('base64'), ...more })
const version = (number: number) => `http://unavez.test/v1/contracts/${birthType}/versions/${number}`

test('one fact has one payload hash, in JSON and Avro, in every mode, whoever wrote the bytes', async () => {
  const asJson = await postEvents(bus, birth('fact'))
  expect(asJson.status).toBe(201)
  const repeated = { ...asJson.body, alreadyAccepted: true }
  const bare = wire().subarray(5)
  expect((await inBinary('fact', wire())).body).toEqual(repeated)
  expect((await inBinary('fact', written())).body).toEqual(repeated)
  expect((await inBinary('fact', bare, { 'ce-dataschema': version(1) })).body).toEqual(repeated)
  expect((await postEvents(bus, structured('fact', wire()))).body).toEqual(repeated)
  expect((await postEvents(bus, structured('fact', bare, { dataschema: version(1) }))).body).toEqual(repeated)
  const spelled = written({ child: ' 08-01234-000567' })
  expect((await inBinary('fact', spelled)).body).toEqual(repeated)
})

test('a batch mixes Avro and JSON; each item has its answer', async () => {
  const items = [
    structured('mixed-1', wire()),
    birth('mixed-2'),
    structured('mixed-3', Buffer.concat([wire(), Buffer.from([0])])),
    { ...birth('mixed-4'), data_base64: wire().toString('base64') },
    structured('mixed-5', wire({ place: `at ${motherId}` })),
  ]
  const { status, text } = await postEvents(bus, items, { type: batch })
  const results = JSON.parse(text) as Record<string, unknown>[]
  expect(status).toBe(200)
  expect(results.map((each) => [each['status'], each['code'], each['pointer']])).toEqual([
    [201, undefined, undefined],
    [201, undefined, undefined],
    [422, 'data-invalid', '/data_base64'],
    [422, 'event-invalid', '/data_base64'],
    [422, 'identifier-in-clear', '/data/place'],
  ])
  expect(text).not.toContain(motherId)
})

describe('P7: bytes that are refused', () => {
  const id = (number: number) => Buffer.concat([Buffer.from([0, 0, 0, 0, number]), wire().subarray(5)])
  test.each([
    ['of no schema', wire().subarray(5), 'data-invalid', '/data'],
    ['of an unknown schema', id(99), 'data-invalid', '/data'],
    ['of nothing', Buffer.alloc(0), 'data-invalid', '/data'],
    ['cut short', wire().subarray(0, -1), 'data-invalid', '/data'],
    ['with more behind the record', Buffer.concat([wire(), Buffer.from([1])]), 'data-invalid', '/data'],
    ['beyond the limit', Buffer.alloc(300_000), 'event-too-large', undefined],
    [
      'with a number that is none of its scheme',
      written({ child: '8-8888888-1' }),
      'identifier-invalid',
      '/data/child',
    ],
    ['with a number in free text', written({ place: { string: motherId } }), 'identifier-in-clear', '/data/place'],
  ])('%s', async (...[, bytes, code, pointer]) => {
    const { body, text } = await inBinary('bad', bytes)
    expect(body).toMatchObject({ code, ...(pointer === undefined ? {} : { pointer }) })
    expect(text).not.toMatch(new RegExp(`${childId}|${motherId}`))
  })

  test.each([
    [
      'a header before the bare record that dataschema names',
      wire(),
      { dataschema: version(1) },
      'data-invalid',
      '/data_base64',
    ],
    ['a version that is not there', wire(), { dataschema: version(7) }, 'event-invalid', '/dataschema'],
    ['no base64', wire(), { data_base64: 'ñ' }, 'event-invalid', '/data_base64'],
    [
      'base64 with a line break',
      wire(),
      { data_base64: `${wire().toString('base64')}\n` },
      'event-invalid',
      '/data_base64',
    ],
    ['a number instead of base64', wire(), { data_base64: 7 }, 'event-invalid', '/data_base64'],
    ['JSON beside it', wire(), { data }, 'event-invalid', '/data'],
    ['too many bytes', Buffer.alloc(260_000), {}, 'event-too-large', undefined],
  ])('%s', async (...[, bytes, more, code, pointer]) => {
    const { body } = await postEvents(bus, structured('bad', bytes, more))
    expect(body).toMatchObject({ code, ...(pointer === undefined ? {} : { pointer }) })
  })
})

test('P2: publishers move to a new version one by one: the older one goes on, and each record names its writer', async () => {
  const before = await inBinary('old-writer', wire({ place: 'Santiago' }))
  for (const fact of narrowerFacts)
    await bus.control.submit({
      command: `narrower/${fact.type}`,
      hash: '',
      by: { institution: 'te', system: 'registro' },
      decide: () => ({ facts: [fact], reads: [] }),
    })
  const { place: _, ...narrow } = data
  const newer = new Contract(birthType, narrower).encode(narrow, { schemaId: 2 }).wire
  expect((await inBinary('old-writer', wire({ place: 'Santiago' }))).body).toEqual({
    ...before.body,
    alreadyAccepted: true,
  })
  expect((await inBinary('old-writer-2', wire({ place: 'Colón' }))).status).toBe(201)
  expect((await inBinary('new-writer', newer)).status).toBe(201)
  expect((await inBinary('old-writer', newer)).body).toMatchObject({ code: 'event-id-reused' })
  const pages = await Promise.all(
    Array.from({ length: 12 }, (_each, partition) =>
      bus.engine.log.read(
        { topic: 'events.civil', partition, offset: 0 },
        { messages: 100, bytes: 1_000_000, waitMs: 0 },
      ),
    ),
  )
  const versions = pages
    .flatMap(({ messages }) => messages)
    .map(({ headers }) => [headers['ce_id']?.toString(), headers['contractversion']?.toString()])
  expect(Object.fromEntries(versions)).toMatchObject({ 'old-writer': '1', 'old-writer-2': '1', 'new-writer': '2' })
})
