import type { FactOf } from '../facts.ts'
import type { DelegationState } from '../membership.ts'

type DelegationFact = FactOf<'delegation-proposed' | 'delegation-accepted' | 'delegation-ended'>

/** The state after a fact; undefined if the fact makes no sense after what came before. */
export function evolveDelegation(
  state: DelegationState | undefined,
  fact: DelegationFact,
): DelegationState | undefined {
  switch (fact.type) {
    case 'delegation-proposed': {
      const { type: _, aggregate, ...delegation } = fact
      if (state !== undefined || aggregate !== `delegation:${delegation.id}`) return undefined
      return { ...delegation, state: 'proposed' }
    }
    case 'delegation-accepted':
      return state?.state === 'proposed' ? { ...state, state: 'active' } : undefined
    case 'delegation-ended':
      return state === undefined || state.state === 'ended' ? undefined : { ...state, state: 'ended' }
  }
}
