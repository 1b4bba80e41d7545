import { refuseIdentifier } from '@unavez/contracts'
import type { Fact, InstitutionState } from '@unavez/policy'
import { Problem, type Text } from '@unavez/protocol'

/** Names that the bus keeps for itself: its operator speaks before any institution exists. */
const reserved: ReadonlySet<string> = new Set(['operator', 'unavez', 'bus'])

export interface JoinInstitution {
  readonly id: string
  readonly name: Text
  readonly country: string
  readonly kind?: string
  readonly synthetic?: boolean
}

export const institutionAggregate = (id: string): string => `institution:${id}`

/** Institutions made by the operator are active at once. Refuses 'institution-exists'. */
export function joinInstitution(state: InstitutionState | undefined, command: JoinInstitution): readonly Fact[] {
  if (state !== undefined || reserved.has(command.id)) throw new Problem('institution-exists', { pointer: '/id' })
  refuseIdentifier(command.id, '/id')
  refuseIdentifier(command.name.es, '/name/es')
  refuseIdentifier(command.name.en, '/name/en')
  return [
    {
      type: 'institution-joined',
      aggregate: institutionAggregate(command.id),
      id: command.id,
      name: { es: command.name.es, en: command.name.en },
      country: command.country,
      ...(command.kind === undefined ? {} : { kind: command.kind }),
      ...(command.synthetic === true ? { synthetic: true } : {}),
    },
  ]
}

/** Refuses 'not-found', and 'state-conflict' when there is nothing to change. */
export function changeInstitution(
  state: InstitutionState | undefined,
  command: { readonly change: 'suspend' | 'resume'; readonly reason: string },
): readonly Fact[] {
  if (state === undefined) throw new Problem('not-found')
  refuseIdentifier(command.reason, '/reason')
  const aggregate = institutionAggregate(state.id)
  const { reason } = command
  switch (command.change) {
    case 'suspend':
      if (state.state === 'suspended') throw alreadyIs(state.state)
      return [{ type: 'institution-suspended', aggregate, reason }]
    case 'resume':
      if (state.state === 'active') throw alreadyIs(state.state)
      return [{ type: 'institution-resumed', aggregate, reason }]
  }
}

const alreadyIs = (state: 'active' | 'suspended'): Problem =>
  new Problem('state-conflict', {
    detail:
      state === 'active'
        ? { es: 'La institución está activa', en: 'The institution is active' }
        : { es: 'La institución ya está suspendida', en: 'The institution is suspended already' },
  })
