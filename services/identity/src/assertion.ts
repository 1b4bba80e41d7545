import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { promisify } from 'node:util'

import { keyStands, type PublicKey, type SystemKey } from '@unavez/policy'
import { apiLimits } from '@unavez/protocol'

import { type Cause, assertionCauses, OAuthError } from './oauth-error.ts'
import { algorithmOf } from './public-keys.ts'

const skewSeconds = 60
const textMax = 512
/** Some kilobytes each. */
const keyObjectsMax = 2048

const verified = promisify(verify)

export interface Assertion {
  readonly clientId: string
  /** `kid` of the key that proved it. */
  readonly key: string
  readonly jti: string
  /** Seconds since 1970. */
  readonly iat: number
}

export interface AssertionRules {
  readonly issuer: string
  readonly now: Date
  /** Keys that were revoked or are past their time prove nothing. */
  readonly keysOf: (clientId: string) => readonly SystemKey[]
  readonly keyObject: KeyObjectOf
}

/**
 * RFC 7523: proves that the assertion was signed by a key of the client it names, and only then looks at what it says.
 * Throws OAuthError: `invalid_client` alone before the proof, with cause and remedy after it. Whether it was used before is not
 * known here.
 */
export async function verifyAssertion(assertion: string, rules: AssertionRules): Promise<Assertion> {
  const read = readCompact(assertion)
  const clientId = read?.claims['iss']
  if (read === undefined || typeof clientId !== 'string' || clientId.length > textMax)
    throw new OAuthError('invalid_client')
  const standing = rules.keysOf(clientId).filter((key) => keyStands(key, rules.now))
  const key = keyFor(read.header, standing)
  if (key === undefined || !(await proves(read, key, rules.keyObject))) throw new OAuthError('invalid_client')
  return { ...checkClaims(read.claims, clientId, rules), key: key.kid }
}

type Members = Readonly<Record<string, unknown>>

/** A JWS in its compact form (RFC 7515), taken apart. */
interface Compact {
  readonly header: Members
  readonly claims: Members
  readonly signed: Buffer
  readonly signature: Buffer
}

function readCompact(assertion: string): Compact | undefined {
  const [head = '', payload = '', signature = '', ...more] = assertion.split('.')
  const header = membersOf(head)
  const claims = membersOf(payload)
  if (header === undefined || claims === undefined || more.length > 0) return undefined
  return {
    header,
    claims,
    signed: Buffer.from(assertion.slice(0, head.length + 1 + payload.length)),
    signature: Buffer.from(signature, 'base64url'),
  }
}

function membersOf(part: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : undefined
  } catch {
    return undefined
  }
}

/** By `kid`; without one only where the client has a single key. */
function keyFor({ kid }: Members, keys: readonly PublicKey[]): PublicKey | undefined {
  return kid === undefined ? (keys.length === 1 ? keys[0] : undefined) : keys.find((key) => key.kid === kid)
}

/**
 * The algorithm is the key's, never the header's: a header that names another proves nothing, nor does one with extensions that
 * have to be understood. Computed beside this thread.
 */
async function proves({ header, signed, signature }: Compact, key: PublicKey, keyObject: KeyObjectOf) {
  const algorithm = algorithmOf(key)
  if (algorithm === undefined || header['alg'] !== algorithm || header['crit'] !== undefined) return false
  const digest = algorithm === 'EdDSA' ? null : 'sha256'
  const dsaEncoding = 'ieee-p1363' as const
  return verified(digest, signed, { key: keyObject(key), dsaEncoding }, signature).catch(() => false)
}

type KeyObjectOf = (key: PublicKey) => KeyObject

/** Public keys of those who signed lately, ready for use: making one takes as long as verifying with it. */
export function openKeyObjects(): KeyObjectOf {
  const made = new Map<PublicKey, KeyObject>()
  return (key) => {
    const known = made.get(key)
    if (known !== undefined) return known
    const { kty, crv = '', x = '', y = '', n = '', e = '' } = key
    const jwk = kty === 'RSA' ? { kty, n, e } : kty === 'EC' ? { kty, crv, x, y } : { kty, crv, x }
    const object = createPublicKey({ key: jwk, format: 'jwk' })
    const [oldest] = made.keys()
    if (made.size >= keyObjectsMax && oldest !== undefined) made.delete(oldest)
    made.set(key, object)
    return object
  }
}

function checkClaims(claims: Members, clientId: string, rules: AssertionRules): Omit<Assertion, 'key'> {
  const { sub, aud, jti, iat, exp, nbf } = claims
  const { issuer } = rules
  const now = rules.now.getTime() / 1000
  const complete =
    sub === clientId && aud !== undefined && isTime(iat) && isTime(exp) && (nbf === undefined || isTime(nbf))
  if (!complete || typeof jti !== 'string' || jti === '' || jti.length > textMax)
    throw refused(assertionCauses.incomplete)
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  if (!audiences.includes(issuer) && !audiences.includes(`${issuer}/oauth/token`))
    throw refused(assertionCauses.audience)
  if (exp <= now) throw refused(assertionCauses.expired)
  if (exp > now + apiLimits.assertionSeconds) throw refused(assertionCauses.lifetime)
  if (iat > now + skewSeconds || (isTime(nbf) && nbf > now + skewSeconds)) throw refused(assertionCauses.early)
  return { clientId, jti, iat }
}

const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

const refused = (cause: Cause): OAuthError => new OAuthError('invalid_client', cause)
