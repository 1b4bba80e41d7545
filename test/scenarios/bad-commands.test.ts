import { generateKeyPairSync, randomUUID } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { ProblemCode } from '@unavez/protocol'

import { type Answered, ask, type Asked, problemIn } from '../setup/ask.ts'
import { assessmentContract } from '../setup/assessment.ts'
import { type Bus, combinations, newKey } from '../setup/bus.ts'
import { birthType, birthWorld } from '../setup/world.ts'

const number = '8-888-8888'
const another = 'pe-888-8888'
const text = { es: 'Uno', en: 'One' }
const made = newKey()
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' })

type Fault = readonly [fault: string, patch: object, code: ProblemCode, pointer: string]

const institution = { id: 'mides', name: text, country: 'PA' }
const institutions: readonly Fault[] = [
  ['an id with a dot', { id: 'te.registro' }, 'body-invalid', '/id'],
  ['an id with $', { id: '$ne' }, 'body-invalid', '/id'],
  ['an id that climbs', { id: '../te' }, 'body-invalid', '/id'],
  ['an id named __proto__', { id: '__proto__' }, 'body-invalid', '/id'],
  ['an id outside ASCII', { id: 'niñez' }, 'body-invalid', '/id'],
  ['an id in capitals', { id: 'MIDES' }, 'body-invalid', '/id'],
  ['an id that is too long', { id: 'm'.repeat(42) }, 'body-invalid', '/id'],
  ['an id that is a number', { id: 7 }, 'body-invalid', '/id'],
  ['an id that is taken', { id: 'te' }, 'institution-exists', '/id'],
  ['an id that the bus keeps for itself', { id: 'operator' }, 'institution-exists', '/id'],
  ['an identity number as its id', { id: another }, 'identifier-in-clear', '/id'],
  ['no id', { id: undefined }, 'body-invalid', '/id'],
  ['a name in one language', { name: { es: 'Uno' } }, 'body-invalid', '/name/en'],
  ['an identity number as its name', { name: { es: number, en: 'One' } }, 'identifier-in-clear', '/name/es'],
  ['a country that is none', { country: 'Panamá' }, 'body-invalid', '/country'],
  ['an unknown field', { roles: [number] }, 'body-invalid', '/roles'],
  ['an unknown field named like an identity number', { [number]: 1 }, 'body-invalid', ''],
]

const system = { id: 'other', name: 'Otro', roles: ['consumer'], jwks: { keys: [made.publicJwk] } }
const systems: readonly Fault[] = [
  ['an id with a dot', { id: 'a.b' }, 'body-invalid', '/id'],
  ['an id that is taken', { id: 'registro' }, 'system-exists', '/id'],
  ['an identity number in its name', { name: `De ${number}` }, 'identifier-in-clear', '/name'],
  ['an identity number as its id', { id: another }, 'identifier-in-clear', '/id'],
  ['no role', { roles: [] }, 'body-invalid', '/roles'],
  ['an unknown role', { roles: ['superuser'] }, 'body-invalid', '/roles/0'],
  ['no key', { jwks: { keys: [] } }, 'body-invalid', '/jwks/keys'],
  ['a private key', { jwks: { keys: [made.privateJwk] } }, 'body-invalid', '/jwks/keys/0/d'],
  ['a symmetric key', { jwks: { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] } }, 'body-invalid', '/jwks/keys/0/k'],
  ['a key that is too weak', { jwks: { keys: [weak] } }, 'body-invalid', '/jwks/keys/0/n'],
  ['a key that is none', { jwks: { keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'AA' }] } }, 'body-invalid', '/jwks/keys/0'],
  [
    'an identity number as kid',
    { jwks: { keys: [{ ...made.publicJwk, kid: number }] } },
    'identifier-in-clear',
    '/jwks/keys/0/kid',
  ],
  ['a key twice', { jwks: { keys: [made.publicJwk, made.publicJwk] } }, 'body-invalid', '/jwks/keys/1/kid'],
]

const { schema } = assessmentContract
const documented = { ...schema, doc: `As in ${number}` }
const [key, ...others] = schema.fields
const contracts: readonly Fault[] = [
  ['a type of another domain', { domain: 'civil' }, 'body-invalid', '/domain'],
  ['a type without a version', { type: 'pa.gob.tax.assessment-issued' }, 'body-invalid', '/type'],
  ['a type that climbs', { type: '../tax.v1' }, 'body-invalid', '/type'],
  ['a retention that is too short', { retention: 'P7D' }, 'body-invalid', '/retention'],
  ['a retention that is none', { retention: '90 days' }, 'body-invalid', '/retention'],
  ['no schema', { schema: undefined }, 'body-invalid', '/schema'],
  ['a schema that is no record', { schema: { type: 'string' } }, 'schema-invalid', '/schema/type'],
  ['an identity number in its docs', { schema: documented }, 'identifier-in-clear', '/schema/doc'],
  ['a schema without a key subject', { schema: { ...schema, fields: others } }, 'schema-invalid', '/schema/fields'],
  [
    'two key subjects',
    { schema: { ...schema, fields: [key, { ...key, name: 'other' }] } },
    'schema-invalid',
    '/schema/fields',
  ],
  [
    'an identity number in its description',
    { description: { es: 'Uno', en: `Of ${number}` } },
    'identifier-in-clear',
    '/description/en',
  ],
]

