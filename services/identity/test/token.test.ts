import { generateKeyPairSync, randomUUID } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { SignJWT } from 'jose'

import { type Bus, type Key, joinInstitution, newKey, openBus, openGround, publicUrl, sign } from './open-bus.ts'

let ground: Awaited<ReturnType<typeof openGround>>
let operator: Key
let registro: Key
let bus: Bus
let second: Bus

const seconds = (ahead: number): number => Math.floor(Date.now() / 1000) + ahead

const accessToken = async (response: Response): Promise<string> =>
  ((await response.json()) as { access_token: string }).access_token

async function asOperator(path: string, body?: unknown): Promise<Response> {
  const token = await accessToken(await bus.token(await sign(operator, 'operator.admin')))
  return fetch(bus.url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

beforeAll(async () => {
  ground = await openGround()
  operator = await newKey('EdDSA', 'op')
  registro = await newKey('ES256', 'te-1')
  const options = { ...ground, operatorKeys: [operator.publicKey] }
  ;[bus, second] = await Promise.all([openBus(options), openBus(options)])
  await Promise.all([bus.ready(), second.ready()])
  await joinInstitution(bus, 'te')
  const body = { id: 'registro', name: 'Registro', roles: ['publisher'], jwks: { keys: [registro.publicKey] } }
  await asOperator('/v1/institutions/te/systems', body)
})

afterAll(async () => {
  await Promise.all([bus.close(), second.close()])
  await ground.close()
})

describe('an assertion', () => {
  test('of the operator becomes a bearer token of ten minutes that other instances accept', async () => {
    const response = await bus.token(await sign(operator, 'operator.admin'))
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const body = (await response.json()) as { access_token: string; token_type: string; expires_in: number }
    expect(body).toEqual({ access_token: expect.any(String), token_type: 'Bearer', expires_in: 600 })
    const me = await fetch(`${second.url}/v1/me`, { headers: { authorization: `Bearer ${body.access_token}` } })
    expect(await me.json()).toMatchObject({ institution: 'operator', clientId: 'operator.admin' })
  })

  test.each(['EdDSA', 'ES256', 'RS256'] as const)('may be signed with %s', async (alg) => {
    const key = await newKey(alg, `key-${alg}`)
    const id = `with-${alg.toLowerCase()}`
    const body = { id, name: id, roles: ['consumer'], jwks: { keys: [key.publicKey] } }
    expect((await asOperator('/v1/institutions/te/systems', body)).status).toBe(201)
    const audience = { aud: ['https://elsewhere', `${publicUrl}/oauth/token`] }
    expect((await bus.token(await sign(key, `te.${id}`, { claims: audience }))).status).toBe(200)
  })

  test('is good once, on all instances together', async () => {
    const assertion = await sign(registro, 'te.registro')
    const answers = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => (n % 2 === 0 ? bus : second).token(assertion)))
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401, 401, 401, 401, 401])
  })

  test.each([
    ['another audience', { aud: 'https://elsewhere' }, 'assertion-audience'],
    ['an expiry in the past', { exp: seconds(-1) }, 'assertion-expired'],
    ['an expiry too far ahead', { exp: seconds(3600) }, 'assertion-lifetime'],
    ['an issue in the future', { iat: seconds(120) }, 'assertion-early'],
    ['a beginning in the future', { nbf: seconds(120) }, 'assertion-early'],
    ['another subject', { sub: 'operator.admin' }, 'assertion-incomplete'],
    ['an issue before the memory of uses began', { iat: seconds(-3600) }, 'assertion-forgotten'],
  ] as const)('with %s is refused with cause and remedy', async (_name, claims, code) => {
    const response = await bus.token(await sign(registro, 'te.registro', { claims }))
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual({
      error: 'invalid_client',
      error_description: expect.any(String),
      code,
      remedy: expect.any(String),
    })
  })

  test.each(['jti', 'iat', 'exp', 'aud', 'sub'])('without %s is refused', async (claim) => {
    const response = await bus.token(await sign(registro, 'te.registro', { leaveOut: [claim] }))
    expect(await response.json()).toMatchObject({ error: 'invalid_client', code: 'assertion-incomplete' })
  })

  test('that is not proven is told nothing more than invalid_client', async () => {
    const stranger = await newKey('ES256', 'te-1')
    const none = (await sign(registro, 'te.registro')).split('.')
    none[0] = Buffer.from(JSON.stringify({ alg: 'none', kid: 'te-1' })).toString('base64url')
    const hmac = await signWithPublicKeyAsSecret()
    const pss = await signWithAnotherAlgorithm()
    const assertions = [
      await sign(stranger, 'te.registro'),
      await sign(registro, 'te.unknown'),
      await sign(registro, 'operator.admin'),
      await sign(registro, 'te.registro', { header: { kid: 'other' } }),
      await sign(stranger, 'te.registro', { claims: { exp: seconds(-100) } }),
      none.join('.'),
      hmac,
      pss,
      'nonsense',
      '',
    ]
    for (const assertion of assertions) {
      const response = await bus.token(assertion)
      expect([response.status, await response.json()]).toEqual([401, { error: 'invalid_client' }])
    }
  })

  test('is refused after a loss of the memory if it was signed before, and accepted if after', async () => {
    const before = await sign(registro, 'te.registro', { claims: { iat: seconds(-2) } })
    await ground.engine.misbehaviour.loseVolatile()
    expect(await (await bus.token(before)).json()).toMatchObject({ code: 'assertion-forgotten' })
    expect((await bus.token(await sign(registro, 'te.registro'))).status).toBe(200)
  })

  test('is refused with 503 while it can not be known whether it was used', async () => {
    const assertion = await sign(registro, 'te.registro')
    ground.engine.misbehaviour.unreachable(true)
    const response = await bus.token(assertion)
    ground.engine.misbehaviour.unreachable(false)
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
    expect(await response.json()).toMatchObject({ error: 'temporarily_unavailable', code: 'unavailable' })
    expect((await bus.token(await sign(registro, 'te.registro'))).status).toBe(200)
  })

  test('of a suspended system is refused with its cause, and good again once resumed', async () => {
    const path = '/v1/institutions/te/systems/registro'
    expect((await asOperator(`${path}/suspend`, { reason: 'prueba' })).status).toBe(200)
    const response = await bus.token(await sign(registro, 'te.registro'))
    expect(await response.json()).toMatchObject({ error: 'unauthorized_client', code: 'system-suspended' })
    expect((await asOperator(`${path}/suspend`, { reason: 'prueba' })).status).toBe(409)
    expect((await asOperator(`${path}/resume`, { reason: 'prueba' })).status).toBe(200)
    expect((await bus.token(await sign(registro, 'te.registro'))).status).toBe(200)
  })
})

