import { randomUUID } from 'node:crypto'

import { Problem } from '@unavez/protocol'
import { importJWK, type JWK, SignJWT } from 'jose'

import type { Transport } from './transport.ts'

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
/** A token is renewed this long before it ends, so that none expires on its way. */
const marginMs = 30_000

/** `key` is the system's private JWK with its `kid`; it never leaves this process. */
export interface Credentials {
  readonly clientId: string
  readonly key: JWK
}

/** Gets tokens by private_key_jwt (RFC 7523) and keeps the present one; calls made together share one request. */
export class TokenSource {
  readonly #transport: Transport
  readonly #credentials: Credentials
  #issuer: string | undefined
  #present: { readonly value: Promise<string>; until: number } | undefined

  constructor(transport: Transport, credentials: Credentials) {
    this.#transport = transport
    this.#credentials = credentials
  }

  token(): Promise<string> {
    if (this.#present === undefined || Date.now() > this.#present.until) {
      const present = { value: this.#request(), until: Number.POSITIVE_INFINITY }
      this.#present = present
      present.value.catch(() => this.forget())
    }
    return this.#present.value
  }

  /** After a 401: the next call asks anew. */
  forget(): void {
    this.#present = undefined
  }

  async #request(): Promise<string> {
    const { clientId, key } = this.#credentials
    this.#issuer ??= await this.#metadata()
    const algorithm = key.alg ?? (key.kty === 'OKP' ? 'EdDSA' : key.kty === 'EC' ? 'ES256' : 'RS256')
    const assertion = await new SignJWT({})
      .setProtectedHeader({ alg: algorithm, ...(key.kid === undefined ? {} : { kid: key.kid }) })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(this.#issuer)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime('2m')
      .sign(await importJWK(key, algorithm))
    const form = { grant_type: 'client_credentials', client_assertion_type: assertionType, client_assertion: assertion }
    const answer = await this.#transport.send({
      method: 'POST',
      path: '/oauth/token',
      body: new URLSearchParams(form).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    const granted = answer.json as { access_token: string; expires_in: number; error_description?: string }
    if (answer.status !== 200) {
      const text = granted.error_description ?? 'the token was refused'
      if (answer.status >= 500) throw new Problem('unavailable', { retryAfter: 1 })
      throw new Problem('token-invalid', { detail: { es: text, en: text } })
    }
    if (this.#present !== undefined) this.#present.until = Date.now() + granted.expires_in * 1000 - marginMs
    return granted.access_token
  }

  async #metadata(): Promise<string> {
    const answer = await this.#transport.send({ method: 'GET', path: '/.well-known/oauth-authorization-server' })
    if (answer.status !== 200) throw new Problem('unavailable', { retryAfter: 1 })
    return (answer.json as { issuer: string }).issuer
  }
}
