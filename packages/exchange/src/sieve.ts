import type { Engine, Message } from '@unavez/engine'
import type { AgreementState, Policy, SubscriptionState } from '@unavez/policy'

import { Corrections } from './corrections.ts'
import { openFilters } from './filters.ts'
import type { FoldedVersions } from './folded-versions.ts'
import { openReceived } from './received.ts'
import { textOf } from './record-headers.ts'
import type { Lens } from './shown.ts'

/** Names the offsets of these messages that are kept out: by a filter, as baseline, or because they are about another subject. */
export type Sieve = (messages: readonly Message[]) => Promise<ReadonlySet<number>>

export interface SieveOptions {
  readonly subscription: SubscriptionState
  readonly agreement: AgreementState
  readonly lens: Lens
  /** Since when the agreement is over: only corrections of what was received before come then. */
  readonly over: Date | undefined
}

/**
 * Nothing passes an agreement that is about one subject alone. What corrects an event follows it, even if it no longer fits
 * itself, the filter has changed since, or the agreement is over. Throws 'filter-outdated' as the filters do.
 */
export function openSieves(engine: Pick<Engine, 'log' | 'views'>, policy: Policy, folded: FoldedVersions) {
  const fitting = openFilters(policy)
  const received = openReceived(engine, policy)

  return ({ subscription, agreement, lens, over }: SieveOptions): Sieve | undefined => {
    const { only } = lens
    const fits = fitting(subscription, agreement, lens)
    if (fits === undefined && only === undefined && over === undefined) return undefined
    const hasChanged = agreement.version > 1 || subscription.filterVersion > 1
    // The same filter as ever tells by itself; only one that has changed has to be asked what it once let pass.
    const follows = async (previous: Message): Promise<boolean> => {
      await folded([previous])
      if (fits !== undefined && over === undefined && fits(previous)) return true
      const mayBeReceived = over === undefined ? hasChanged : previous.appendedAt < over
      return mayBeReceived && received(subscription, lens, previous)
    }
    return async (messages) => {
      const out = new Set<number>()
      const corrections = new Corrections(engine)
      const wanted = messages.filter((message) => textOf(message, 'type') === agreement.contract)
      if (fits !== undefined) await folded(wanted)
      for (const message of wanted) {
        const isForeign = only !== undefined && textOf(message, 'subject') !== only
        const isFitting = over === undefined && (fits === undefined || fits(message))
        if (isForeign || !(isFitting || (await corrections.of(message, follows)))) out.add(message.offset)
      }
      return out
    }
  }
}
