import {
  type AgreementState,
  type AgreementTerms,
  type AgreementVersion,
  type Amendment,
  type Endorsement,
  evolveAgreement,
  type Fact,
  type InstitutionState,
  termsOf,
} from '@unavez/policy'

import { awaited } from './agreement-change.ts'

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

export function institutionView({
  id,
  name,
  country,
  kind,
  contacts,
  state,
  synthetic,
}: InstitutionState): InstitutionView {
  return {
    id,
    name,
    country,
    ...(kind === undefined ? {} : { kind }),
    state,
    ...(contacts === undefined ? {} : { contacts }),
    ...(synthetic ? { synthetic: true } : {}),
  }
}

export function joinedView(facts: readonly Fact[]): InstitutionView {
  const { id, name, country, kind, synthetic = false } = factOf(facts, 'institution-joined')
  const named = facts.find((fact) => fact.type === 'institution-contacts-set')
  const contacts = named === undefined ? {} : { contacts: named.contacts }
  const kinds = kind === undefined ? {} : { kind }
  return institutionView({ id, name, country, ...kinds, ...contacts, state: 'active', synthetic })
}

interface AmendmentView extends AgreementTerms {
  readonly version: number
  readonly proposer: string
  readonly approvals?: readonly Endorsement[]
  readonly awaiting?: readonly string[]
}

export interface AgreementView extends AgreementTerms {
  readonly id: string
  readonly state: AgreementState['state']
  readonly version: number
  readonly consumer: string
  readonly owner: string
  readonly contract: string
  /** Absent if the consumer asked for it. */
  readonly proposer?: string
  /** While sensitive fields wait for people: who has said yes, and which sides have not. */
  readonly approvals?: readonly Endorsement[]
  readonly awaiting?: readonly string[]
  readonly amendment?: AmendmentView
}

export function agreementView(agreement: AgreementState): AgreementView {
  const { id, state, version, consumer, owner, contract, proposer, amendment, endorsements, sensitive } = agreement
  const people = state === 'pending' && sensitive !== undefined ? approvals(agreement, endorsements) : {}
  return {
    id,
    state,
    version,
    consumer,
    owner,
    contract,
    ...termsOf(agreement),
    ...(proposer === consumer ? {} : { proposer }),
    ...people,
    ...(amendment === undefined ? {} : { amendment: amendmentView(agreement, amendment) }),
  }
}

function amendmentView(agreement: AgreementState, { version, proposer, terms, endorsements }: Amendment) {
  const people = terms.sensitive === undefined ? {} : approvals(agreement, endorsements)
  return { version, proposer, ...terms, ...people }
}

const approvals = (agreement: AgreementState, endorsements: readonly Endorsement[]) => ({
  approvals: endorsements,
  awaiting: awaited(agreement, endorsements),
})

/** Oldest first; the last is the present one. */
export const versionsOf = (agreement: AgreementState): readonly AgreementVersion[] => {
  const { past, version, contractVersion } = agreement
  return [...past, { version, contractVersion, terms: termsOf(agreement) }]
}

/** As a command made it, whatever came after. */
export function namedView(facts: readonly Fact[]): AgreementView {
  let state: AgreementState | undefined
  for (const fact of facts) {
    const { type } = fact
    if (type === 'agreement-requested' || type === 'agreement-drafted' || type === 'agreement-approved')
      state = evolveAgreement(state, fact)
  }
  if (state === undefined) throw new Error('the command led to no agreement')
  return agreementView(state)
}

/** Where a change left the agreement: as the change itself says, whatever came after. */
export function changedView(agreement: AgreementState, facts: readonly Fact[]) {
  const { id, version, amendment, endorsements } = agreement
  const waits = facts.every(({ type }) => type === 'agreement-endorsed')
  const awaiting = waits ? { awaiting: awaited(agreement, amendment?.endorsements ?? endorsements) } : {}
  return { id, state: stateAfter(agreement, facts), version, ...awaiting }
}

function stateAfter({ state }: AgreementState, facts: readonly Fact[]): AgreementState['state'] {
  for (const { type } of facts) {
    if (type === 'agreement-approved') return 'active'
    if (type === 'agreement-rejected') return 'rejected'
    if (type === 'agreement-suspended') return 'suspended'
    if (type === 'agreement-ended') return 'ended'
  }
  return state
}
