import { createPrivateKey, X509Certificate } from 'node:crypto'

import { refuseIdentifier } from '@unavez/contracts'
import type { Actor, EndpointWish } from '@unavez/policy'
import { type EndpointAuth, Problem } from '@unavez/protocol'
import type { PushSecrets } from '@unavez/exchange'
import { type AddressGuard, checkEndpointUrl } from '@unavez/service-kit'

/** An endpoint as it is asked for; what is absent stays as it is. */
export interface EndpointBody {
  readonly url?: string
  readonly auth?: EndpointAuth
}

/** Refuses an address that the bus may not call, and credentials that can't be used; the pointer says which. */
export function checkEndpoint({ url, auth }: EndpointBody, guard: AddressGuard): EndpointBody {
  if (url !== undefined) refuseIdentifier(url, '/endpoint/url')
  if (auth?.kind === 'oauth2') checkEndpointUrl(auth.tokenUrl, guard, '/endpoint/auth/tokenUrl')
  if (auth?.kind === 'mtls') requireKeyOf(auth)
  return {
    ...(url === undefined ? {} : { url: checkEndpointUrl(url, guard).href }),
    ...(auth === undefined ? {} : { auth }),
  }
}

function requireKeyOf({ certificate, key }: { readonly certificate: string; readonly key: string }): void {
  const [of, own] = [read(() => new X509Certificate(certificate)), read(() => createPrivateKey(key))]
  if (of === undefined) throw unusable('/endpoint/auth/certificate')
  if (own === undefined || !of.checkPrivateKey(own)) throw unusable('/endpoint/auth/key')
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

/** What an endpoint becomes; what is absent stays as it is. */
export interface EndpointChange {
  readonly url?: string
  readonly signedIn?: Pick<EndpointWish, 'auth' | 'sealed'>
  readonly system?: string
}

/** Seals what the bus signs in with, before the fact that names it by `sealed`. */
export async function sealEndpoint(
  { url, auth }: EndpointBody,
  { secrets, subscription, sealed }: { secrets: PushSecrets; subscription: string; sealed: string },
  { institution, system, person }: Actor,
): Promise<EndpointChange> {
  return {
    ...(url === undefined ? {} : { url }),
    ...(auth === undefined ? {} : { signedIn: await secrets.sealAuth(subscription, auth, sealed) }),
    ...(person === undefined ? { system: `${institution}.${system}` } : {}),
  }
}

/** Undefined without any address. */
export function endpointAfter(change: EndpointChange, present?: EndpointWish): EndpointWish | undefined {
  const url = change.url ?? present?.url
  if (url === undefined) return undefined
  const sealed = present?.sealed === undefined ? {} : { sealed: present.sealed }
  const signedIn = change.signedIn ?? { auth: present?.auth ?? 'none', ...sealed }
  return { url, ...signedIn, ...(change.system === undefined ? {} : { system: change.system }) }
}
