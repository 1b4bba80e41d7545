import { hash } from 'node:crypto'

import { type Actor, reservedInstitutions } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import { createLocalJWKSet, createRemoteJWKSet, decodeJwt, errors, jwtVerify, type JWTVerifyGetKey } from 'jose'

import type { TrustedIssuer } from '../surroundings.ts'
import { actorOf } from './access-token.ts'
import { httpLimits } from './limits.ts'

const algorithms = ['EdDSA', 'Ed25519', 'ES256', 'ES384', 'RS256', 'PS256']
const skewSeconds = 30
const remote = {
  timeoutDuration: 5000,
  /** Between two fetches because of a `kid` that is not known, whatever strangers send. */
  cooldownDuration: 30_000,
  cacheMaxAge: 600_000,
}
const clientId = /^[a-z][a-z0-9-]{1,40}\.[a-z][a-z0-9-]{1,40}$/

interface Known {
  readonly issuer: TrustedIssuer
  readonly key: JWTVerifyGetKey
}

interface Verified {
  readonly actor: Actor
  readonly expiresMs: number
}

/** Bearer tokens of issuers that the operator trusts: each for its own institutions, none for the operator's or the bus's own. */
export class TrustedIssuers {
  readonly #issuers = new Map<string, Known>()
  readonly #verified = new Map<string, Verified>()

  constructor(issuers: readonly TrustedIssuer[]) {
    for (const issuer of issuers) {
      const { jwks, jwksUri } = issuer
      const key =
        jwks === undefined
          ? createRemoteJWKSet(new URL(jwksUri ?? ''), remote)
          : createLocalJWKSet({ keys: jwks.map((each) => ({ ...each })) })
      this.#issuers.set(issuer.issuer, { issuer, key })
    }
  }

  /**
   * Undefined for a token that is not of one of them. Synchronous for one that was verified before. Rejects Problem 'token-invalid',
   * and 'unavailable' if the issuer's keys can't be had.
   */
  actor(token: string, nowMs: number): Actor | Promise<Actor> | undefined {
    if (this.#issuers.size === 0 || token.length > httpLimits.tokenLength) return undefined
    const name = hash('sha256', token, 'base64url')
    const verified = this.#verified.get(name)
    if (verified !== undefined && verified.expiresMs > nowMs) return verified.actor
    const known = this.#issuers.get(issuerIn(token) ?? '')
    return known === undefined ? undefined : this.#verify(token, known, { name, nowMs })
  }

  async #verify(
    token: string,
    { issuer, key }: Known,
    { name, nowMs }: { name: string; nowMs: number },
  ): Promise<Actor> {
    const { payload } = await jwtVerify(token, key, {
      issuer: issuer.issuer,
      audience: issuer.audience,
      algorithms,
      clockTolerance: skewSeconds,
      currentDate: new Date(nowMs),
      requiredClaims: ['exp'],
    }).catch((error: unknown) => {
      throw problemOf(error)
    })
    const named = payload[issuer.claim]
    if (typeof named !== 'string' || !clientId.test(named)) throw new Problem('token-invalid')
    const actor = actorOf(named)
    const theirs = issuer.institutions === undefined || issuer.institutions.includes(actor.institution)
    if (!theirs || reservedInstitutions.has(actor.institution)) throw new Problem('token-invalid')
    this.#remember(name, { actor, expiresMs: ((payload.exp ?? 0) + skewSeconds) * 1000 })
    return actor
  }

  #remember(name: string, verified: Verified): void {
    const [oldest] = this.#verified.keys()
    if (oldest !== undefined && this.#verified.size >= httpLimits.tokens) this.#verified.delete(oldest)
    this.#verified.set(name, verified)
  }
}

function issuerIn(token: string): string | undefined {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}

/** A token that does not hold is the caller's matter; keys that can't be had are not. */
function problemOf(error: unknown): Problem {
  const unreachable =
    !(error instanceof errors.JOSEError) || error.code === 'ERR_JOSE_GENERIC' || error.code === 'ERR_JWKS_TIMEOUT'
  return unreachable
    ? new Problem('unavailable', { retryAfter: 5, cause: error })
    : new Problem('token-invalid', { cause: error })
}
