import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Fact, Policy } from '@unavez/policy'

import { codeOf, enrol, type Invite, invite, withdraw } from '../src/invitation.ts'
import { type Members, openMembers } from './members.ts'
import { type Key, newKey } from './open-bus.ts'

const at = new Date('2026-11-22T12:00:00Z')
const later = (days: number) => new Date(at.getTime() + days * 24 * 60 * 60 * 1000)
const code = codeOf(Buffer.alloc(32, 1), 'inv_1')
const publicKey = { kid: 'k1', kty: 'OKP', crv: 'Ed25519', x: 'x' }
const te: Fact = {
  type: 'institution-joined',
  aggregate: 'institution:te',
  id: 'te',
  name: { es: 'te', en: 'te' },
  country: 'PA',
}
const toTe: Invite = { id: 'inv_1', institution: 'te', code, system: 'main', validDays: 7 }
const toNew: Invite = { ...toTe, institution: 'mef', newcomer: { country: 'PA' } }

const codeThrown = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    return (error as { code: string }).code
  }
}
const made = (facts: readonly Fact[], command: Invite): readonly Fact[] => [
  ...facts,
  ...invite(Policy.of(facts), command, at),
]
const enrolled = (facts: readonly Fact[], when = at) =>
  enrol(Policy.of(facts), { invitation: 'inv_1', name: 'Main', keys: [publicKey] }, when)

describe('the decisions about invitations', () => {
  test('an institution’s first system may bind it, further ones do not unless told', () => {
    const system: Fact = {
      type: 'system-registered',
      aggregate: 'system:te.x',
      institution: 'te',
      id: 'x',
      name: 'x',
      roles: [],
      keys: [],
    }
    const rolesOf = (facts: readonly Fact[]) =>
      invite(Policy.of(facts), toTe, at).map((fact) => 'roles' in fact && fact.roles)
    expect(rolesOf([te])).toEqual([['consumer', 'requester', 'administrator']])
    expect(rolesOf([te, system])).toEqual([['consumer', 'requester']])
  })

  test('the secret of a code is in no fact', () => {
    expect(JSON.stringify(invite(Policy.of([te]), toTe, at))).not.toContain(code.split('.')[1])
  })

  test('an institution that is not there is invited with its country, and never under a name of the bus', () => {
    expect(codeThrown(() => invite(Policy.of([]), toTe, at))).toBe('body-invalid')
    expect(codeThrown(() => invite(Policy.of([]), { ...toNew, institution: 'unavez' }, at))).toBe('institution-exists')
  })

  test('a new institution enrols with its system and waits; a system of a known one begins', () => {
    const fresh = [...made([], toNew), ...enrolled(made([], toNew))]
    expect(Policy.of(fresh).institution('mef')?.state).toBe('pending')
    const known = [...made([te], toTe), ...enrolled(made([te], toTe))]
    expect([Policy.of(known).institution('te')?.state, Policy.of(known).system('te.main')?.state]).toEqual([
      'active',
      'active',
    ])
  })

  test('an invitation is used once, in time, while its institution is active and if it was not withdrawn', () => {
    const facts = made([te], toTe)
    const suspended: Fact = { type: 'institution-suspended', aggregate: 'institution:te', reason: 'r' }
    expect(enrolled(facts, later(6.9)).length).toBeGreaterThan(0)
    for (const [given, when] of [
      [facts, later(7)],
      [[...facts, ...enrolled(facts)], at],
      [[...facts, suspended], at],
      [[...facts, ...withdraw(Policy.of(facts).members.invitation('inv_1'), 'r')], at],
      [[...made([], toNew), { ...te, id: 'mef', aggregate: 'institution:mef' } as Fact], at],
    ] as const) {
      expect(codeThrown(() => enrolled(given, when))).toBe('invitation-over')
    }
  })
})

