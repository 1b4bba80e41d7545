import type { EventData } from '@unavez/schemas'
import { Client, Problem } from '@unavez/sdk'
import type { JWK } from 'jose'

import { type Identities, publicHalf } from './identities.ts'

type Role = 'publisher' | 'consumer' | 'provider' | 'administrator'

export interface Member {
  readonly id: string
  readonly system: string
  readonly name: { readonly es: string; readonly en: string }
  readonly systemName: string
  readonly roles: readonly Role[]
}

export const clientIdOf = ({ id, system }: Member): string => `${id}.${system}`

/** The operator's own client. */
export const operatorClient = (url: string, key: JWK): Client => new Client({ url, clientId: 'operator.admin', key })

/** An institution's own client, with its own key. */
export function memberClient(url: string, member: Member, identities: Identities): Client<EventData> {
  const key = identities.get(clientIdOf(member))
  if (key === undefined) throw new Error(`the sandbox has no key for ${clientIdOf(member)}`)
  return new Client({ url, clientId: clientIdOf(member), key, source: `urn:unavez:pa:${member.id}:${member.system}` })
}

/** Whether an institution that is no synthetic one has joined: then the sandbox stays out of the way. */
export async function realInstitutionExists(operator: Client): Promise<boolean> {
  let after: string | undefined
  do {
    const path: string = `/v1/institutions?limit=1000${after === undefined ? '' : `&after=${encodeURIComponent(after)}`}`
    const page = await operator.get<{ items: readonly { synthetic?: boolean }[]; next?: string | null }>(path)
    if (page.items.some((item) => item.synthetic !== true)) return true
    after = page.next ?? undefined
  } while (after !== undefined)
  return false
}

/** Makes the institution and its system known to the bus, unless they are already. */
export async function join(operator: Client, member: Member, identities: Identities): Promise<void> {
  const key = identities.get(clientIdOf(member))
  if (key === undefined) throw new Error(`the sandbox has no key for ${clientIdOf(member)}`)
  await unless('institution-exists', () =>
    operator.post('/v1/institutions', { id: member.id, name: member.name, country: 'PA', synthetic: true }),
  )
  await unless('system-exists', () =>
    operator.post(`/v1/institutions/${member.id}/systems`, {
      id: member.system,
      name: member.systemName,
      roles: member.roles,
      jwks: { keys: [publicHalf(key)] },
    }),
  )
}

/** Does what was not done before; finding it done already is fine. */
export async function unless(done: Problem['code'], work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== done) throw error
  }
}
