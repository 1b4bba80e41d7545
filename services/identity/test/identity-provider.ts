import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'

/** A small OpenID provider that asks nobody for a password: whoever `who` is comes back. */
export async function openProvider() {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'idp', use: 'sig', alg: 'RS256' }
  const codes = new Map<string, URLSearchParams>()
  const state = { claims: { sub: 'ana' } as JWTPayload, nonce: undefined as string | undefined }

  async function idToken(asked: URLSearchParams): Promise<string> {
    const nonce = state.nonce ?? asked.get('nonce')
    return new SignJWT({ ...state.claims, nonce })
      .setProtectedHeader({ alg: 'RS256', kid: 'idp' })
      .setIssuer(issuer())
      .setAudience(asked.get('client_id') ?? '')
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey)
  }

  async function token(request: IncomingMessage): Promise<object | undefined> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const form = new URLSearchParams(Buffer.concat(chunks).toString())
    const asked = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (asked === undefined || asked.get('code_challenge') !== challenge) return undefined
    return { access_token: 'x', token_type: 'Bearer', expires_in: 60, id_token: await idToken(asked) }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', issuer())
    const json = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return json(200, {
          issuer: issuer(),
          authorization_endpoint: `${issuer()}/authorize`,
          token_endpoint: `${issuer()}/token`,
          jwks_uri: `${issuer()}/jwks`,
          id_token_signing_alg_values_supported: ['RS256'],
        })
      case '/jwks':
        return json(200, { keys: [jwk] })
      case '/token': {
        const tokens = await token(request)
        return tokens === undefined ? json(400, { error: 'invalid_grant' }) : json(200, tokens)
      }
      default: {
        const code = randomUUID()
        codes.set(code, url.searchParams)
        const back = new URL(url.searchParams.get('redirect_uri') ?? '')
        back.searchParams.set('code', code)
        back.searchParams.set('state', url.searchParams.get('state') ?? '')
        response.writeHead(302, { location: back.href }).end()
      }
    }
  }

  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    issuer: issuer(),
    /** An access token of this issuer, as systems get them there. */
    tokenOf: (claims: JWTPayload): Promise<string> =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid: 'idp' })
        .setIssuer(issuer())
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(privateKey),
    /** Who comes back from now on, and with which nonce if not the one asked with. */
    answers: (claims: JWTPayload, nonce?: string) => {
      state.claims = claims
      state.nonce = nonce
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
