import { randomUUID } from 'node:crypto'

import type { Fact } from '@unavez/policy'
import { joined, type OpenBus, registered } from '@unavez/service-kit/testing'

import { birthFacts, birthType } from './birth.ts'

export const terms = {
  purpose: { es: 'p', en: 'p' },
  legalBasis: { kind: 'law', norm: 'Ley 51' },
  validUntil: '2990-01-01T00:00:00Z',
}

export const subscribed = (id: string, more: object = {}): Fact => ({
  type: 'subscription-created',
  aggregate: `subscription:sub_${id}`,
  id: `sub_${id}`,
  agreement: `agr_${id}`,
  consumer: 'minsa',
  mode: 'pull',
  start: Array.from({ length: 12 }, () => 0),
  ...more,
})

/** An active agreement of minsa with a subscription from the beginning. */
export const agreed = (id: string, fields: readonly string[], more: object = {}): readonly Fact[] => [
  {
    type: 'agreement-requested',
    aggregate: `agreement:agr_${id}`,
    id: `agr_${id}`,
    consumer: 'minsa',
    owner: 'te',
    contract: birthType,
    version: 1,
    ...terms,
    fields,
    ...more,
  },
  { type: 'agreement-approved', aggregate: `agreement:agr_${id}`, reason: 'r' },
  subscribed(id),
]

/** The second version of an agreement, approved. */
export const amended = (id: string, fields: readonly string[]): readonly Fact[] => [
  {
    type: 'agreement-amendment-requested',
    aggregate: `agreement:agr_${id}`,
    version: 2,
    contractVersion: 1,
    proposer: 'minsa',
    ...terms,
    fields,
  },
  { type: 'agreement-amended', aggregate: `agreement:agr_${id}`, version: 2, reason: 'less is enough' },
]

/** Births of te, and minsa, which consumes them. */
export const minsaFacts: readonly Fact[] = [...birthFacts, joined('minsa'), registered('minsa', 'main', ['consumer'])]

export interface Event {
  readonly id: string
  readonly subject: string
  readonly data: Readonly<Record<string, unknown>>
}

export const named = (events: readonly Event[], ...ids: readonly string[]): readonly Event[] =>
  events.filter(({ id }) => ids.includes(id))

export async function disclosures(bus: OpenBus, subscription: string): Promise<readonly Record<string, unknown>[]> {
  const limits = { messages: 1000, bytes: 4_000_000, waitMs: 0 }
  const pages = await Promise.all(
    Array.from({ length: 12 }, (_, partition) =>
      bus.engine.log.read({ topic: 'disclosures', partition, offset: 0 }, limits),
    ),
  )
  return pages
    .flatMap(({ messages }) => messages)
    .map(({ value }) => JSON.parse(String(value)) as Record<string, unknown>)
    .filter((each) => each['subscription'] === `sub_${subscription}`)
}

export async function decide(bus: OpenBus, ...facts: readonly Fact[]): Promise<void> {
  const by = { institution: 'te', system: 'registro' }
  for (const fact of facts) {
    await bus.control.submit({ command: randomUUID(), hash: '', by, decide: () => ({ facts: [fact], reads: [] }) })
  }
}
