import type { FactOf } from '../facts.ts'
import type { SubscriptionState } from '../state.ts'

type SubscriptionFact = FactOf<
  'subscription-created' | 'subscription-paused' | 'subscription-resumed' | 'subscription-ended'
>

/** The state after a fact; undefined if the fact makes no sense after what came before. */
export function evolveSubscription(
  state: SubscriptionState | undefined,
  fact: SubscriptionFact,
): SubscriptionState | undefined {
  switch (fact.type) {
    case 'subscription-created': {
      const { id, agreement, consumer, mode, start } = fact
      if (state !== undefined || fact.aggregate !== `subscription:${id}`) return undefined
      return { id, agreement, consumer, mode, state: 'active', epoch: 1, start }
    }
    case 'subscription-paused':
      return state?.state === 'active' ? { ...state, state: 'paused' } : undefined
    case 'subscription-resumed':
      if (state?.state !== 'paused') return undefined
      return { ...(fact.backlog === 'skip' ? skipped(state, fact.skipTo) : state), state: 'active' }
    case 'subscription-ended':
      return state?.state === 'active' || state?.state === 'paused' ? { ...state, state: 'ended' } : undefined
  }
}

/** Goes on at the offsets given, in a new epoch: cursors of before are refused. Also what an agreement resumed with `skip` does to its own. */
export const skipped = (state: SubscriptionState, to: readonly number[] | undefined): SubscriptionState =>
  to === undefined || state.state === 'ended' ? state : { ...state, epoch: state.epoch + 1, start: to }
