import type { FactOf } from '../facts.ts'
import type { SystemState } from '../state.ts'

type SystemFact = FactOf<'system-registered' | 'system-suspended' | 'system-resumed'>

/** The state after a fact; undefined if the fact makes no sense after what came before. */
export function evolveSystem(state: SystemState | undefined, fact: SystemFact): SystemState | undefined {
  switch (fact.type) {
    case 'system-registered': {
      const { institution, id, name, roles, keys } = fact
      if (state !== undefined || fact.aggregate !== `system:${institution}.${id}`) return undefined
      return { institution, id, name, roles, keys, state: 'active' }
    }
    case 'system-suspended':
      return state?.state === 'active' ? { ...state, state: 'suspended' } : undefined
    case 'system-resumed':
      return state?.state === 'suspended' ? { ...state, state: 'active' } : undefined
  }
}
