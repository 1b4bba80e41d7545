import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { BatchItem, DeliveredEvent, ProblemCode } from '@unavez/protocol'

import { type Answered, ask, exchange, problemIn } from '../setup/ask.ts'
import { assessmentContract, assessmentOf, assessmentType } from '../setup/assessment.ts'
import { type Bus, combinations } from '../setup/bus.ts'
import { birthWorld, openWorld } from '../setup/world.ts'

const number = '8-888-8888'
const single = 'application/cloudevents+json'
const batch = 'application/cloudevents-batch+json'

type Fault = readonly [fault: string, patch: object, code: ProblemCode, pointer: string]

const envelope: readonly Fault[] = [
  ['an id that holds an identity number', { id: `birth:${number}:1` }, 'identifier-in-clear', '/id'],
  ['an id that is too long', { id: 'x'.repeat(129) }, 'event-invalid', '/id'],
  ['an id outside ASCII', { id: 'ñandú-\u0000' }, 'event-invalid', '/id'],
  ['no id', { id: undefined }, 'event-invalid', '/id'],
  ['an unknown type', { type: 'pa.gob.tax.asessment-issued.v1' }, 'event-type-unknown', '/type'],
  ['a type with $', { type: '$where' }, 'event-type-unknown', '/type'],
  ['a type with dots', { type: '../../etc/passwd' }, 'event-type-unknown', '/type'],
  ['a type named __proto__', { type: '__proto__' }, 'event-type-unknown', '/type'],
  ['a type that is too long', { type: `pa.gob.tax.${'x'.repeat(300)}.v1` }, 'event-type-unknown', '/type'],
  ['the source of another system', { source: 'urn:unavez:pa:css:main' }, 'source-mismatch', '/source'],
  ['a subject', { subject: number }, 'event-invalid', '/subject'],
  ['a time of publication', { publishedat: '2026-11-22T10:00:00Z' }, 'event-invalid', '/publishedat'],
  ['a position', { position: 'AAAA' }, 'event-invalid', '/position'],
  ['an unknown attribute', { unheard: number }, 'event-invalid', '/unheard'],
  ['an attribute named like an identity number', { [number]: 'x' }, 'event-invalid', ''],
  ['a time with an offset', { occurredat: '2026-11-20T03:10:00-05:00' }, 'event-invalid', '/occurredat'],
  ['a null time', { time: null }, 'event-invalid', '/time'],
  ['a correction of nothing', { changetype: 'corrected' }, 'event-invalid', '/previouseventid'],
  ['data in XML', { datacontenttype: 'application/xml' }, 'content-type-unsupported', '/datacontenttype'],
  ['a foreign schema', { dataschema: 'http://127.0.0.1:1/schema' }, 'event-invalid', '/dataschema'],
  ['null data', { data: null }, 'data-invalid', '/data'],
  ['data that is an array', { data: [] }, 'data-invalid', '/data'],
]

const data: readonly Fault[] = [
  ['no key subject', { person: undefined }, 'data-invalid', '/data/person'],
  ['an unknown field', { father: number }, 'data-invalid', '/data/father'],
  ['a number that is none of its scheme', { person: '8-8888888-8888888' }, 'identifier-invalid', '/data/person'],
  ['an int beyond 32 bits', { year: 4_294_967_296 }, 'data-invalid', '/data/year'],
  ['an int with a fraction', { year: 2026.5 }, 'data-invalid', '/data/year'],
  ['a long that JSON can not hold', { serial: 2 ** 53 + 2 }, 'data-invalid', '/data/serial'],
  ['a long beyond 64 bits', { serial: '9223372036854775808' }, 'data-invalid', '/data/serial'],
  ['a decimal with too many digits', { amount: '12345678901.00' }, 'data-invalid', '/data/amount'],
  ['a decimal with too small a part', { amount: '1.005' }, 'data-invalid', '/data/amount'],
  ['a time that is none', { issuedAt: '2026-02-30T00:00:00Z' }, 'data-invalid', '/data/issuedAt'],
  ['a symbol that is none', { state: 'closed' }, 'data-invalid', '/data/state'],
  ['null where none may be', { state: null }, 'data-invalid', '/data/state'],
  ['an item of another type', { items: ['a', 7] }, 'data-invalid', '/data/items/1'],
  ['a text that holds an identity number', { remark: `of ${number}` }, 'identifier-in-clear', '/data/remark'],
  ['an item that is an identity number', { items: ['a', number] }, 'identifier-in-clear', '/data/items/1'],
  ['a key that is an identity number', { notes: { [number]: 'x' } }, 'identifier-in-clear', '/data/notes'],
]

