import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type JWTPayload, SignJWT } from 'jose'

import { type Members, openMembers } from './members.ts'
import { type Key, newKey } from './open-bus.ts'

let members: Members
let inline: Key
let remote: Key
let stranger: Key
let fetches = 0
let served: readonly object[] | undefined
const server = createServer((_request, response) => {
  fetches += 1
  response.writeHead(served === undefined ? 500 : 200, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ keys: served }))
})

async function tokenOf(key: Key, claims: JWTPayload = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const all = { iss: 'https://inline.example', aud: 'unavez', client: 'te.admin', iat: now, exp: now + 60, ...claims }
  return new SignJWT(all).setProtectedHeader({ alg: key.alg, kid: key.publicKey.kid }).sign(key.privateKey)
}
const me = async (token: string) => {
  const { status, body } = await members.ask('GET /v1/me', { headers: { authorization: `Bearer ${token}` } })
  return status === 200 ? body['clientId'] : body['code']
}

beforeAll(async () => {
  ;[inline, remote, stranger] = [await newKey('ES256', 'i1'), await newKey('RS256', 'r1'), await newKey('EdDSA', 'x1')]
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const common = { audience: 'unavez', claim: 'client' }
  members = await openMembers({
    trustedIssuers: [
      { ...common, issuer: 'https://inline.example', jwks: [{ ...inline.publicKey }], institutions: ['te'] },
      { ...common, issuer: 'https://remote.example', jwksUri: `http://127.0.0.1:${port}/jwks` },
    ],
  })
})

afterAll(async () => {
  await members.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

describe('tokens of other issuers', () => {
  test('name a system of the bus by the claim agreed; policy says what it may do', async () => {
    const token = await tokenOf(inline)
    expect([await me(token), await me(token)]).toEqual(['te.admin', 'te.admin'])
    const body = { id: 'by-theirs', name: 'x', roles: ['consumer'], jwks: { keys: [stranger.publicKey] } }
    const headers = { authorization: `Bearer ${token}` }
    expect((await members.ask('POST /v1/institutions/te/systems', { body, headers })).status).toBe(201)
    expect((await members.ask('POST /v1/institutions/css/systems', { body, headers })).status).toBe(404)
    expect(await me(await tokenOf(inline, { client: 'te.unknown' }))).toBe('forbidden')
  })

  test.each<[string, JWTPayload]>([
    ['for another audience', { aud: 'other' }],
    ['that has expired', { exp: 1_700_000_000 }],
    ['that never expires', { exp: undefined } as unknown as JWTPayload],
    ['without the claim', { client: 7 }],
    ['that names an institution it may not name', { client: 'css.admin' }],
    ['that names the operator', { client: 'operator.admin' }],
    ['of an issuer that nobody trusts', { iss: 'https://stranger.example' }],
    ['that says to be of another one', { iss: 'https://remote.example' }],
  ])('%s is refused', async (_name, claims) => {
    served = [remote.publicKey]
    expect(await me(await tokenOf(inline, claims))).toBe('token-invalid')
  })

  test('signed by a key that is not theirs is refused', async () => {
    const { kid } = inline.publicKey
    const forged = { ...stranger, publicKey: { ...stranger.publicKey, kid } }
    expect(await me(await tokenOf(forged))).toBe('token-invalid')
  })

  test('P14: their keys are fetched once, and strangers’ kids do not cause more', async () => {
    served = [remote.publicKey]
    const claims = { iss: 'https://remote.example', client: 'css.admin' }
    const before = fetches
    for (let i = 0; i < 5; i++) expect(await me(await tokenOf(remote, { ...claims, jti: `${i}` }))).toBe('css.admin')
    for (let i = 0; i < 20; i++) {
      const unknown = { ...stranger, publicKey: { ...stranger.publicKey, kid: `k${i}` } }
      expect(await me(await tokenOf(unknown, claims))).toBe('token-invalid')
    }
    expect(fetches - before).toBeLessThanOrEqual(1)
    expect(await me(await tokenOf(remote, { ...claims, client: 'operator.admin' }))).toBe('token-invalid')
  })
})
