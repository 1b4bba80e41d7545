import { generateKeyPairSync } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { type Bus, type Key, joinInstitution, newKey, openBus, openGround, sign } from './open-bus.ts'

let ground: Awaited<ReturnType<typeof openGround>>
let bus: Bus
let operator: Key
let admin: Key
let tokens: Record<'operator' | 'te' | 'css', string>

async function tokenFor(key: Key, clientId: string): Promise<string> {
  const response = await bus.token(await sign(key, clientId))
  return ((await response.json()) as { access_token: string }).access_token
}

interface Ask {
  readonly as?: keyof typeof tokens
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

async function ask(path: string, { as = 'te', body, headers }: Ask = {}) {
  const response = await fetch(bus.url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${tokens[as]}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  }
}

const system = (id: string, keys: readonly unknown[] = [admin.publicKey]) => ({
  id,
  name: id,
  roles: ['consumer'],
  jwks: { keys },
})

beforeAll(async () => {
  ground = await openGround()
  operator = await newKey('EdDSA', 'op')
  admin = await newKey('EdDSA', 'a-1')
  bus = await openBus({ ...ground, operatorKeys: [operator.publicKey] })
  await bus.ready()
  await joinInstitution(bus, 'te')
  await joinInstitution(bus, 'css')
  tokens = { operator: await tokenFor(operator, 'operator.admin'), te: '', css: '' }
  for (const id of ['te', 'css'] as const) {
    const body = { ...system('admin'), roles: ['administrator', 'publisher', 'consumer'] }
    await ask(`/v1/institutions/${id}/systems`, { as: 'operator', body })
    tokens[id] = await tokenFor(admin, `${id}.admin`)
  }
})

afterAll(async () => {
  await bus.close()
  await ground.close()
})

describe('registering a system', () => {
  test('answers with its client id and the ids of its keys, and it can be read and listed', async () => {
    const made = await ask('/v1/institutions/te/systems', { body: system('registro') })
    const view = {
      clientId: 'te.registro',
      institution: 'te',
      id: 'registro',
      name: 'registro',
      roles: ['consumer'],
      keys: [{ kid: 'a-1', state: 'active' }],
      state: 'active',
    }
    expect([made.status, made.body]).toEqual([201, view])
    expect(made.headers.get('unavez-at')).toMatch(/^\d+$/)
    const read = await ask('/v1/institutions/te/systems/registro')
    expect([read.status, read.body]).toEqual([200, view])
    expect(read.headers.get('etag')).toBe(made.headers.get('etag'))
    const { body } = await ask('/v1/institutions/te/systems?limit=1&after=admin')
    expect(body).toEqual({ items: [view], next: null })
  })

  test('twice is 409, unless it is the same command again', async () => {
    const headers = { 'idempotency-key': 'make-twice' }
    const first = await ask('/v1/institutions/te/systems', { body: system('twice'), headers })
    const again = await ask('/v1/institutions/te/systems', { body: system('twice'), headers })
    expect([first.status, again.status, again.body]).toEqual([201, 201, first.body])
    expect((await ask('/v1/institutions/te/systems', { body: system('other'), headers })).body['code']).toBe(
      'idempotency-key-reused',
    )
    const other = await ask('/v1/institutions/te/systems', { body: system('twice') })
    expect([other.status, other.body['code']]).toEqual([409, 'system-exists'])
  })

  test('at another institution, or at one that does not exist, is 404', async () => {
    expect((await ask('/v1/institutions/css/systems', { body: system('mine') })).status).toBe(404)
    expect((await ask('/v1/institutions/none/systems', { as: 'operator', body: system('mine') })).status).toBe(404)
    expect((await ask('/v1/institutions/css/systems/admin')).status).toBe(404)
    expect((await ask('/v1/institutions/css/systems')).status).toBe(404)
  })

  test('a key without kid gets its RFC 7638 thumbprint', async () => {
    // The example of RFC 8037, appendix A.3.
    const key = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }
    const { body } = await ask('/v1/institutions/te/systems', { body: system('thumb', [key]) })
    expect(body['keys']).toMatchObject([{ kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k' }])
  })

  test.each([
    ['a private key', () => ({ ...exported('ed25519', 'privateKey'), kid: 'k' }), '/jwks/keys/0/d'],
    ['a symmetric key', () => ({ kty: 'oct', k: 'c2VjcmV0', kid: 'k' }), '/jwks/keys/0/k'],
    ['a short RSA key', () => ({ ...exported('rsa1024', 'publicKey'), kid: 'k' }), '/jwks/keys/0/n'],
    ['another curve', () => ({ ...exported('p384', 'publicKey'), kid: 'k' }), '/jwks/keys/0'],
    ['another algorithm', () => ({ ...admin.publicKey, alg: 'HS256' }), '/jwks/keys/0'],
    ['a key for encryption', () => ({ ...admin.publicKey, use: 'enc' }), '/jwks/keys/0'],
    ['a point that is on no curve', () => ({ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', kid: 'k' }), '/jwks/keys/0'],
  ])('with %s is refused, and the key is not repeated', async (_name, key, pointer) => {
    const sent = key()
    const response = await ask('/v1/institutions/te/systems', { body: system('never', [sent]) })
    expect([response.status, response.body['code'], response.body['pointer']]).toEqual([400, 'body-invalid', pointer])
    const { d, k } = { d: undefined, k: undefined, ...(sent as { d?: string; k?: string }) }
    expect(JSON.stringify(response.body)).not.toContain(d ?? k ?? 'no secret')
    expect((await ask('/v1/institutions/te/systems/never')).status).toBe(404)
  })

  test('with one kid twice is refused', async () => {
    const { body } = await ask('/v1/institutions/te/systems', {
      body: system('never', [admin.publicKey, operator.publicKey, { ...operator.publicKey, kid: 'a-1' }]),
    })
    expect(body['pointer']).toBe('/jwks/keys/2/kid')
  })
})

describe('suspending a system', () => {
  test('P6: ends what its tokens can do at once, with a decision', async () => {
    const key = await newKey('EdDSA', 's-1')
    await ask('/v1/institutions/te/systems', {
      body: { ...system('short', [key.publicKey]), roles: ['administrator'] },
    })
    const token = await tokenFor(key, 'te.short')
    const me = () => fetch(`${bus.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } })
    expect((await me()).status).toBe(200)
    const path = '/v1/institutions/te/systems/short'
    const { headers } = await ask(path)
    const stale = await ask(`${path}/suspend`, { body: { reason: 'x' }, headers: { 'if-match': '"99"' } })
    expect([stale.status, stale.body['code']]).toEqual([412, 'precondition-failed'])
    const match = { 'if-match': headers.get('etag') ?? '' }
    expect((await ask(`${path}/suspend`, { body: { reason: 'x' }, headers: match })).body['state']).toBe('suspended')
    const refused = await me()
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({ code: 'system-suspended', decision: expect.any(String) })
    expect((await ask(`${path}/resume`, { body: { reason: 'x' } })).body['state']).toBe('active')
    expect((await me()).status).toBe(200)
  })
})

describe('GET /v1/me', () => {
  test('tells who speaks, in what state, and what to do now', async () => {
    const { body } = await ask('/v1/me', { headers: { 'accept-language': 'en' } })
    expect(body).toMatchObject({
      institution: 'te',
      system: 'admin',
      roles: ['administrator', 'publisher', 'consumer'],
      state: 'active',
      agreements: [],
      subscriptions: [],
    })
    expect(body['next']).toEqual([
      { text: expect.stringContaining('agreement'), request: 'POST /v1/agreements' },
      { text: expect.stringContaining('contract'), request: 'POST /v1/contracts' },
    ])
  })
})

function exported(kind: 'ed25519' | 'p384' | 'rsa1024', half: 'publicKey' | 'privateKey') {
  const pair =
    kind === 'ed25519'
      ? generateKeyPairSync('ed25519')
      : kind === 'p384'
        ? generateKeyPairSync('ec', { namedCurve: 'P-384' })
        : generateKeyPairSync('rsa', { modulusLength: 1024 })
  return pair[half].export({ format: 'jwk' })
}
