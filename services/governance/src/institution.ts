import { refuseIdentifier } from '@unavez/contracts'
import { type Contact, type Fact, type InstitutionState, reservedInstitutions } from '@unavez/policy'
import { Problem, type Text } from '@unavez/protocol'

export interface JoinInstitution {
  readonly id: string
  readonly name: Text
  readonly country: string
  readonly kind?: string
  readonly synthetic?: boolean
  readonly contacts?: readonly Contact[]
}

export const institutionAggregate = (id: string): string => `institution:${id}`

/** Institutions made by the operator are active at once. Refuses 'institution-exists'. */
export function joinInstitution(state: InstitutionState | undefined, command: JoinInstitution): readonly Fact[] {
  const { id, name, country, kind, synthetic, contacts } = command
  if (state !== undefined || reservedInstitutions.has(id)) throw new Problem('institution-exists', { pointer: '/id' })
  refuseIdentifier(id, '/id')
  refuseIdentifier(name.es, '/name/es')
  refuseIdentifier(name.en, '/name/en')
  const aggregate = institutionAggregate(id)
  const joined: Fact = {
    type: 'institution-joined',
    aggregate,
    id,
    name: { es: name.es, en: name.en },
    country,
    ...(kind === undefined ? {} : { kind }),
    ...(synthetic === true ? { synthetic: true } : {}),
  }
  return contacts === undefined ? [joined] : [joined, contactsSet(aggregate, contacts)]
}

/** Refuses 'not-found', 'identifier-in-clear', and 'state-conflict' after it has left. */
export function setContacts(state: InstitutionState | undefined, contacts: readonly Contact[]): readonly Fact[] {
  if (state === undefined) throw new Problem('not-found')
  if (state.state === 'left') throw new Problem('state-conflict', { detail: standings.left })
  return [contactsSet(institutionAggregate(state.id), contacts)]
}

function contactsSet(aggregate: string, contacts: readonly Contact[]): Fact {
  for (const [at, { name, email, phone = '' }] of contacts.entries()) {
    for (const [field, value] of Object.entries({ name, email, phone })) {
      refuseIdentifier(value, `/contacts/${at}/${field}`)
    }
  }
  return { type: 'institution-contacts-set', aggregate, contacts }
}

export type InstitutionChange = 'suspend' | 'resume' | 'approve' | 'leave'

type State = InstitutionState['state']

/** From which state each change leads where. Leaving is final. */
export const changes = {
  suspend: { from: ['active'], fact: 'institution-suspended', to: 'suspended' },
  resume: { from: ['suspended'], fact: 'institution-resumed', to: 'active' },
  approve: { from: ['pending'], fact: 'institution-approved', to: 'active' },
  leave: { from: ['pending', 'active', 'suspended'], fact: 'institution-left', to: 'left' },
} as const satisfies Readonly<Record<InstitutionChange, { from: readonly State[]; fact: Fact['type']; to: State }>>

/** Refuses 'not-found', 'identifier-in-clear', and 'state-conflict' when there is nothing to change. */
export function changeInstitution(
  state: InstitutionState | undefined,
  command: { readonly change: InstitutionChange; readonly reason: string },
): readonly Fact[] {
  if (state === undefined) throw new Problem('not-found')
  const { reason } = command
  refuseIdentifier(reason, '/reason')
  const { fact, from } = changes[command.change]
  const fitting: readonly State[] = from
  if (!fitting.includes(state.state)) throw new Problem('state-conflict', { detail: standings[state.state] })
  return [{ type: fact, aggregate: institutionAggregate(state.id), reason }]
}

const standings: Readonly<Record<State, Text>> = {
  pending: { es: 'La institución aún no está aprobada', en: 'The institution is not approved yet' },
  active: { es: 'La institución está activa', en: 'The institution is active' },
  suspended: { es: 'La institución ya está suspendida', en: 'The institution is suspended already' },
  left: { es: 'La institución dejó el bus', en: 'The institution has left the bus' },
}
