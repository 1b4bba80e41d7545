import type { FactOf } from '../facts.ts'
import type { AgreementState } from '../state.ts'

type AgreementFact = FactOf<
  | 'agreement-requested'
  | 'agreement-approved'
  | 'agreement-rejected'
  | 'agreement-suspended'
  | 'agreement-resumed'
  | 'agreement-ended'
>
type State = AgreementState['state']

const moves: Readonly<
  Record<Exclude<AgreementFact['type'], 'agreement-requested'>, { from: readonly State[]; to: State }>
> = {
  'agreement-approved': { from: ['pending'], to: 'active' },
  'agreement-rejected': { from: ['pending'], to: 'rejected' },
  'agreement-suspended': { from: ['active'], to: 'suspended' },
  'agreement-resumed': { from: ['suspended'], to: 'active' },
  'agreement-ended': { from: ['pending', 'active', 'suspended'], to: 'ended' },
}

/** The state after a fact; undefined if the fact makes no sense after what came before. */
export function evolveAgreement(state: AgreementState | undefined, fact: AgreementFact): AgreementState | undefined {
  if (fact.type === 'agreement-requested') return state === undefined ? requested(fact) : undefined
  const { from, to } = moves[fact.type]
  return state !== undefined && from.includes(state.state) ? { ...state, state: to } : undefined
}

function requested(fact: FactOf<'agreement-requested'>): AgreementState | undefined {
  const { id, consumer, owner, contract, purpose, legalBasis, fields, validFrom, validUntil } = fact
  if (fact.aggregate !== `agreement:${id}`) return undefined
  const since = validFrom === undefined ? {} : { validFrom }
  const terms = { purpose, legalBasis, fields, ...since, validUntil }
  return { id, consumer, owner, contract, version: 1, ...terms, state: 'pending' }
}
