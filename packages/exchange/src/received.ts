import type { Engine, Message } from '@unavez/engine'
import type { Policy, SubscriptionState } from '@unavez/policy'
import { Problem } from '@unavez/protocol'

import { disclosedIn } from './disclosed.ts'
import { openFilters } from './filters.ts'
import { agreementAt, chosenBy } from './past-terms.ts'
import type { Lens } from './shown.ts'

/**
 * Whether a subscription was shown an event, by the record of it, under the terms of then. Where those can't be told any more it may have
 * been: whoever was shown something has to learn that it was wrong.
 */
export function openReceived(engine: Pick<Engine, 'log'>, policy: Policy) {
  const fitting = openFilters(policy)
  return async (subscription: SubscriptionState, lens: Lens, message: Message): Promise<boolean> => {
    const { topic, partition, offset, appendedAt } = message
    const query = { subscription: subscription.id, from: offset, next: offset + 1, since: appendedAt }
    try {
      const [segment] = await disclosedIn(engine.log, { topic, partition }, query)
      if (segment?.disclosure === undefined || segment.disclosure.count === 0) return false
      const agreement = agreementAt(policy, segment.disclosure.agreement)
      const chosen = chosenBy(subscription, segment.disclosure.filter)
      const fits = agreement === undefined || chosen === undefined ? undefined : fitting(chosen, agreement, lens)
      return fits === undefined || fits(message)
    } catch (error) {
      if (error instanceof Problem && (error.code === 'range-too-wide' || error.code === 'filter-outdated')) return true
      throw error
    }
  }
}
