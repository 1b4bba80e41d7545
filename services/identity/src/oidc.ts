import { open, type OidcSettings, seal } from '@unavez/service-kit'
import * as oauth from 'oauth4webapi'

const callMs = 10_000
const discoveryMs = 60 * 60 * 1000
const loginMs = 10 * 60 * 1000
/** What is sealed here is opened under this name alone. */
const name = 'oidc-login'

/** What must come back unchanged from the identity provider; sealed into the browser's cookie. */
interface Attempt {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  readonly returnTo: string
  readonly institution?: string
  readonly expiresMs: number
}

export interface OidcOptions {
  readonly settings: OidcSettings
  readonly redirectUri: string
  readonly key: Buffer
}

export interface Wish {
  readonly returnTo: string
  readonly institution?: string
}

export interface Identified extends Wish {
  /** What the identity provider calls the person. */
  readonly login: string
}

/** OpenID Connect's code flow with PKCE, state and nonce. Every call has a limit of time. */
export class Oidc {
  readonly #options: OidcOptions
  #known: { readonly server: oauth.AuthorizationServer; readonly untilMs: number } | undefined

  constructor(options: OidcOptions) {
    this.#options = options
  }

  /** Where to send the browser, and what its cookie holds meanwhile. */
  async begin(wish: Wish, nowMs: number): Promise<{ readonly url: string; readonly cookie: string }> {
    const { settings, redirectUri, key } = this.#options
    const { authorization_endpoint: endpoint = '' } = await this.#server(nowMs)
    const verifier = oauth.generateRandomCodeVerifier()
    const attempt: Attempt = {
      ...wish,
      state: oauth.generateRandomState(),
      nonce: oauth.generateRandomNonce(),
      verifier,
      expiresMs: nowMs + loginMs,
    }
    const url = new URL(endpoint)
    const parameters = {
      client_id: settings.clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: settings.loginClaim === 'email' ? 'openid email' : 'openid profile',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state: attempt.state,
      nonce: attempt.nonce,
    }
    for (const [parameter, value] of Object.entries(parameters)) url.searchParams.set(parameter, value)
    const cookie = seal(key, name, Buffer.from(JSON.stringify(attempt))).toString('base64url')
    return { url: url.href, cookie }
  }

  /** Who came back; rejects whatever is not the answer to this browser's own attempt. */
  async finish(cookie: string, answer: URLSearchParams, nowMs: number): Promise<Identified> {
    const { settings, redirectUri, key } = this.#options
    const attempt: Attempt = JSON.parse(open(key, name, Buffer.from(cookie, 'base64url')).toString('utf8'))
    if (attempt.expiresMs <= nowMs) throw new Error('The sign-in took too long')
    const server = await this.#server(nowMs)
    const client = { client_id: settings.clientId }
    const proof = settings.clientSecret === undefined ? oauth.None() : oauth.ClientSecretPost(settings.clientSecret)
    const parameters = oauth.validateAuthResponse(server, client, answer, attempt.state)
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      proof,
      parameters,
      redirectUri,
      attempt.verifier,
      this.#call(),
    )
    const expected = { expectedNonce: attempt.nonce, requireIdToken: true }
    const result = await oauth.processAuthorizationCodeResponse(server, client, response, expected)
    await oauth.validateApplicationLevelSignature(server, response, this.#call())
    const login = loginIn(oauth.getValidatedIdTokenClaims(result), settings.loginClaim)
    const { returnTo, institution } = attempt
    return { login, returnTo, ...(institution === undefined ? {} : { institution }) }
  }

  async #server(nowMs: number): Promise<oauth.AuthorizationServer> {
    if (this.#known !== undefined && this.#known.untilMs > nowMs) return this.#known.server
    const issuer = new URL(this.#options.settings.issuer)
    const response = await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...this.#call() })
    const server = await oauth.processDiscoveryResponse(issuer, response)
    this.#known = { server, untilMs: nowMs + discoveryMs }
    return server
  }

  #call() {
    const plain = this.#options.settings.issuer.startsWith('http:')
    return { signal: AbortSignal.timeout(callMs), [oauth.allowInsecureRequests]: plain }
  }
}

/** An address that the provider has not verified names nobody. */
function loginIn(claims: oauth.IDToken | undefined, claim: string): string {
  const login = claims?.[claim]
  if (typeof login !== 'string' || login === '') throw new Error('The id token lacks the claim that names the person')
  if (claim === 'email' && claims?.['email_verified'] !== true) throw new Error('The address is not verified')
  return login
}
