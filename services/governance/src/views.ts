import type { AgreementState, Fact, InstitutionState } from '@unavez/policy'

type FactOf<T extends Fact['type']> = Extract<Fact, { type: T }>

/** The fact of a type among those that a command led to; there always is one. */
export function factOf<T extends Fact['type']>(facts: readonly Fact[], type: T): FactOf<T> {
  const found = facts.find((fact): fact is FactOf<T> => fact.type === type)
  if (found === undefined) throw new Error(`the command led to no ${type}`)
  return found
}

export interface InstitutionView extends Omit<InstitutionState, 'synthetic'> {
  readonly synthetic?: true
}

export function institutionView({ id, name, country, kind, state, synthetic }: InstitutionState): InstitutionView {
  return {
    id,
    name,
    country,
    ...(kind === undefined ? {} : { kind }),
    state,
    ...(synthetic ? { synthetic: true } : {}),
  }
}

export function joinedView(fact: FactOf<'institution-joined'>): InstitutionView {
  const { id, name, country, kind, synthetic = false } = fact
  return institutionView({ id, name, country, ...(kind === undefined ? {} : { kind }), state: 'active', synthetic })
}

export interface AgreementView extends AgreementState {
  readonly createdAt?: string
}

export function agreementView(agreement: AgreementState): AgreementView {
  const { id, state, version, consumer, owner, contract, purpose, legalBasis, fields } = agreement
  const { validFrom, validUntil } = agreement
  return {
    id,
    state,
    version,
    consumer,
    owner,
    contract,
    purpose,
    legalBasis,
    fields,
    ...(validFrom === undefined ? {} : { validFrom }),
    validUntil,
  }
}

/** A new agreement waits for the owner's word. */
export const requestedView = (fact: FactOf<'agreement-requested'>): AgreementView =>
  agreementView({ ...fact, version: 1, state: 'pending' })