const agreement = {
  consumer: 'css',
  contract: birthType,
  purpose: text,
  legalBasis: { kind: 'law', norm: 'Ley 51 de 2005' },
  fields: ['child'],
  validUntil: '2030-01-01T00:00:00Z',
}
const agreements: readonly Fault[] = [
  ['an unknown contract', { contract: 'pa.gob.civil.nothing.v1' }, 'body-invalid', '/contract'],
  ['an unknown field', { fields: ['child', 'weight'] }, 'body-invalid', '/fields/1'],
  ['a field twice', { fields: ['child', 'child'] }, 'body-invalid', '/fields/1'],
  ['no field', { fields: [] }, 'body-invalid', '/fields'],
  ['a past end', { validUntil: '2020-01-01T00:00:00Z' }, 'body-invalid', '/validUntil'],
  ['an end before its begin', { validFrom: '2031-01-01T00:00:00Z' }, 'body-invalid', '/validFrom'],
  ['an end that is no time', { validUntil: 'tomorrow' }, 'body-invalid', '/validUntil'],
  ['no legal basis', { legalBasis: undefined }, 'body-invalid', '/legalBasis'],
  ['an identity number as its purpose', { purpose: { es: number, en: 'One' } }, 'identifier-in-clear', '/purpose/es'],
  [
    'an identity number as its kind of basis',
    { legalBasis: { kind: number, norm: 'x' } },
    'identifier-in-clear',
    '/legalBasis/kind',
  ],
]

const subscriptions: readonly Fault[] = [
  ['an unknown mode', { mode: 'poll' }, 'body-invalid', '/mode'],
  ['an unknown start', { start: 'yesterday' }, 'body-invalid', '/start'],
  ['a start in the future', { start: { time: '2090-01-01T00:00:00Z' } }, 'body-invalid', '/start/time'],
  ['an agreement that is none', { agreement: number }, 'not-found', ''],
]

