import { createPrivateKey, X509Certificate } from 'node:crypto'

import { refuseIdentifier } from '@unavez/contracts'
import { type EndpointAuth, Problem } from '@unavez/protocol'
import Type from 'typebox'

import type { AddressGuard } from './address-guard.ts'
import { checkEndpointUrl } from './endpoint-url.ts'

const strict = { additionalProperties: false }
const secretText = Type.String({ minLength: 1, maxLength: 4096, description: 'Written, never read back' })
const pem = Type.String({ minLength: 1, maxLength: 32_768, description: 'PEM' })

const auth = Type.Union(
  [
    Type.Object({ kind: Type.Enum(['none']) }, strict),
    Type.Object({ kind: Type.Enum(['bearer']), token: secretText }, strict),
    Type.Object(
      {
        kind: Type.Enum(['oauth2']),
        tokenUrl: Type.String({ minLength: 1, maxLength: 2048 }),
        clientId: Type.String({ minLength: 1, maxLength: 200 }),
        clientSecret: secretText,
        scope: Type.Optional(Type.String({ minLength: 1, maxLength: 1000 })),
      },
      strict,
    ),
    Type.Object({ kind: Type.Enum(['mtls']), certificate: pem, key: pem }, strict),
  ],
  { description: 'How the bus signs in there: none, bearer, oauth2 (client credentials) or mtls' },
)

const url = Type.String({ minLength: 1, maxLength: 2048, description: 'https:' })
/** What bodies say of endpoints. */
export const endpointShapes = { url, auth }

/** An endpoint as it is asked for; what is absent stays as it is. */
export interface EndpointBody {
  readonly url?: string
  readonly auth?: EndpointAuth
}

/** Refuses an address that the bus may not call, and credentials that can't be used; the pointer, below `at`, says which. */
export function checkEndpoint({ url, auth }: EndpointBody, guard: AddressGuard, at = '/endpoint'): EndpointBody {
  if (url !== undefined) refuseIdentifier(url, `${at}/url`)
  if (auth?.kind === 'oauth2') checkEndpointUrl(auth.tokenUrl, guard, `${at}/auth/tokenUrl`)
  if (auth?.kind === 'mtls') requireKeyOf(auth, at)
  return {
    ...(url === undefined ? {} : { url: checkEndpointUrl(url, guard, `${at}/url`).href }),
    ...(auth === undefined ? {} : { auth }),
  }
}

function requireKeyOf({ certificate, key }: { readonly certificate: string; readonly key: string }, at: string): void {
  const [of, own] = [read(() => new X509Certificate(certificate)), read(() => createPrivateKey(key))]
  if (of === undefined) throw unusable(`${at}/auth/certificate`)
  if (own === undefined || !of.checkPrivateKey(own)) throw unusable(`${at}/auth/key`)
}

function read<T>(parse: () => T): T | undefined {
  try {
    return parse()
  } catch {
    return undefined
  }
}

const unusable = (pointer: string): Problem =>
  new Problem('body-invalid', {
    pointer,
    detail: {
      es: 'Se esperan un certificado y su clave privada, en PEM',
      en: 'A certificate and its private key are expected, in PEM',
    },
  })
