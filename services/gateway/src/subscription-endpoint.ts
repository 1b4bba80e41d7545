import type { Actor, EndpointWish } from '@unavez/policy'
import type { PushSecrets } from '@unavez/exchange'
import type { EndpointBody } from '@unavez/service-kit'

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
