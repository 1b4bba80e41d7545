import type { PersonRole } from '@unavez/policy'
import type { Client } from '@unavez/sdk'

import { openProvider } from '../../services/identity/test/identity-provider.ts'
import type { Environment } from './bus.ts'
import type { Session } from './session.ts'

const audience = 'unavez'

/** What a browser sends with every request: its cookie, and what writes carry besides. */
export interface Browser {
  readonly cookie: string
  readonly 'x-csrf-token': string
}

type At = { readonly url: string }
type Person = { readonly id: string; readonly roles: readonly PersonRole[] }

/** An identity provider that a bus trusts: people sign in there, and its tokens name systems. */
export async function openPeople() {
  const provider = await openProvider()
  const trusted = { issuer: provider.issuer, audience, jwks_uri: `${provider.issuer}/jwks` }
  return {
    /** What the bus is started with. */
    environment: {
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: audience,
      TRUSTED_ISSUERS: JSON.stringify([trusted]),
    } as Environment,
    /** Adds a person to the institution of an administrator's system. */
    async add(session: Session, as: Client, { id, roles }: Person): Promise<void> {
      const path = `/v1/institutions/${as.clientId.split('.')[0]}/people`
      await session.done({ as, path, json: { id, name: id, roles, login: `login-of-${id}` } })
    },
    /** From the bus to the identity provider and back, in a browser of its own. */
    async signIn(bus: At, id: string): Promise<Browser> {
      provider.answers({ sub: `login-of-${id}` })
      const login = await visit(`${bus.url}/v1/session/login`)
      const there = await visit(locationOf(login))
      const { pathname, search } = new URL(locationOf(there))
      const back = await visit(bus.url + pathname + search, cookieOf(login))
      const cookie = cookieOf(back)
      const session = (await (await visit(`${bus.url}/v1/session`, cookie)).json()) as { csrfToken: string }
      return { cookie, 'x-csrf-token': session.csrfToken }
    },
    /** The header of a request that a system makes with a token of this issuer. */
    async bearer(clientId: string): Promise<{ readonly authorization: string }> {
      return { authorization: `Bearer ${await provider.tokenOf({ aud: audience, client_id: clientId })}` }
    },
    close: () => provider.close(),
  }
}

export type People = Awaited<ReturnType<typeof openPeople>>

async function visit(url: string, cookie = ''): Promise<Response> {
  const response = await fetch(url, { redirect: 'manual', headers: cookie === '' ? {} : { cookie } })
  if (response.status >= 400) throw new Error(`${new URL(url).pathname}: ${response.status} ${await response.text()}`)
  return response
}

const locationOf = ({ headers }: Response): string => headers.get('location') ?? ''
const cookieOf = ({ headers }: Response): string => headers.get('set-cookie')?.split(';')[0] ?? ''
