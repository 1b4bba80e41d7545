import type { FactOf } from '../facts.ts'
import type { InstitutionState } from '../state.ts'

type InstitutionFact = FactOf<
  | 'institution-joined'
  | 'institution-enrolled'
  | 'institution-approved'
  | 'institution-suspended'
  | 'institution-resumed'
  | 'institution-left'
  | 'institution-contacts-set'
>
type State = InstitutionState['state']
type Move = Exclude<InstitutionFact['type'], 'institution-joined' | 'institution-enrolled' | 'institution-contacts-set'>

const moves: Readonly<Record<Move, { from: readonly State[]; to: State }>> = {
  'institution-approved': { from: ['pending'], to: 'active' },
  'institution-suspended': { from: ['active'], to: 'suspended' },
  'institution-resumed': { from: ['suspended'], to: 'active' },
  'institution-left': { from: ['pending', 'active', 'suspended'], to: 'left' },
}

/** The state after a fact; undefined if the fact makes no sense after what came before. */
export function evolveInstitution(
  state: InstitutionState | undefined,
  fact: InstitutionFact,
): InstitutionState | undefined {
  switch (fact.type) {
    case 'institution-joined':
      return state === undefined ? joined(fact, 'active') : undefined
    case 'institution-enrolled':
      return state === undefined ? joined(fact, 'pending') : undefined
    case 'institution-contacts-set':
      return state === undefined || state.state === 'left' ? undefined : { ...state, contacts: fact.contacts }
    case 'institution-approved':
    case 'institution-suspended':
    case 'institution-resumed':
    case 'institution-left': {
      const { from, to } = moves[fact.type]
      return state !== undefined && from.includes(state.state) ? { ...state, state: to } : undefined
    }
  }
}

function joined(
  fact: FactOf<'institution-joined' | 'institution-enrolled'>,
  state: State,
): InstitutionState | undefined {
  const { aggregate, id, name, country, kind } = fact
  if (aggregate !== `institution:${id}`) return undefined
  const synthetic = fact.type === 'institution-joined' && fact.synthetic === true
  return { id, name, country, ...(kind === undefined ? {} : { kind }), synthetic, state }
}
