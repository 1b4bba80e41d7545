import type { FactOf } from '../facts.ts'
import type { InstitutionState } from '../state.ts'

type InstitutionFact = FactOf<'institution-joined' | 'institution-suspended' | 'institution-resumed'>

/** The state after a fact; undefined if the fact makes no sense after what came before. */
export function evolveInstitution(
  state: InstitutionState | undefined,
  fact: InstitutionFact,
): InstitutionState | undefined {
  switch (fact.type) {
    case 'institution-joined': {
      if (state !== undefined || fact.aggregate !== `institution:${fact.id}`) return undefined
      const { id, name, country, kind, synthetic } = fact
      return {
        id,
        name,
        country,
        ...(kind === undefined ? {} : { kind }),
        synthetic: synthetic === true,
        state: 'active',
      }
    }
    case 'institution-suspended':
      return state?.state === 'active' ? { ...state, state: 'suspended' } : undefined
    case 'institution-resumed':
      return state?.state === 'suspended' ? { ...state, state: 'active' } : undefined
  }
}
