import { createPublicKey, hash, type KeyObject, randomUUID, sign, verify } from 'node:crypto'

import { type Actor, type PublicKey } from '@unavez/policy'
import { apiLimits, Problem } from '@unavez/protocol'

import { httpLimits } from './limits.ts'

export interface TokenRequest {
  /** Ed25519; its public half is a `signing-key-added` fact under this `kid`. */
  readonly kid: string
  readonly privateKey: KeyObject
  /** Issuer and audience. */
  readonly publicUrl: string
  /** `<institution>.<system>` */
  readonly clientId: string
  /** `kid` of the key that proved who asks: once it is revoked, so is what it obtained. None for keys that are no facts. */
  readonly key?: string
  readonly at: Date
}

const json = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** RFC 9068 access token, compact JWS, EdDSA. It says who speaks, by which key, and nothing else; roles are read from policy at each call. */
export function mintAccessToken({ kid, privateKey, publicUrl, clientId, key, at }: TokenRequest): string {
  const iat = Math.floor(at.getTime() / 1000)
  const head = json({ alg: 'EdDSA', typ: 'at+jwt', kid })
  const claims = json({
    iss: publicUrl,
    aud: publicUrl,
    sub: clientId,
    client_id: clientId,
    iat,
    exp: iat + apiLimits.tokenSeconds,
    jti: randomUUID(),
    ...(key === undefined ? {} : { key }),
  })
  const signed = `${head}.${claims}`
  return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`
}

interface Verified {
  readonly actor: Actor
  readonly expiresMs: number
}

export interface AccessTokensOptions {
  readonly publicUrl: string
  readonly signingKeys: () => readonly PublicKey[]
}

/** Verifies access tokens, and remembers those it has verified by their hash until they expire. */
export class AccessTokens {
  readonly #options: AccessTokensOptions
  readonly #verified = new Map<string, Verified>()
  readonly #keys = new Map<string, KeyObject>()
  /** What a connection has sent last. Most send the same token each time: to compare it costs a tenth of its hash. */
  readonly #last = new WeakMap<object, { readonly token: string; readonly verified: Verified }>()

  constructor(options: AccessTokensOptions) {
    this.#options = options
  }

  /** Who speaks, over which connection. Throws Problem 'token-invalid'. */
  actor(token: string, nowMs: number, connection: object): Actor {
    const last = this.#last.get(connection)
    if (last?.token === token && last.verified.expiresMs > nowMs) return last.verified.actor
    const verified = this.#standing(token, nowMs)
    this.#last.set(connection, { token, verified })
    return verified.actor
  }

  #standing(token: string, nowMs: number): Verified {
    if (token.length > httpLimits.tokenLength) throw new Problem('token-invalid')
    const name = hash('sha256', token, 'base64url')
    let known = this.#verified.get(name)
    if (known === undefined) {
      known = this.#verify(token)
      this.#forgetOldest()
    } else this.#verified.delete(name)
    if (known.expiresMs <= nowMs) throw new Problem('token-invalid', { detail: { es: 'Venció', en: 'It has expired' } })
    this.#verified.set(name, known)
    return known
  }

  #forgetOldest(): void {
    if (this.#verified.size < httpLimits.tokens) return
    for (const oldest of this.#verified.keys()) {
      this.#verified.delete(oldest)
      return
    }
  }

  #verify(token: string): Verified {
    const [head = '', claims = '', signature = '', ...more] = token.split('.')
    const { alg, typ, kid, crit } = decoded(head)
    if (more.length > 0 || alg !== 'EdDSA' || typ !== 'at+jwt' || crit !== undefined || typeof kid !== 'string') {
      throw new Problem('token-invalid')
    }
    const { iss, aud, sub, exp, key: provenBy } = decoded(claims)
    const { publicUrl } = this.#options
    if (iss !== publicUrl || aud !== publicUrl || typeof sub !== 'string' || typeof exp !== 'number') {
      throw new Problem('token-invalid')
    }
    const key = this.#key(kid)
    if (!verify(null, Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, 'base64url'))) {
      throw new Problem('token-invalid')
    }
    return { actor: actorOf(sub, typeof provenBy === 'string' ? provenBy : undefined), expiresMs: exp * 1000 }
  }

  #key(kid: string): KeyObject {
    const known = this.#keys.get(kid)
    if (known !== undefined) return known
    const found = this.#options.signingKeys().find((key) => key.kid === kid)
    if (found === undefined) throw new Problem('token-invalid')
    const key = createPublicKey({ key: { ...found }, format: 'jwk' })
    this.#keys.set(kid, key)
    return key
  }
}

/** `<institution>.<system>`; neither holds a dot. */
export function actorOf(clientId: string, key?: string): Actor {
  const dot = clientId.indexOf('.')
  const institution = clientId.slice(0, Math.max(dot, 0))
  return Object.freeze({ institution, system: clientId.slice(dot + 1), ...(key === undefined ? {} : { key }) })
}

function decoded(part: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // Told below: what the token holds is nobody's to see.
  }
  throw new Problem('token-invalid')
}