const bodies: readonly (readonly [fault: string, body: string, type: string, code: ProblemCode])[] = [
  ['no JSON', `{"id": ${number}`, single, 'json-invalid'],
  ['nothing', '', single, 'event-invalid'],
  ['an array instead of an event', `[{"id":"${number}"}]`, single, 'event-invalid'],
  ['a text instead of an event', `"${number}"`, single, 'event-invalid'],
  ['null instead of an event', 'null', single, 'event-invalid'],
  ['a member named __proto__', `{"__proto__":{"id":"${number}"}}`, single, 'json-invalid'],
  ['a hidden member named __proto__', `{"\\u005f_proto__":{"id":"${number}"}}`, single, 'json-invalid'],
  ['brackets without end', `{"data":${'['.repeat(5000)}${']'.repeat(5000)}}`, single, 'json-invalid'],
  ['an empty batch', '[]', batch, 'body-invalid'],
  ['an event as a batch', `{"id":"${number}"}`, batch, 'body-invalid'],
  ['a batch that is no JSON', `[{"id":"${number}"},`, batch, 'json-invalid'],
  ['plain JSON', `{"id":"${number}"}`, 'application/json', 'content-type-unsupported'],
  ['a form', `id=${number}`, 'application/x-www-form-urlencoded', 'content-type-unsupported'],
  ['a content type that is none', `{"id":"${number}"}`, 'cloudevents', 'content-type-unsupported'],
]

