import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'

import { type Behind, load } from './load.ts'
import { rounds, type Sample, table } from './rounds.ts'
import { startBus } from './servers.ts'

const timing = { warmMs: 700, runMs: 4000 }
/** Signed before a round begins: more than are asked for in it. */
const assertionsPerRound = 20_000

const signers = {
  EdDSA: () => generateKeyPairSync('ed25519'),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
} as const
type Algorithm = keyof typeof signers

/** Tokens for assertions (RFC 7523) that are signed beforehand, each used once: 64 connections, one request under way on each. */
export async function tokens(): Promise<string> {
  const { bus, behind } = await startBus()
  try {
    await bus.operator.post('/v1/institutions', { id: 'te', name: { es: 'TE', en: 'TE' }, country: 'PA' })
    const variants = await Promise.all(
      (['EdDSA', 'ES256'] as const).map(async (alg) => {
        const { publicKey, privateKey } = signers[alg]()
        const key = { ...publicKey.export({ format: 'jwk' }), kid: alg, alg }
        const id = alg.toLowerCase()
        const system = { id, name: alg, roles: ['consumer'], jwks: { keys: [key] } }
        await bus.operator.post('/v1/institutions/te/systems', system)
        const client = { clientId: `te.${id}`, issuer: bus.issuer, alg, privateKey }
        return { name: `assertions with ${alg}`, round: () => round(behind, client) }
      }),
    )
    return table(await rounds(variants, 5))
  } finally {
    await bus.close()
  }
}

interface Asking {
  readonly clientId: string
  readonly issuer: string
  readonly alg: Algorithm
  readonly privateKey: KeyObject
}

function round(behind: Behind, client: Asking): Promise<Sample> {
  const bodies = Array.from({ length: assertionsPerRound }, () => form(client))
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return load(behind, { path: '/oauth/token', headers, connections: 64, batch: 1, bodies, ...timing })
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

function form({ clientId, issuer, alg, privateKey }: Asking): string {
  const iat = Math.floor(Date.now() / 1000)
  const claims = { iss: clientId, sub: clientId, aud: issuer, jti: randomUUID(), iat, exp: iat + 280 }
  const signed = `${part({ alg, kid: alg })}.${part(claims)}`
  const key = alg === 'ES256' ? { key: privateKey, dsaEncoding: 'ieee-p1363' as const } : privateKey
  const signature = sign(alg === 'ES256' ? 'sha256' : null, Buffer.from(signed), key).toString('base64url')
  return new URLSearchParams({
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: `${signed}.${signature}`,
  }).toString()
}
