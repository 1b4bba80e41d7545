import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { type Members, openMembers } from './members.ts'
import { type Key, newKey } from './open-bus.ts'

let members: Members
let first: Key
let second: Key
let made = 0
let system: string

const path = () => `/v1/institutions/te/systems/${system}`
const keyPath = (kid: string) => `${path()}/keys/${kid}`
const soon = (ms: number) => new Date(Date.now() + ms).toISOString()
const ask: Members['ask'] = (request, options) => members.ask(request, { as: 'te.admin', ...options })

beforeAll(async () => {
  members = await openMembers()
})

afterAll(() => members.close())

beforeEach(async () => {
  ;[first, second] = [await newKey('EdDSA', 'k1'), await newKey('ES256', 'k2')]
  system = `sys-${++made}`
  const body = { id: system, name: system, roles: ['consumer'], jwks: { keys: [first.publicKey] } }
  await ask('POST /v1/institutions/te/systems', { body })
})

describe('a key is rotated', () => {
  test('by adding the new one beside the old one and giving the old one its end', async () => {
    const added = await ask(`PUT ${keyPath('k2')}`, { body: { jwk: second.publicKey } })
    expect([added.status, added.body['keys']]).toEqual([
      201,
      [
        { kid: 'k1', state: 'active' },
        { kid: 'k2', state: 'active' },
      ],
    ])
    const clientId = `te.${system}`
    expect([await members.signIn(clientId, first), await members.signIn(clientId, second)]).toEqual([200, 200])
    const notAfter = soon(3_600_000)
    const limited = await ask(`PUT ${keyPath('k1')}`, { body: { notAfter } })
    expect([limited.status, limited.body['keys']]).toEqual([
      200,
      [
        { kid: 'k1', notAfter, state: 'active' },
        { kid: 'k2', state: 'active' },
      ],
    ])
    expect((await ask(`GET ${path()}`)).body).toEqual(limited.body)
    expect((await ask('GET /v1/me', { as: clientId })).body['keys']).toEqual(limited.body['keys'])
  })

  test('and proves nothing more once its time is over; what it obtained ends with it', async () => {
    const clientId = `te.${system}`
    await ask(`PUT ${keyPath('k2')}`, { body: { ...second.publicKey } })
    await members.signIn(clientId, first)
    await ask(`PUT ${keyPath('k1')}`, { body: { notAfter: soon(0) } })
    expect((await ask(`GET ${path()}`)).body['keys']).toMatchObject([{ state: 'expired' }, { state: 'active' }])
    expect(await members.signIn(clientId, first)).toBe(401)
    const refused = await ask('GET /v1/me', { as: clientId })
    expect([refused.status, refused.body['code']]).toEqual([403, 'key-not-valid'])
    expect(await members.signIn(clientId, second)).toBe(200)
    expect((await ask('GET /v1/me', { as: clientId })).status).toBe(200)
    const prolonged = await ask(`PUT ${keyPath('k1')}`, { body: { notAfter: soon(60_000) } })
    expect([prolonged.status, prolonged.body['code']]).toEqual([409, 'state-conflict'])
  })

  test('without a word about the key, or with one that is private, misnamed or past, it is refused', async () => {
    const refused = async (body: object) => {
      const answer = await ask(`PUT ${keyPath('k2')}`, { body })
      return [answer.status, answer.body['code'], answer.body['pointer']]
    }
    expect(await refused({})).toEqual([400, 'body-invalid', '/jwk'])
    expect(await refused({ jwk: { ...second.publicKey, d: 'c2VjcmV0' } })).toEqual([400, 'body-invalid', '/jwk/d'])
    expect(await refused({ ...second.publicKey, d: 'c2VjcmV0' })).toEqual([400, 'body-invalid', '/d'])
    expect(await refused({ jwk: { ...second.publicKey, kid: 'k3' } })).toEqual([400, 'body-invalid', '/jwk/kid'])
    expect(await refused({ jwk: second.publicKey, notAfter: soon(-1) })).toEqual([400, 'body-invalid', '/notAfter'])
    expect((await ask(`GET ${path()}`)).body['keys']).toHaveLength(1)
  })
})

describe('a key is revoked', () => {
  test('at once, for new tokens and for those that it obtained; the other one goes on', async () => {
    const clientId = `te.${system}`
    await ask(`PUT ${keyPath('k2')}`, { body: { jwk: second.publicKey } })
    await members.signIn(clientId, first)
    expect((await ask('GET /v1/me', { as: clientId })).status).toBe(200)
    expect((await ask(`DELETE ${keyPath('k1')}`, { body: { reason: 'The laptop was stolen' } })).status).toBe(204)
    const refused = await ask('GET /v1/me', { as: clientId })
    expect([refused.status, refused.body['code'], typeof refused.body['decision']]).toEqual([
      403,
      'key-not-valid',
      'string',
    ])
    expect(await members.signIn(clientId, first)).toBe(401)
    expect(await members.signIn(clientId, second)).toBe(200)
    expect((await ask('GET /v1/me', { as: clientId })).status).toBe(200)
  })

  test('for good: neither its kid nor its material comes back, and revoking again changes nothing', async () => {
    expect((await ask(`DELETE ${keyPath('k1')}`)).status).toBe(204)
    expect((await ask(`DELETE ${keyPath('k1')}`)).status).toBe(204)
    for (const [kid, key] of [
      ['k1', first],
      ['k1', second],
      ['k9', first],
    ] as const) {
      const { kid: _, ...jwk } = key.publicKey
      const answer = await ask(`PUT ${keyPath(kid)}`, { body: { jwk } })
      expect([answer.status, answer.body['code']]).toEqual([409, 'key-exists'])
    }
    expect((await ask(`GET ${path()}`)).body['keys']).toMatchObject([{ kid: 'k1', state: 'revoked' }])
    expect((await ask(`DELETE ${keyPath('none')}`)).status).toBe(404)
  })

  test('by its own institution or the operator: to others there is nothing', async () => {
    expect((await ask(`DELETE ${keyPath('k1')}`, { as: 'css.admin' })).status).toBe(404)
    expect((await ask(`PUT ${keyPath('k1')}`, { as: 'css.admin', body: {} })).status).toBe(404)
    await members.signIn(`te.${system}`, first)
    expect((await ask(`DELETE ${keyPath('k1')}`, { as: `te.${system}` })).status).toBe(403)
    expect((await ask(`DELETE ${keyPath('k1')}`, { as: 'operator.admin' })).status).toBe(204)
  })
})
