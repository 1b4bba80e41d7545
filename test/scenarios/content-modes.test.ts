import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { BatchItem } from '@unavez/protocol'
import avsc from 'avsc'

import { type Answered, ask, exchange, problemIn } from '../setup/ask.ts'
import { type Bus, combinations } from '../setup/bus.ts'
import { birthContract, birthOf, birthType, birthWorld } from '../setup/world.ts'

const number = '8-888-8888'
const source = 'urn:unavez:pa:te:registro'
const avro = 'application/avro'

describe.each(combinations)('Events in every content mode ($name)', ({ open }) => {
  let bus: Bus
  let world: Awaited<ReturnType<typeof birthWorld>>
  let schemaId: number
  const writer = avsc.Type.forSchema(birthContract.schema as unknown as avsc.Schema, { wrapUnions: true })

  beforeAll(async () => {
    bus = await open()
    world = await birthWorld(bus)
    const found = await world.te.get<{ id: number }>('/registry/subjects/pa.gob.civil.v1.BirthRegistered/versions/1')
    schemaId = found.id
  })
  afterAll(() => bus?.close())

  /** As another library writes them, in Confluent's wire format. */
  const wireOf = (child: string, place: string | null = null): Buffer => {
    const header = Buffer.alloc(5)
    header.writeUInt32BE(schemaId, 1)
    const mother = { string: '8-765-4321' }
    const days = Math.floor(Date.parse('2026-11-20') / 86_400_000)
    const record = { child, birthDate: days, place: place === null ? null : { string: place }, mother }
    return Buffer.concat([header, writer.toBuffer(record)])
  }
  const attributes = (id: string): Record<string, string> => ({
    'ce-specversion': '1.0',
    'ce-source': source,
    'ce-id': id,
    'ce-type': birthType,
    'ce-time': '2026-11-22T10:00:00Z',
    'ce-occurredat': '2026-11-20T03:10:00Z',
    'ce-changetype': 'created',
  })
  const binary = (id: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Answered> =>
    ask(bus, {
      path: '/v1/events',
      method: 'POST',
      as: world.te,
      body: new Uint8Array(Buffer.from(body)),
      headers: { ...attributes(id), 'content-type': 'application/json', ...headers },
    })
  const dataOf = (child: string) => JSON.stringify(birthOf('any', child).data)

  test('P2: one fact offered in JSON and Avro, structured and binary, is one event with one payload hash', async () => {
    const first = await world.te.publish(birthOf('one-fact', '8-700-1'))
    const told = { ...first, alreadyAccepted: true }
    expect((await binary('one-fact', dataOf('8-700-1'))).json).toEqual(told)
    expect((await binary('one-fact', wireOf('8-700-1'), { 'content-type': avro })).json).toEqual(told)
    expect((await binary('one-fact', wireOf(' 08-0700-00001'), { 'content-type': avro })).json).toEqual(told)
    const dataschema = `/v1/contracts/${birthType}/versions/1`
    const bare = { 'content-type': avro, 'ce-dataschema': dataschema }
    expect((await binary('one-fact', wireOf('8-700-1').subarray(5), bare)).json).toEqual(told)
    expect((await binary('one-fact', wireOf('8-700-2'), { 'content-type': avro })).json).toMatchObject({
      code: 'event-id-reused',
      pointer: '/headers/ce-id',
    })
  })

  test('a batch carries Avro beside JSON, in order', async () => {
    const json = { specversion: '1.0', source, ...birthOf('in-batch-1', '8-701-1') }
    const other = { ...json, id: 'in-batch-2', data: undefined, datacontenttype: avro }
    const items = [
      json,
      { ...other, data_base64: wireOf('8-701-1').toString('base64') },
      { ...other, id: 'in-batch-3', data_base64: wireOf('8-701-1').subarray(0, -1).toString('base64') },
    ]
    const answered = await ask(bus, {
      path: '/v1/events',
      as: world.te,
      body: JSON.stringify(items),
      headers: { 'content-type': 'application/cloudevents-batch+json' },
    })
    const results = answered.json as readonly BatchItem[]
    expect(results.map((each) => [each.status, 'pointer' in each ? each.pointer : undefined])).toEqual([
      [201, undefined],
      [201, undefined],
      [422, '/data_base64'],
    ])
    const { events } = await world.css.pull(world.births, { limit: 1000 })
    const [first, second] = ['in-batch-1', 'in-batch-2'].map((id) => events.find((each) => each.id === id))
    expect(second?.data).toEqual(first?.data)
    expect(Object.keys(second ?? {})).toEqual(Object.keys(first ?? {}))
  })

  test.each([
    ['an identity number as id', { 'ce-id': number }, 'identifier-in-clear', '/headers/ce-id'],
    ['the same, percent-encoded', { 'ce-id': '8%2d888-8888' }, 'identifier-in-clear', '/headers/ce-id'],
    ['an attribute of the bus', { 'ce-subject': number }, 'event-invalid', '/headers/ce-subject'],
    ['an attribute nobody knows', { 'ce-unheard': number }, 'event-invalid', '/headers/ce-unheard'],
    ['a header named like an identity number', { [`ce-${number}`]: 'x' }, 'event-invalid', ''],
    ['a schema id in JSON', { 'content-type': avro }, 'data-invalid', '/data'],
  ] as const)('P7: %s is refused', async (...[, headers, code, pointer]) => {
    const answered = await binary('refused', dataOf('8-702-1'), headers)
    expect(problemIn(answered, code).pointer).toBe(pointer)
    expect(answered.text).not.toContain(number)
  })

  test('P7: an identity number in the free text of Avro is refused, and told nowhere', async () => {
    const answered = await binary('refused', wireOf('8-702-1', `with ${number}`), { 'content-type': avro })
    expect(problemIn(answered, 'identifier-in-clear').pointer).toBe('/data/place')
    expect(answered.text).not.toContain(number)
    expect(bus.output()).not.toContain(number)
  })

  test('headers given twice, a body shorter than announced, and one without its type are never taken', async () => {
    const token = await world.te.token()
    const body = dataOf('8-703-1')
    const head = (headers: readonly string[]) =>
      `${['POST /v1/events HTTP/1.1', 'host: bus', 'connection: close', `authorization: Bearer ${token}`, ...headers].join('\r\n')}\r\n\r\n`
    const all = Object.entries(attributes('raw')).map(([name, value]) => `${name}: ${value}`)
    const json = 'content-type: application/json'
    const length = (more = 0) => `content-length: ${body.length + more}`
    const twice = await exchange(bus.url, head([...all, 'ce-id: other', json, length()]) + body)
    expect(twice).toMatch(/^HTTP\/1\.1 422 /)
    expect(twice).toContain('"pointer":"/headers/ce-id"')
    expect(await exchange(bus.url, head([...all, length()]) + body)).toMatch(/^HTTP\/1\.1 415 /)
    const short = await exchange(bus.url, head([...all, json, length(9)]) + body, { end: true })
    expect(short).not.toMatch(/^HTTP\/1\.1 2/m)
    expect(await exchange(bus.url, head([...all, json, length()]) + body)).toMatch(/^HTTP\/1\.1 201 /)
  })

  test('P14: Avro that would grow is refused at once, and the bus goes on', async () => {
    const bomb = Buffer.concat([wireOf('8-704-1').subarray(0, 5), Buffer.alloc(200_000, 0xff)])
    expect(problemIn(await binary('bomb', bomb, { 'content-type': avro }), 'data-invalid').pointer).toBe('/data')
    const large = await binary('bomb', Buffer.alloc(262_145), { 'content-type': avro })
    expect(problemIn(large, 'event-too-large').status).toBe(413)
    expect((await binary('after', wireOf('8-704-1'), { 'content-type': avro })).status).toBe(201)
  })
})