describe('the form', () => {
  test('with another grant type or content type is refused in the shape of RFC 6749', async () => {
    const assertion = await sign(registro, 'te.registro')
    const other = await bus.token(assertion, { grant_type: 'password' })
    expect([other.status, await other.json()]).toEqual([400, { error: 'unsupported_grant_type' }])
    const json = await fetch(`${bus.url}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    expect([json.status, await json.json()]).toEqual([400, expect.objectContaining({ error: 'invalid_request' })])
    const twice = new URLSearchParams({ grant_type: 'client_credentials' })
    twice.append('grant_type', 'client_credentials')
    const repeated = await fetch(`${bus.url}/oauth/token`, { method: 'POST', body: twice })
    expect(await repeated.json()).toMatchObject({ error: 'invalid_request' })
  })
})

describe('the signing key', () => {
  test('is one, made once by racing instances, and published without its private half', async () => {
    const sets = await Promise.all([bus, second].map(({ url }) => fetch(`${url}/.well-known/jwks.json`)))
    const [first, other] = (await Promise.all(sets.map((set) => set.json()))) as { keys: Record<string, unknown>[] }[]
    expect(first).toEqual(other)
    expect(first?.keys).toEqual([
      { kid: expect.any(String), kty: 'OKP', alg: 'EdDSA', crv: 'Ed25519', x: expect.any(String), use: 'sig' },
    ])
  })

  test('is found where the metadata says', async () => {
    const response = await fetch(`${bus.url}/.well-known/oauth-authorization-server`)
    expect(await response.json()).toMatchObject({
      issuer: publicUrl,
      token_endpoint: `${publicUrl}/oauth/token`,
      jwks_uri: `${publicUrl}/.well-known/jwks.json`,
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: ['EdDSA', 'ES256', 'RS256'],
    })
  })
})

/** The classic confusion: HS256 with the bytes of the public key as secret. */
async function signWithPublicKeyAsSecret(): Promise<string> {
  const secret = new TextEncoder().encode(JSON.stringify(registro.publicKey))
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return sign({ ...registro, privateKey: key, alg: 'HS256' }, 'te.registro')
}

/** A key that is registered for RS256 and used for another algorithm that its type could do. */
async function signWithAnotherAlgorithm(): Promise<string> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const body = {
    id: 'pss',
    name: 'pss',
    roles: ['consumer'],
    jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'r' }] },
  }
  await asOperator('/v1/institutions/te/systems', body)
  const now = seconds(0)
  const claims = { iss: 'te.pss', sub: 'te.pss', aud: publicUrl, iat: now, exp: now + 60 }
  const made = (alg: string) =>
    new SignJWT({ ...claims, jti: randomUUID() }).setProtectedHeader({ alg, kid: 'r' }).sign(privateKey)
  if ((await bus.token(await made('RS256'))).status !== 200) throw new Error('The key is not registered')
  return made('PS256')
}
