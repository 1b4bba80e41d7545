import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { gateway } from '../src/index.ts'
import { birth, birthFacts, birthType, childId, motherId } from './birth.ts'
import { type OpenBus } from '@unavez/service-kit/testing'

import { openBus } from './open-bus.ts'
import { postEvents, single } from './post-events.ts'

let bus: OpenBus
beforeAll(async () => {
  bus = await openBus(gateway, birthFacts)
})
afterAll(() => bus.close())

const post = (body: unknown, how: Parameters<typeof postEvents>[2] = {}) => postEvents(bus, body, how)

describe('what is not valid', () => {
  const faults: readonly (readonly [object, string, string])[] = [
    [{ specversion: '0.3' }, 'event-invalid', '/specversion'],
    [{ specversion: undefined }, 'event-invalid', '/specversion'],
    [{ id: undefined }, 'event-invalid', '/id'],
    [{ id: '' }, 'event-invalid', '/id'],
    [{ id: 'ñandú' }, 'event-invalid', '/id'],
    [{ id: 'a b' }, 'event-invalid', '/id'],
    [{ id: 'x'.repeat(129) }, 'event-invalid', '/id'],
    [{ id: childId }, 'identifier-in-clear', '/id'],
    [{ id: `birth:${childId}:1` }, 'identifier-in-clear', '/id'],
    [{ source: undefined }, 'event-invalid', '/source'],
    [{ type: undefined }, 'event-invalid', '/type'],
    [{ type: '$where' }, 'event-type-unknown', '/type'],
    [{ type: '../../etc/passwd' }, 'event-type-unknown', '/type'],
    [{ type: '__proto__' }, 'event-type-unknown', '/type'],
    [{ type: 'constructor' }, 'event-type-unknown', '/type'],
    [{ type: 'pa.gob.civil.nacimiento-ñ.v1' }, 'event-type-unknown', '/type'],
    [{ type: 'x'.repeat(201) }, 'event-type-unknown', '/type'],
    [{ time: '2026-11-22' }, 'event-invalid', '/time'],
    [{ time: '2026-02-29T00:00:00Z' }, 'event-invalid', '/time'],
    [{ occurredat: '2026-11-20T03:10:00-05:00' }, 'event-invalid', '/occurredat'],
    [{ occurredat: undefined }, 'event-invalid', '/occurredat'],
    [{ changetype: 'deleted' }, 'event-invalid', '/changetype'],
    [{ changetype: 'annulled' }, 'event-invalid', '/previouseventid'],
    [{ previouseventid: 'before' }, 'event-invalid', '/previouseventid'],
    [{ changetype: 'annulled', previouseventid: motherId }, 'identifier-in-clear', '/previouseventid'],
    [{ causedby: motherId }, 'identifier-in-clear', '/causedby'],
    [{ traceparent: 'x' }, 'event-invalid', '/traceparent'],
    [{ late: 'yes' }, 'event-invalid', '/late'],
    [{ subject: 'x' }, 'event-invalid', '/subject'],
    [{ publishedat: '2026-11-22T10:00:00Z' }, 'event-invalid', '/publishedat'],
    [{ position: 'x' }, 'event-invalid', '/position'],
    [{ unheard: 'x' }, 'event-invalid', '/unheard'],
    [{ [motherId]: 'x' }, 'event-invalid', ''],
    [{ data_base64: 'eA==' }, 'event-invalid', '/data_base64'],
    [{ datacontenttype: 'application/avro' }, 'event-invalid', '/data'],
    [{ dataschema: 'http://elsewhere/1' }, 'event-invalid', '/dataschema'],
    [{ dataschema: `/v1/contracts/${birthType}/versions/2` }, 'event-invalid', '/dataschema'],
    [{ datacontenttype: 'application/xml' }, 'content-type-unsupported', '/datacontenttype'],
    [{ data: undefined }, 'data-invalid', '/data'],
    [{ data: null }, 'data-invalid', '/data'],
    [{ data: [] }, 'data-invalid', '/data'],
  ]

  test.each(faults)('P7: %j is refused as %s at %j', async (fault, code, pointer) => {
    const { body, text, status } = await post({ ...birth('fault'), ...fault })
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
    expect(body).toMatchObject({ code, pointer })
    expect(text).not.toMatch(new RegExp(`${childId}|${motherId}`))
  })

  const wrong: readonly (readonly [object, string, string])[] = [
    [{ child: '8-1234' }, 'identifier-invalid', '/data/child'],
    [{ child: undefined }, 'data-invalid', '/data/child'],
    [{ mother: 17 }, 'data-invalid', '/data/mother'],
    [{ father: motherId }, 'data-invalid', '/data/father'],
    [{ place: motherId }, 'identifier-in-clear', '/data/place'],
    [{ place: `at home of ${motherId}` }, 'identifier-in-clear', '/data/place'],
  ]

  test.each(wrong)('P7: data %j is refused as %s at %j', async (fault, code, pointer) => {
    const { body, text, status } = await post(birth('fault', {}, fault))
    expect([status, body['code'], body['pointer']]).toEqual([422, code, pointer])
    expect(text).not.toMatch(new RegExp(`${childId}|${motherId}`))
  })

  test.each(['{"id":', '', '"text"', '[]', 'null', '17', '[{}]'])(
    'a body %j is a problem of the caller',
    async (body) => {
      const { status } = await post(body)
      expect(status).toBeGreaterThanOrEqual(400)
      expect(status).toBeLessThan(500)
    },
  )

  test('a member named __proto__ is refused, wherever it stands', async () => {
    const text = JSON.stringify(birth('proto'))
    for (const body of [text.replace('{', '{"__proto__":{},'), text.replace('"data":{', '"data":{"__proto__":{},')]) {
      const { status } = await post(body)
      expect(status).toBeGreaterThanOrEqual(400)
      expect(status).toBeLessThan(500)
    }
  })

  test('an event in another content type is refused', async () => {
    for (const type of ['application/json', 'text/plain', 'application/cloudevents+avro'])
      expect((await post(birth('x'), { type })).body).toMatchObject({ code: 'content-type-unsupported' })
    expect((await post(birth('charset'), { type: `${single}; charset=utf-8` })).status).toBe(201)
  })

  test('P14: an event above the limit and one nested too deeply are refused', async () => {
    const large = await post(birth('large', {}, { place: 'x'.repeat(300_000) }))
    expect([large.status, large.body['code']]).toEqual([413, 'event-too-large'])
    const deep = JSON.stringify(birth('deep')).replace('"8-1234-567"', `${'['.repeat(5000)}${']'.repeat(5000)}`)
    expect((await post(deep)).status).toBe(400)
  })

  test('P2: what was refused has bound no id', async () => {
    expect((await post(birth('later', {}, { child: 'x' }))).status).toBe(422)
    expect((await post(birth('later'))).status).toBe(201)
  })
})