describe('joining over HTTP', () => {
  let members: Members
  let key: Key
  const enrolment = (given: string, more: object = {}) => ({
    body: { code: given, name: 'Sistema', jwks: { keys: [key.publicKey] }, ...more },
  })

  beforeAll(async () => {
    members = await openMembers()
    key = await newKey('EdDSA', 'k1')
  })
  afterAll(() => members.close())

  test('an administrator’s invitation makes a further system, active at once, with a key that never left', async () => {
    const body = { system: 'worker', roles: ['publisher'] }
    const invited = await members.ask('POST /v1/institutions/te/invitations', { as: 'te.admin', body })
    expect([invited.status, invited.body]).toEqual([
      201,
      {
        id: expect.stringMatching(/^inv_/),
        institution: 'te',
        system: 'worker',
        roles: ['publisher'],
        validUntil: expect.any(String),
        state: 'open',
        code: expect.any(String),
      },
    ])
    const given = String(invited.body['code'])
    const enrolledAs = await members.ask('POST /v1/enrolments', enrolment(given))
    expect([enrolledAs.status, enrolledAs.body]).toMatchObject([201, { clientId: 'te.worker', state: 'active' }])
    expect(await members.signIn('te.worker', key)).toBe(200)
    const again = await members.ask('POST /v1/enrolments', enrolment(given))
    expect([again.status, again.body]).toEqual([201, enrolledAs.body])
    const other = await members.ask('POST /v1/enrolments', enrolment(given, { name: 'Otro' }))
    expect([other.status, other.body['code']]).toEqual([409, 'invitation-over'])
    const listed = await members.ask('GET /v1/institutions/te/invitations', { as: 'te.admin' })
    expect(listed.body['items']).toMatchObject([{ id: invited.body['id'], state: 'used' }])
    expect(JSON.stringify(listed.body)).not.toContain(given)
  })

  test('an operator’s invitation makes a new institution that waits for approval', async () => {
    const body = { country: 'SV', name: { es: 'Hacienda', en: 'Treasury' }, kind: 'public' }
    const invited = await members.ask('POST /v1/institutions/mef/invitations', { as: 'operator.admin', body })
    const contact = { name: 'Rut', email: 'rut@mef.example' }
    const enrolledAs = await members.ask('POST /v1/enrolments', enrolment(String(invited.body['code']), { contact }))
    expect(enrolledAs.body).toMatchObject({ clientId: 'mef.main', state: 'pending' })
    expect(members.bus.control.policy.institution('mef')).toMatchObject({
      country: 'SV',
      state: 'pending',
      contacts: [{ role: 'technical', ...contact }],
    })
    expect(await members.signIn('mef.main', key)).toBe(400)
    const approved: Fact = { type: 'institution-approved', aggregate: 'institution:mef', reason: 'Seen' }
    const by = { institution: 'operator', system: 'admin' }
    const decide = () => ({ facts: [approved], reads: [] })
    await members.bus.control.submit({ command: randomUUID(), hash: '', by, decide })
    expect(await members.signIn('mef.main', key)).toBe(200)
  })

  test('the same command again tells the same code, another institution none', async () => {
    const options = { as: 'te.admin', body: { system: 'twice' }, headers: { 'idempotency-key': 'one' } }
    const first = await members.ask('POST /v1/institutions/te/invitations', options)
    expect((await members.ask('POST /v1/institutions/te/invitations', options)).body).toEqual(first.body)
    const path = `/v1/institutions/te/invitations`
    expect((await members.ask(`POST ${path}`, { ...options, as: 'css.admin' })).status).toBe(404)
    expect((await members.ask(`GET ${path}`, { as: 'css.admin' })).status).toBe(404)
    expect((await members.ask('POST /v1/institutions/none/invitations', { as: 'te.admin', body: {} })).status).toBe(404)
    const reason = { as: 'te.admin', body: { reason: 'Mistaken' } }
    expect((await members.ask(`POST ${path}/${String(first.body['id'])}/withdraw`, reason)).body['state']).toBe(
      'withdrawn',
    )
    const late = await members.ask('POST /v1/enrolments', enrolment(String(first.body['code'])))
    expect([late.status, late.body['code']]).toEqual([409, 'invitation-over'])
  })

  test('P14: codes that open nothing are refused, soon for a while; a good one still opens', async () => {
    const { body } = await members.ask('POST /v1/institutions/te/invitations', {
      as: 'te.admin',
      body: { system: 'late' },
    })
    const codes = new Set<unknown>()
    for (let tries = 0; tries < 130; tries++) {
      const wrong = await members.ask('POST /v1/enrolments', enrolment(`${String(body['id'])}.${tries}`))
      codes.add(wrong.body['code'])
    }
    expect([...codes]).toEqual(['invitation-invalid', 'too-many-attempts'])
    expect((await members.ask('POST /v1/enrolments', enrolment(String(body['code'])))).status).toBe(201)
  })

  test('a private key is refused and the invitation stays open', async () => {
    const { body } = await members.ask('POST /v1/institutions/te/invitations', {
      as: 'te.admin',
      body: { system: 'careful' },
    })
    const jwks = { keys: [{ ...key.publicKey, d: 'c2VjcmV0' }] }
    const refused = await members.ask('POST /v1/enrolments', enrolment(String(body['code']), { jwks }))
    expect([refused.status, refused.body['pointer']]).toEqual([400, '/jwks/keys/0/d'])
    expect((await members.ask('POST /v1/enrolments', enrolment(String(body['code'])))).status).toBe(201)
  })
})
