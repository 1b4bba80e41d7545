import type { Client } from '@unavez/sdk'

import { unless } from './membership.ts'

/** A contract as it ships with the bus, ready to be registered by its owner. */
export interface ShippedContract {
  readonly type: string
}

export async function publishContract(owner: Client, contract: ShippedContract): Promise<void> {
  await unless('contract-exists', () => owner.post('/v1/contracts', contract))
  await unless('state-conflict', () => owner.post(`/v1/contracts/${contract.type}/publish`))
}

export interface Wish {
  readonly consumer: Client
  readonly owner: Client
  readonly contract: string
  readonly purpose: { readonly es: string; readonly en: string }
  readonly legalBasis: { readonly kind: string; readonly norm: string; readonly article?: string }
  readonly fields: readonly string[]
}

interface Listed {
  readonly items: readonly { id: string; state: string; contract?: string; consumer?: string; agreement?: string }[]
}

/** An active agreement of the consumer on the contract, asked for and approved if there is none; and its subscription. */
export async function subscribed(wish: Wish): Promise<{ readonly agreement: string; readonly subscription: string }> {
  const institution = wish.consumer.clientId.split('.')[0]
  const agreements = await wish.consumer.get<Listed>(`/v1/agreements?limit=1000&contract=${wish.contract}`)
  const active = agreements.items.find(
    (item) => item.consumer === institution && item.contract === wish.contract && item.state === 'active',
  )
  const agreement = active?.id ?? (await agree(wish, institution ?? ''))
  const subscriptions = await wish.consumer.get<Listed>('/v1/subscriptions?limit=1000')
  const running = subscriptions.items.find((item) => item.agreement === agreement && item.state === 'active')
  if (running !== undefined) return { agreement, subscription: running.id }
  const made = await wish.consumer.post<{ id: string }>('/v1/subscriptions', { agreement, mode: 'pull', start: 'now' })
  return { agreement, subscription: made.id }
}

async function agree(wish: Wish, consumer: string): Promise<string> {
  const { contract, purpose, legalBasis, fields } = wish
  const nextYear = new Date(Date.now() + 365 * 86_400_000).toISOString()
  const asked = { consumer, contract, purpose, legalBasis, fields, validUntil: nextYear }
  const { id } = await wish.consumer.post<{ id: string }>('/v1/agreements', asked)
  await wish.owner.post(`/v1/agreements/${id}/approve`, { reason: 'Sandbox' })
  return id
}
