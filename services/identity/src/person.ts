import { createHmac } from 'node:crypto'

import { refuseIdentifier } from '@unavez/contracts'
import { type Fact, type InstitutionState, operator, type PersonRole, type PersonState } from '@unavez/policy'
import { Problem } from '@unavez/protocol'

export const personAggregate = (institution: string, id: string): string => `person:${institution}/${id}`

/** What is kept of the name that the identity provider has for a person: there it may be a national identifier. */
export const loginOf = (key: Buffer, claim: string): string =>
  createHmac('sha256', key).update(claim).digest('base64url')

/** Whoever has one of these sees what is others'. */
export const isOffice = (role: PersonRole): boolean => role === 'operator' || role === 'auditor'

export interface AddPerson {
  readonly id: string
  readonly name: string
  readonly roles: readonly PersonRole[]
  readonly login?: string
}

export interface PersonNow {
  readonly institution: InstitutionState | undefined
  readonly person: PersonState | undefined
}

/** Throws 'not-found' without its institution, 'person-exists', 'identifier-in-clear', 'body-invalid' for an operator elsewhere. */
export function addPerson({ institution, person }: PersonNow, command: AddPerson): readonly Fact[] {
  if (institution === undefined) throw new Problem('not-found')
  if (institution.state === 'left') throw new Problem('state-conflict')
  if (person?.state === 'active') throw new Problem('person-exists', { pointer: '/id' })
  const { id, name, roles, login } = command
  refuseIdentifier(id, '/id')
  refuseIdentifier(name, '/name')
  refuseOperator(institution.id, roles)
  return [
    {
      type: 'person-added',
      aggregate: personAggregate(institution.id, id),
      institution: institution.id,
      id,
      name,
      roles: [...new Set(roles)],
      ...(login === undefined ? {} : { login }),
    },
  ]
}

/** What is not told stays. Throws 'not-found', 'identifier-in-clear', 'body-invalid'. */
export function changePerson(
  person: PersonState | undefined,
  { name, roles, login }: Partial<Omit<AddPerson, 'id'>>,
): readonly Fact[] {
  if (person?.state !== 'active') throw new Problem('not-found')
  const { institution, id } = person
  if (name !== undefined) refuseIdentifier(name, '/name')
  if (roles !== undefined) refuseOperator(institution, roles)
  if (name === undefined && roles === undefined && login === undefined) return []
  return [
    {
      type: 'person-changed',
      aggregate: personAggregate(institution, id),
      ...(name === undefined ? {} : { name }),
      ...(roles === undefined ? {} : { roles: [...new Set(roles)] }),
      ...(login === undefined ? {} : { login }),
    },
  ]
}

/** Throws 'not-found', 'identifier-in-clear'. */
export function removePerson(person: PersonState | undefined, reason: string): readonly Fact[] {
  if (person?.state !== 'active') throw new Problem('not-found')
  refuseIdentifier(reason, '/reason')
  return [{ type: 'person-removed', aggregate: personAggregate(person.institution, person.id), reason }]
}

function refuseOperator(institution: string, roles: readonly PersonRole[]): void {
  if (roles.includes('operator') && institution !== operator.id) {
    throw new Problem('body-invalid', {
      pointer: '/roles',
      detail: { es: 'Solo en la institución operadora', en: 'Only at the operating institution' },
    })
  }
}
