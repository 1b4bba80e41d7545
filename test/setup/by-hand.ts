import { randomUUID } from 'node:crypto'

import { importJWK, type JWK, SignJWT } from 'jose'

export interface Told {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

export interface Rest {
  readonly path: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

type At = { readonly url: string }

/** One request as anyone could write it, without a kit. */
export async function sent(bus: At, method: string, rest: Rest & { token: string | undefined }): Promise<Told> {
  const response = await fetch(bus.url + rest.path, {
    method,
    headers: {
      authorization: `Bearer ${rest.token}`,
      ...(rest.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...rest.headers,
    },
    ...(rest.body === undefined ? {} : { body: JSON.stringify(rest.body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) }
}

interface Signing {
  readonly clientId: string
  readonly audience: string
  readonly key: JWK
}

/** An assertion signed by hand (RFC 7523). */
export const assertionOf = async ({ clientId, audience, key }: Signing): Promise<string> =>
  new SignJWT({})
    .setProtectedHeader({ alg: 'EdDSA', ...(key.kid === undefined ? {} : { kid: key.kid }) })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(audience)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime('4m')
    .sign(await importJWK(key, 'EdDSA'))

export const signedIn = async (bus: At, signing: Signing): Promise<Told> => exchanged(bus, await assertionOf(signing))

/** The token that is given for an assertion. */
export async function exchanged(bus: At, assertion: string): Promise<Told> {
  const response = await fetch(`${bus.url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }),
  })
  return { status: response.status, headers: response.headers, body: await response.json() }
}