describe.each(combinations)('What the bus is offered and does not take ($name)', ({ open }) => {
  let bus: Bus
  let world: Awaited<ReturnType<typeof birthWorld>>
  let subscription: string
  let slow: Promise<string>
  /** What was taken, in order: at the end nothing else may be found. */
  const taken: string[] = []

  beforeAll(async () => {
    bus = await open()
    world = await birthWorld(bus)
    await world.contract(world.te, assessmentContract)
    const fields = assessmentContract.schema.fields.map(({ name }) => name)
    const agreement = await openWorld(bus).agreement(world.css, world.te, { contract: assessmentType, fields })
    subscription = await world.subscription(world.css, agreement)
    const head = await headOf({ 'content-length': '2000' })
    // Begun here, so that its half minute passes beside the other tests.
    slow = exchange(bus.url, `${head}{"id":"slow",`)
  })
  afterAll(() => bus?.close())

  const event = (id: string, more: object = {}): object => ({
    specversion: '1.0',
    id,
    source: 'urn:unavez:pa:te:registro',
    type: assessmentType,
    time: '2026-11-22T10:00:00Z',
    occurredat: '2026-11-20T03:10:00Z',
    changetype: 'created',
    data: assessmentOf(),
    ...more,
  })
  const post = (body: string | object, headers: object = {}): Promise<Answered> =>
    ask(bus, {
      path: '/v1/events',
      method: 'POST',
      as: world.te,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': single, ...headers },
    })
  const headOf = async (headers: Readonly<Record<string, string>>): Promise<string> => {
    const all = { host: 'bus', authorization: `Bearer ${await world.te.token()}`, 'content-type': single, ...headers }
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
    return `${['POST /v1/events HTTP/1.1', ...lines].join('\r\n')}\r\n\r\n`
  }
  const pulled = async (): Promise<readonly DeliveredEvent[]> => {
    const { events } = await world.css.pull(subscription, { limit: 1000 })
    return events
  }
  const expectRefusal = (answered: Answered, code: ProblemCode, pointer?: string): void => {
    const problem = problemIn(answered, code)
    if (pointer !== undefined) expect(problem.pointer).toBe(pointer)
    expect(answered.text).not.toContain(number)
    expect(JSON.stringify([...answered.headers])).not.toContain(number)
  }

  test.each(envelope)('P7: an event with %s is refused', async (...[, patch, code, pointer]) => {
    expectRefusal(await post(event('bad-envelope', patch)), code, pointer)
  })

  test.each(data)('P7: data with %s is refused', async (...[, patch, code, pointer]) => {
    expectRefusal(await post(event('bad-data', { data: assessmentOf(patch) })), code, pointer)
  })

  test.each(bodies)('a body with %s is refused', async (...[, body, type, code]) => {
    expectRefusal(await post(body, { 'content-type': type }), code)
  })

  test('P14: bodies beyond their limit are refused, announced or not', async () => {
    expectRefusal(
      await post(event('large', { data: assessmentOf({ remark: 'x'.repeat(300_000) }) })),
      'event-too-large',
    )
    expectRefusal(await post('x'.repeat(5 * 1024 * 1024 + 1), { 'content-type': batch }), 'body-too-large')
    expectRefusal(
      await post(JSON.stringify(Array.from({ length: 501 }, () => ({}))), { 'content-type': batch }),
      'batch-too-large',
    )
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
    const endless = await exchange(bus.url, (await headOf({ 'transfer-encoding': 'chunked' })) + chunk.repeat(100), {})
    expect(endless).toMatch(/^HTTP\/1\.1 413 /)
    expect(endless).toContain('"code":"body-too-large"')
  })

  test('P1: a body that is not as long as announced is never taken', async () => {
    const body = JSON.stringify(event('short'))
    const short = await exchange(bus.url, (await headOf({ 'content-length': String(body.length + 9) })) + body, {
      end: true,
    })
    const long = await exchange(bus.url, (await headOf({ 'content-length': String(body.length - 9) })) + body, {
      end: true,
    })
    for (const told of [short, long]) expect(told).not.toMatch(/^HTTP\/1\.1 2/m)
  })

  test('a chunked body is taken like any other', async () => {
    const body = JSON.stringify(event('chunked'))
    const chunks = [body.slice(0, 40), body.slice(40)].map((part) => `${part.length.toString(16)}\r\n${part}\r\n`)
    const head = await headOf({ 'transfer-encoding': 'chunked', connection: 'close' })
    expect(await exchange(bus.url, `${head}${chunks.join('')}0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 201 /)
    taken.push('chunked')
  })

  test('a path that climbs, and one that is no path, lead nowhere', async () => {
    const token = await world.te.token()
    const paths = [
      '/v1/../../etc/passwd',
      '/v1/contracts/..%2f..%2fetc%2fpasswd',
      '/v1/institutions/%2e%2e',
      '//v1/me',
      '/v1/%',
    ]
    for (const path of [
      ...paths,
      `/v1/institutions/${'x'.repeat(2000)}`,
      '/v1/contracts/__proto__',
      '/v1/agreements/$ne',
    ]) {
      const head = `GET ${path} HTTP/1.1\r\nhost: bus\r\nauthorization: Bearer ${token}\r\nconnection: close\r\n\r\n`
      const told = await exchange(bus.url, head)
      expect([path, told.slice(0, 12)]).toEqual([path, 'HTTP/1.1 404'])
      expect(told).toContain('"code":"not-found"')
      expect(told).not.toMatch(/passwd|xxx|\$ne/)
    }
  })

  test('longs, decimals and times come out as they went in', async () => {
    const whole = assessmentOf({
      serial: '9223372036854775807',
      amount: '-9999999999.99',
      issuedAt: '2026-11-20T03:10:00.001Z',
    })
    expect((await post(event('exact', { data: whole }))).status).toBe(201)
    taken.push('exact')
    const found = (await pulled()).find(({ id }) => id === 'exact')
    expect(found?.data).toEqual(whole)
  })

  test('P7: headers of a request never become part of an event', async () => {
    const odd = {
      'ce-id': 'odd-header',
      'ce-subject': 'odd-header',
      subject: 'odd-header',
      'x-forwarded-for': 'odd-header',
      baggage: 'who=odd-header',
      tracestate: 'odd=odd-header',
      cookie: 'odd-header=1',
      position: 'odd-header',
      changetype: 'odd-header',
    }
    expect((await post(event('plain'), odd)).status).toBe(201)
    taken.push('plain')
    const events = await pulled()
    const [found, other] = ['plain', 'chunked'].map((id) => events.find((each) => each.id === id))
    expect(Object.keys(found ?? {})).toEqual(Object.keys(other ?? {}))
    expect(JSON.stringify(found)).not.toContain('odd-header')
  })

  test('a batch with bad items: each has its answer, the good ones are taken', async () => {
    const items = [
      event('good-1'),
      event('bad', { id: number }),
      event('good-2'),
      event('bad-state', { data: assessmentOf({ state: 'closed' }) }),
      null,
      event('bad-type', { type: 'pa.gob.tax.nothing.v1' }),
      event('good-1'),
      event('good-2', { data: assessmentOf({ year: 1999 }) }),
    ]
    const answered = await post(items, { 'content-type': batch })
    expect(answered.status).toBe(200)
    expect(answered.text).not.toContain(number)
    const results = answered.json as readonly BatchItem[]
    expect(results.map((result) => [result.status, 'code' in result ? result.code : result.alreadyAccepted])).toEqual([
      [201, false],
      [422, 'identifier-in-clear'],
      [201, false],
      [422, 'data-invalid'],
      [422, 'event-invalid'],
      [422, 'event-type-unknown'],
      [200, true],
      [409, 'event-id-reused'],
    ])
    expect(results.map(({ id }) => id)).toEqual([
      'good-1',
      undefined,
      'good-2',
      'bad-state',
      undefined,
      'bad-type',
      'good-1',
      'good-2',
    ])
    taken.push('good-1', 'good-2')
  })

  test('P14: a body that does not arrive in time is 408, and the connection ends', async () => {
    const told = await slow
    expect(told).toMatch(/^HTTP\/1\.1 408 /)
    expect(told).toContain('"code":"body-too-slow"')
  })

  test('nothing was half taken: what is pulled is exactly what was accepted', async () => {
    expect((await pulled()).map(({ id }) => id)).toEqual(taken)
    const { items } = await world.te.get<{ items: { type: string }[] }>('/v1/contracts')
    const types = items.map(({ type }) => type).filter((type) => !type.startsWith('unavez.'))
    expect(types).toEqual(['pa.gob.civil.birth-registered.v1', assessmentType])
  })
})
