import type { Policy } from '@unavez/policy'

import type { Known, Wish } from './agreement-terms.ts'
import { institutionAggregate } from './institution.ts'

export interface Named extends Pick<Wish, 'legalBasis' | 'procedure'> {
  readonly consumer: string
  readonly contract: string
}

/** What the terms of an agreement are held against, out of policy. */
export const knownOf = (policy: Policy, { consumer, contract, legalBasis, procedure }: Named): Known => ({
  consumer,
  contract: policy.contract(contract),
  norm: policy.norm(legalBasis.norm),
  procedure: procedure === undefined ? undefined : policy.procedure(procedure),
})

/** The aggregates behind it: a decision on them stands only if none moved. */
export const knownAggregates = ({ consumer, contract, legalBasis, procedure }: Named): readonly string[] => [
  institutionAggregate(consumer),
  `contract:${contract}`,
  `norm:${legalBasis.norm}`,
  ...(procedure === undefined ? [] : [`procedure:${procedure}`]),
]
