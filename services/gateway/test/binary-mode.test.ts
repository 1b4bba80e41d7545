import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { OpenBus } from '@unavez/service-kit/testing'

import { gateway } from '../src/index.ts'
import { birth, birthFacts, birthType, childId, motherId } from './birth.ts'
import { openBus } from './open-bus.ts'
import { postEvents } from './post-events.ts'

let bus: OpenBus
beforeAll(async () => {
  bus = await openBus(gateway, birthFacts)
})
afterAll(() => bus.close())

const { data } = birth('data')
const headersOf = (id: string): Readonly<Record<string, string>> => ({
  'ce-specversion': '1.0',
  'ce-id': id,
  'ce-source': 'urn:unavez:pa:te:registro',
  'ce-type': birthType,
  'ce-time': '2026-11-22T10:00:00Z',
  'ce-occurredat': '2026-11-20T03:10:00Z',
  'ce-changetype': 'created',
})
const without = (name: string) => Object.fromEntries(Object.entries(headersOf('x')).filter(([each]) => each !== name))
const post = (headers: Readonly<Record<string, string>>, body: unknown = data, type = 'application/json') =>
  postEvents(bus, body, { type, headers })

test('an event is the same in binary and in structured mode', async () => {
  const first = await post(headersOf('same'))
  expect(first).toMatchObject({ status: 201, body: { id: 'same', alreadyAccepted: false } })
  expect((await postEvents(bus, birth('same'))).body).toEqual({ ...first.body, alreadyAccepted: true })
  expect((await post(headersOf('same'), { ...data, birthDate: '2026-11-19' })).body).toMatchObject({
    code: 'event-id-reused',
    pointer: '/headers/ce-id',
  })
})

test('values are percent-decoded once, and read with the quotes of older senders', async () => {
  const encoded = {
    ...headersOf('%65ncoded%2Fone'),
    'ce-source': '"urn:unavez:pa:te:registro"',
    'ce-type': birthType.replace('birth', '%62irth'),
    'ce-late': 'true',
    'ce-causedby': '"a\\"b"',
  }
  expect((await post(encoded)).body).toMatchObject({ id: 'encoded/one', alreadyAccepted: false })
})

describe('what is not valid, with a pointer to its header', () => {
  const faults: readonly (readonly [string, Readonly<Record<string, string>>, string, string])[] = [
    ['no id', without('ce-id'), 'event-invalid', '/headers/ce-id'],
    ['no version', without('ce-specversion'), 'event-invalid', '/headers/ce-specversion'],
    ['no type', without('ce-type'), 'event-invalid', '/headers/ce-type'],
    ['an unknown type', { ...headersOf('x'), 'ce-type': 'a.b.c.v1' }, 'event-type-unknown', '/headers/ce-type'],
    ['another source', { ...headersOf('x'), 'ce-source': 'urn:x' }, 'source-mismatch', '/headers/ce-source'],
    ['a subject', { ...headersOf('x'), 'ce-subject': motherId }, 'event-invalid', '/headers/ce-subject'],
    ['a position', { ...headersOf('x'), 'ce-position': 'x' }, 'event-invalid', '/headers/ce-position'],
    ['a time of publication', { ...headersOf('x'), 'ce-publishedat': 'x' }, 'event-invalid', '/headers/ce-publishedat'],
    ['data in a header', { ...headersOf('x'), 'ce-data': '{}' }, 'event-invalid', '/headers/ce-data'],
    [
      'a content type of its own',
      { ...headersOf('x'), 'ce-datacontenttype': 'x' },
      'event-invalid',
      '/headers/ce-datacontenttype',
    ],
    ['an unknown attribute', { ...headersOf('x'), 'ce-unheard': motherId }, 'event-invalid', '/headers/ce-unheard'],
    ['a name that is none', { ...headersOf('x'), [`ce-${motherId}`]: 'x' }, 'event-invalid', ''],
    ['a name of objects', { ...headersOf('x'), 'ce-__proto__': 'x' }, 'event-invalid', ''],
    ['a header twice', { ...headersOf('x'), 'ce-id': 'a, b' }, 'event-invalid', '/headers/ce-id'],
    ['a broken percent', { ...headersOf('x'), 'ce-id': '%zz' }, 'event-invalid', '/headers/ce-id'],
    ['bytes that are no UTF-8', { ...headersOf('x'), 'ce-id': '%ff' }, 'event-invalid', '/headers/ce-id'],
    ['letters outside ASCII', { ...headersOf('x'), 'ce-id': 'ñ' }, 'event-invalid', '/headers/ce-id'],
    ['the same in percents', { ...headersOf('x'), 'ce-id': '%C3%B1' }, 'event-invalid', '/headers/ce-id'],
    ['an id that is too long', { ...headersOf('x'.repeat(129)) }, 'event-invalid', '/headers/ce-id'],
    ['an identity number as id', headersOf(motherId), 'identifier-in-clear', '/headers/ce-id'],
    ['the same in percents', headersOf('8%2D765-4321'), 'identifier-in-clear', '/headers/ce-id'],
    ['a flag that is none', { ...headersOf('x'), 'ce-late': 'yes' }, 'event-invalid', '/headers/ce-late'],
    [
      'a foreign schema',
      { ...headersOf('x'), 'ce-dataschema': 'http://x/1' },
      'event-invalid',
      '/headers/ce-dataschema',
    ],
    [
      'a correction of nothing',
      { ...headersOf('x'), 'ce-changetype': 'annulled' },
      'event-invalid',
      '/headers/ce-previouseventid',
    ],
  ]

  test.each(faults)('P7: %s is refused', async (...[, headers, code, pointer]) => {
    const { body, text } = await post(headers)
    expect(body).toMatchObject({ code, pointer })
    expect(text).not.toMatch(new RegExp(`${childId}|${motherId}`))
  })

  test.each([
    ['no data', '', 'application/json', 'data-invalid', '/data'],
    ['data that do not follow the contract', { child: childId }, 'application/json', 'data-invalid', '/data/birthDate'],
    [
      'data in another charset',
      data,
      'application/json; charset=latin1',
      'content-type-unsupported',
      '/headers/content-type',
    ],
    ['data in XML', '<x/>', 'application/xml', 'content-type-unsupported', undefined],
    ['no content type', data, '', 'content-type-unsupported', undefined],
    ['no JSON', `{"child": ${childId}`, 'application/json', 'json-invalid', undefined],
  ])('P7: %s is refused', async (...[, body, type, code, pointer]) => {
    const told = await post(headersOf('bad-data'), body, type)
    expect(told.body).toMatchObject({ code, ...(pointer === undefined ? {} : { pointer }) })
    expect(told.text).not.toMatch(new RegExp(`${childId}|${motherId}`))
  })

  test('who may not publish is told so before anything else', async () => {
    const { body } = await postEvents(bus, data, {
      type: 'application/json',
      headers: without('ce-id'),
      as: 'css.main',
    })
    expect(body).toMatchObject({ status: 403, decision: expect.any(String) })
  })
})