describe.each(combinations)('Commands that the bus does not follow ($name)', ({ open }) => {
  let bus: Bus
  let world: Awaited<ReturnType<typeof birthWorld>>
  beforeAll(async () => {
    bus = await open()
    world = await birthWorld(bus)
  })
  afterAll(() => bus?.close())

  const expectRefusal = async (asked: Asked, code: ProblemCode, pointer?: string): Promise<Answered> => {
    const answered = await ask(bus, asked)
    const problem = problemIn(answered, code)
    if (pointer !== undefined && code !== 'not-found') expect(problem.pointer).toBe(pointer)
    const told = answered.text + JSON.stringify([...answered.headers])
    for (const secret of [number, another, made.privateJwk.d]) expect(told).not.toContain(secret)
    return answered
  }

  test.each(institutions)('an institution with %s is refused', async (...[, patch, code, pointer]) => {
    const json = { ...institution, ...patch }
    await expectRefusal({ path: '/v1/institutions', as: bus.operator, json }, code, pointer)
  })

  test.each(systems)('a system with %s is refused', async (...[, patch, code, pointer]) => {
    const json = { ...system, ...patch }
    await expectRefusal({ path: '/v1/institutions/te/systems', as: bus.operator, json }, code, pointer)
  })

  test.each(contracts)('a contract with %s is refused', async (...[, patch, code, pointer]) => {
    await expectRefusal(
      { path: '/v1/contracts', as: world.te, json: { ...assessmentContract, ...patch } },
      code,
      pointer,
    )
  })

  test.each(agreements)('an agreement with %s is refused', async (...[, patch, code, pointer]) => {
    await expectRefusal({ path: '/v1/agreements', as: world.css, json: { ...agreement, ...patch } }, code, pointer)
  })

  test.each(subscriptions)('a subscription with %s is refused', async (...[, patch, code, pointer]) => {
    const json = { agreement: world.agreement, mode: 'pull', start: 'now', ...patch }
    await expectRefusal({ path: '/v1/subscriptions', as: world.css, json }, code, pointer)
  })

  test('P7: a reason that holds an identity number is refused, wherever one is given', async () => {
    const reason = `Because of ${number}`
    const paths = [
      '/v1/institutions/css/suspend',
      '/v1/institutions/css/systems/main/suspend',
      `/v1/agreements/${world.agreement}/suspend`,
    ]
    for (const path of paths)
      await expectRefusal({ path, as: bus.operator, json: { reason } }, 'identifier-in-clear', '/reason')
    const pause = { path: `/v1/subscriptions/${world.births}/pause`, as: world.css, json: { reason } }
    await expectRefusal(pause, 'identifier-in-clear', '/reason')
  })

  test('what the present state does not allow is 409', async () => {
    const reason = { reason: 'Again' }
    const { te, css, agreement: id } = world
    for (const change of ['approve', 'reject', 'resume'])
      await expectRefusal({ path: `/v1/agreements/${id}/${change}`, as: te, json: reason }, 'state-conflict')
    await expectRefusal({ path: `/v1/contracts/${birthType}/publish`, as: te, method: 'POST' }, 'state-conflict')
    await expectRefusal({ path: `/v1/subscriptions/${world.births}/resume`, as: css, json: {} }, 'state-conflict')
    await expectRefusal({ path: '/v1/institutions/te/resume', as: bus.operator, json: reason }, 'state-conflict')
    await expectRefusal({ path: '/v1/institutions/te/systems/registro/resume', as: te, json: reason }, 'state-conflict')
    await expectRefusal(
      { path: '/v1/contracts', as: te, json: { ...assessmentContract, type: birthType, domain: 'civil' } },
      'schema-invalid',
    )
  })

  test('If-Match with another version than the present one is 412, and changes nothing', async () => {
    const path = `/v1/agreements/${world.agreement}`
    const before = await ask(bus, { path, as: world.te })
    expect(before.headers.get('etag')).toBe('"2"')
    const suspend = { path: `${path}/suspend`, as: world.te, json: { reason: 'Under review' } }
    for (const tag of ['"1"', '"3"', 'W/"2"', 'nonsense'])
      await expectRefusal({ ...suspend, headers: { 'if-match': tag } }, 'precondition-failed')
    expect((await ask(bus, { path, as: world.te })).json).toEqual(before.json)
    expect((await ask(bus, { ...suspend, headers: { 'if-match': '"2"' } })).status).toBe(200)
    const resume = { path: `${path}/resume`, as: world.te, json: { reason: 'Reviewed' } }
    await expectRefusal({ ...resume, headers: { 'if-match': '"2"' } }, 'precondition-failed')
    expect((await ask(bus, { ...resume, headers: { 'if-match': '*' } })).status).toBe(200)
  })

  test('an Idempotency-Key gets the first answer again; with another body it is 422', async () => {
    const headers = { 'idempotency-key': randomUUID() }
    const request = { path: '/v1/agreements', as: world.css, json: agreement, headers }
    const first = await ask(bus, request)
    expect(first.status).toBe(201)
    const again = await ask(bus, request)
    expect([again.status, again.json]).toEqual([201, first.json])
    expect(again.headers.get('unavez-at')).toBe(first.headers.get('unavez-at'))
    await expectRefusal({ ...request, json: { ...agreement, fields: ['birthDate'] } }, 'idempotency-key-reused')
    const { items } = await world.css.get<{ items: { state: string }[] }>('/v1/agreements?state=pending')
    expect(items).toHaveLength(1)
    const others = await ask(bus, { path: '/v1/institutions', as: bus.operator, json: institution, headers })
    expect(others.status).toBe(201)
  })

  test('keys of commands that are none, or that hold an identity number, are refused', async () => {
    const request = { path: '/v1/agreements', as: world.css, json: agreement }
    for (const value of ['a b', 'x'.repeat(129), number])
      await expectRefusal({ ...request, headers: { 'idempotency-key': value } }, 'header-invalid')
    await expectRefusal({ ...request, headers: { 'unavez-at': 'soon' } }, 'header-invalid')
  })

  test('queries that are none are refused with the parameter at fault', async () => {
    for (const query of ['limit=0', 'limit=1001', 'limit=many', 'limit=1.5'])
      await expectRefusal({ path: `/v1/agreements?${query}`, as: world.css }, 'query-invalid', '/limit')
    await expectRefusal({ path: `/v1/agreements?state=${number}`, as: world.css }, 'query-invalid', '/state')
    const events = `/v1/subscriptions/${world.births}/events`
    for (const query of ['wait=31', 'wait=-1', 'wait=long'])
      await expectRefusal({ path: `${events}?${query}`, as: world.css }, 'query-invalid', '/wait')
    await expectRefusal({ path: `${events}?limit=1001`, as: world.css }, 'query-invalid', '/limit')
  })

  test('a method that a path does not have is 405 and says which it has', async () => {
    const answered = await expectRefusal({ path: '/v1/events', as: world.te, method: 'DELETE' }, 'method-not-allowed')
    expect(answered.headers.get('allow')).toBe('POST')
  })
})
