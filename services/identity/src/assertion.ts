import { createPublicKey, type KeyObject } from 'node:crypto'

import { keyStands, type PublicKey, type SystemKey } from '@unavez/policy'
import { apiLimits } from '@unavez/protocol'
import { compactVerify, decodeJwt, decodeProtectedHeader } from 'jose'

import { type Cause, assertionCauses, OAuthError } from './oauth-error.ts'
import { algorithmOf } from './public-keys.ts'

const skewSeconds = 60
const textMax = 512

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
}

/**
 * RFC 7523: proves that the assertion was signed by a key of the client it names, and only then looks at what it says.
 * Throws OAuthError: `invalid_client` alone before the proof, with cause and remedy after it. Whether it was used before is not
 * known here.
 */
export async function verifyAssertion(assertion: string, rules: AssertionRules): Promise<Assertion> {
  const clientId = claimedClient(assertion)
  const standing = rules.keysOf(clientId).filter((key) => keyStands(key, rules.now))
  const key = await proveSignature(assertion, standing)
  return { ...checkClaims(decodeJwt(assertion), clientId, rules), key }
}

function claimedClient(assertion: string): string {
  try {
    const { iss } = decodeJwt(assertion)
    if (typeof iss === 'string' && iss.length <= textMax) return iss
  } catch {
    // Told below, like everything that is wrong before the proof.
  }
  throw new OAuthError('invalid_client')
}

/** The algorithm is the key's, never the header's: a header that names another does not verify. */
async function proveSignature(assertion: string, keys: readonly PublicKey[]): Promise<string> {
  const key = keyFor(assertion, keys)
  const algorithm = key && algorithmOf(key)
  if (key === undefined || algorithm === undefined) throw new OAuthError('invalid_client')
  try {
    await compactVerify(assertion, keyObject(key), { algorithms: [algorithm] })
  } catch {
    throw new OAuthError('invalid_client')
  }
  return key.kid
}

const keyObject = ({ kty, crv = '', x = '', y = '', n = '', e = '' }: PublicKey): KeyObject =>
  createPublicKey({
    key: kty === 'RSA' ? { kty, n, e } : kty === 'EC' ? { kty, crv, x, y } : { kty, crv, x },
    format: 'jwk',
  })

/** By `kid`; without one only where the client has a single key. */
function keyFor(assertion: string, keys: readonly PublicKey[]): PublicKey | undefined {
  try {
    const { kid } = decodeProtectedHeader(assertion)
    return kid === undefined ? (keys.length === 1 ? keys[0] : undefined) : keys.find((key) => key.kid === kid)
  } catch {
    return undefined
  }
}

function checkClaims(
  claims: ReturnType<typeof decodeJwt>,
  clientId: string,
  rules: AssertionRules,
): Omit<Assertion, 'key'> {
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
  if (iat > now + skewSeconds || (nbf ?? 0) > now + skewSeconds) throw refused(assertionCauses.early)
  return { clientId, jti, iat }
}

const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

const refused = (cause: Cause): OAuthError => new OAuthError('invalid_client', cause)
