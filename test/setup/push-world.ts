import { setTimeout as pause } from 'node:timers/promises'

import type { Client } from '@unavez/sdk'

import { ask } from './send.ts'
import type { Bus } from './bus.ts'
import { birthWorld } from './world.ts'

/** What the receivers of these tests may be reached by. */
export const onLoopback = { ALLOW_PRIVATE_ENDPOINTS: '127.0.0.0/8' }

export interface PushItem {
  readonly state: string
  readonly reason?: string
  readonly lag: { readonly events: number; readonly seconds: number }
  readonly held: number
  readonly behind: number
  readonly lastError?: { readonly code: string; readonly status?: number }
  readonly circuit: 'open' | 'closed'
}

export interface HeldItem {
  readonly id: string
  readonly event: string
  readonly subject: string
  readonly reason: { readonly code: string; readonly status?: number }
  readonly attempt: number
  readonly nextAt: string | null
  readonly behind: number
}

/** The world of births, and subscriptions that are pushed. */
export async function pushWorld(bus: Bus, present?: Awaited<ReturnType<typeof birthWorld>>) {
  const world = present ?? (await birthWorld(bus))
  const { css, agreement } = world

  /** Active once it is answered. */
  async function pushed(url: string, more: object = {}, by: Client = css): Promise<string> {
    const json = { agreement, mode: 'push', start: 'now', endpoint: { url }, ...more }
    const made = await ask(bus, { as: by, path: '/v1/subscriptions', json })
    const { id } = made.json as { id: string }
    if (made.status !== 201) throw new Error(made.text)
    // Either the handshake or the operator's word; whoever comes second is told that it is active already.
    await ask(bus, { as: bus.operator, path: `/v1/subscriptions/${id}/confirm`, json: { reason: 'Known' } })
    await until(async () => (await item(id, by)).state === 'active', `${id} is active`)
    return id
  }

  async function item(id: string, by: Client = css): Promise<PushItem> {
    return (await ask(bus, { as: by, path: `/v1/subscriptions/${id}` })).json as PushItem
  }

  async function change(id: string, what: string, json: object = {}): Promise<unknown> {
    const answered = await ask(bus, { as: css, path: `/v1/subscriptions/${id}/${what}`, json })
    if (answered.status >= 300) throw new Error(`${what}: ${answered.text}`)
    return answered.json
  }

  async function held(id: string): Promise<{ readonly items: readonly HeldItem[] }> {
    return (await ask(bus, { as: css, path: `/v1/subscriptions/${id}/held` })).json as { items: readonly HeldItem[] }
  }

  /** The bus's own notices are agreed on by asking. */
  async function noticed(contract: string): Promise<string> {
    const json = {
      consumer: 'css',
      contract,
      purpose: { es: 'Saber', en: 'To know' },
      legalBasis: { kind: 'law', norm: 'Ley 83 de 2012' },
      fields: ['institution', 'subscription'],
      validUntil: '2035-01-01T00:00:00Z',
    }
    const made = await ask(bus, { as: css, path: '/v1/agreements', json })
    if (made.status !== 201) throw new Error(made.text)
    return (made.json as { id: string }).id
  }

  return { ...world, pushed, item, change, held, noticed }
}

/** Awaits a condition; rejects when it is in vain. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  budgetMs = 60_000,
): Promise<void> {
  for (const end = Date.now() + budgetMs; !(await condition()); await pause(20))
    if (Date.now() > end) throw new Error(`in vain: ${what}`)
}
