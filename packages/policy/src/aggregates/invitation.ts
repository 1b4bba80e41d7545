import type { FactOf } from '../facts.ts'
import type { InvitationState } from '../membership.ts'

type InvitationFact = FactOf<'invitation-made' | 'invitation-used' | 'invitation-withdrawn'>

/** The state after a fact; undefined if the fact makes no sense after what came before. */
export function evolveInvitation(
  state: InvitationState | undefined,
  fact: InvitationFact,
): InvitationState | undefined {
  switch (fact.type) {
    case 'invitation-made': {
      const { type: _, aggregate, ...invitation } = fact
      if (state !== undefined || aggregate !== `invitation:${invitation.id}`) return undefined
      return { ...invitation, state: 'open' }
    }
    case 'invitation-used':
      return state?.state === 'open' ? { ...state, state: 'used' } : undefined
    case 'invitation-withdrawn':
      return state?.state === 'open' ? { ...state, state: 'withdrawn' } : undefined
  }
}
