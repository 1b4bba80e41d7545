import type { FactOf } from '../facts.ts'
import type { PersonState } from '../membership.ts'

type PersonFact = FactOf<'person-added' | 'person-changed' | 'person-removed'>

/** The state after a fact; undefined if the fact makes no sense after what came before. One that was removed may be added again. */
export function evolvePerson(state: PersonState | undefined, fact: PersonFact): PersonState | undefined {
  switch (fact.type) {
    case 'person-added': {
      const { type: _, aggregate, ...person } = fact
      if (state?.state === 'active' || aggregate !== `person:${person.institution}/${person.id}`) return undefined
      return { ...person, appointment: (state?.appointment ?? 0) + 1, state: 'active' }
    }
    case 'person-changed': {
      const { name = state?.name, roles = state?.roles, login = state?.login } = fact
      if (state?.state !== 'active' || name === undefined || roles === undefined) return undefined
      const appointment = state.appointment + (login === state.login ? 0 : 1)
      return { ...state, name, roles, appointment, ...(login === undefined ? {} : { login }) }
    }
    case 'person-removed':
      return state?.state === 'active' ? { ...state, state: 'removed' } : undefined
  }
}
