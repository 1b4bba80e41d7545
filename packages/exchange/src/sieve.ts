import type { Engine, Message } from '@unavez/engine'
import type { AgreementState, Policy, SubscriptionState } from '@unavez/policy'

import { Corrections } from './corrections.ts'
import { openFilters } from './filters.ts'
import { textOf } from './record-headers.ts'
import type { Lens } from './shown.ts'

/** Names the offsets of these messages that are kept out: by a filter, as baseline, or because they are about another subject. */
export type Sieve = (messages: readonly Message[]) => Promise<ReadonlySet<number>>

/**
 * Nothing passes an agreement that is about one subject alone. What corrects an event follows it, even if it no longer fits
 * itself. Throws 'filter-outdated' as the filters do.
 */
export function openSieves(engine: Pick<Engine, 'log' | 'views'>, policy: Policy) {
  const fitting = openFilters(policy)

  return (subscription: SubscriptionState, agreement: AgreementState, lens: Lens): Sieve | undefined => {
    const { only } = lens
    const fits = fitting(subscription, agreement, lens)
    if (fits === undefined && only === undefined) return undefined
    return async (messages) => {
      const out = new Set<number>()
      const corrections = new Corrections(engine)
      for (const message of messages) {
        if (textOf(message, 'type') !== agreement.contract) continue
        const isForeign = only !== undefined && textOf(message, 'subject') !== only
        const isFitting = fits === undefined || fits(message)
        if (isForeign || !(isFitting || (await corrections.ofFitting(message, fits)))) out.add(message.offset)
      }
      return out
    }
  }
}
