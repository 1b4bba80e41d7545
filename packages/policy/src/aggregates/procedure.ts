import type { NormState, ProcedureFact, ProcedureState } from '../procedure-facts.ts'

type FactOf<T extends ProcedureFact['type']> = Extract<ProcedureFact, { type: T }>

/** A norm stays as it was registered: agreements and procedures quote it. */
export function evolveNorm(state: NormState | undefined, fact: FactOf<'norm-registered'>): NormState | undefined {
  const { id, name, kind, url } = fact
  if (state !== undefined || fact.aggregate !== `norm:${id}`) return undefined
  return { id, name, kind, ...(url === undefined ? {} : { url }) }
}

/** The state after a fact; undefined if the fact makes no sense after what came before. */
export function evolveProcedure(
  state: ProcedureState | undefined,
  fact: Exclude<ProcedureFact, { type: 'norm-registered' }>,
): ProcedureState | undefined {
  switch (fact.type) {
    case 'procedure-registered': {
      const { id, institution, name, norm, requirements } = fact
      if (state !== undefined || fact.aggregate !== `procedure:${id}`) return undefined
      return { id, institution, name, norm, requirements }
    }
    case 'requirement-set': {
      if (state === undefined) return undefined
      const { requirement } = fact
      const place = state.requirements.findIndex(({ id }) => id === requirement.id)
      const requirements =
        place === -1 ? [...state.requirements, requirement] : state.requirements.with(place, requirement)
      return { ...state, requirements }
    }
    case 'requirement-removed': {
      const requirements = state?.requirements.filter(({ id }) => id !== fact.requirement)
      if (state === undefined || requirements?.length === state.requirements.length) return undefined
      return { ...state, requirements: requirements ?? [] }
    }
  }
}
