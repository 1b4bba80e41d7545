import { none } from '../sharing.ts'
import type { AgreementFact as Fact, AgreementState, AgreementTerms } from '../agreement-facts.ts'

type FactOf<T extends Fact['type']> = Extract<Fact, { type: T }>
type State = AgreementState['state']
type Move =
  'agreement-approved' | 'agreement-rejected' | 'agreement-suspended' | 'agreement-resumed' | 'agreement-ended'

const moves: Readonly<Record<Move, { from: readonly State[]; to: State }>> = {
  'agreement-approved': { from: ['pending'], to: 'active' },
  'agreement-rejected': { from: ['pending'], to: 'rejected' },
  'agreement-suspended': { from: ['active'], to: 'suspended' },
  'agreement-resumed': { from: ['suspended'], to: 'active' },
  'agreement-ended': { from: ['draft', 'pending', 'active', 'suspended'], to: 'ended' },
}

/** The state after a fact; undefined if the fact makes no sense after what came before. */
export function evolveAgreement(state: AgreementState | undefined, fact: Fact): AgreementState | undefined {
  switch (fact.type) {
    case 'agreement-drafted':
      return isDraftOf(state, fact) ? named(fact, 'draft') : undefined
    case 'agreement-requested':
      return isDraftOf(state, fact) ? named(fact, 'pending') : undefined
    case 'agreement-endorsed':
      return state && endorsed(state, fact)
    case 'agreement-amendment-requested':
      return state && amendmentRequested(state, fact)
    case 'agreement-amended':
      return state && amended(state, fact)
    case 'agreement-amendment-rejected':
      return state?.amendment?.version === fact.version ? withoutAmendment(state) : undefined
    case 'agreement-signed': {
      const { version, institution, system, kid, jws } = fact
      if (state === undefined || version > state.version) return undefined
      const others = state.signatures.filter((each) => each.version !== version || each.institution !== institution)
      return { ...state, signatures: [...others, { version, institution, system, kid, jws }] }
    }
    case 'agreement-approved':
    case 'agreement-rejected':
    case 'agreement-suspended':
    case 'agreement-resumed':
    case 'agreement-ended': {
      const { from, to } = moves[fact.type]
      return state !== undefined && from.includes(state.state) ? moved(state, to) : undefined
    }
  }
}

/** Other terms make it no other agreement: whose it is, and on what, stays. */
const isDraftOf = (state: AgreementState | undefined, fact: FactOf<'agreement-drafted' | 'agreement-requested'>) =>
  state === undefined ||
  (state.state === 'draft' &&
    state.consumer === fact.consumer &&
    state.owner === fact.owner &&
    state.contract === fact.contract)

/** Nothing is left to say about an amendment of what is over. */
const moved = (state: AgreementState, to: State): AgreementState =>
  to === 'ended' ? { ...withoutAmendment(state), state: to } : { ...state, state: to }

function named(
  fact: FactOf<'agreement-drafted' | 'agreement-requested'>,
  state: 'draft' | 'pending',
): AgreementState | undefined {
  const { id, consumer, owner, contract } = fact
  if (fact.aggregate !== `agreement:${id}`) return undefined
  const proposer = (fact.type === 'agreement-requested' ? fact.proposer : undefined) ?? consumer
  return {
    id,
    consumer,
    owner,
    contract,
    version: 1,
    contractVersion: fact.version,
    proposer,
    ...termsOf(fact),
    state,
    endorsements: none,
    signatures: none,
    past: none,
  }
}

function endorsed(state: AgreementState, fact: FactOf<'agreement-endorsed'>): AgreementState | undefined {
  const { version, institution, person } = fact
  const { amendment } = state
  if (state.state === 'pending' && version === state.version)
    return { ...state, endorsements: [...state.endorsements, { institution, person }] }
  if (amendment?.version !== version) return undefined
  return { ...state, amendment: { ...amendment, endorsements: [...amendment.endorsements, { institution, person }] } }
}

function amendmentRequested(
  state: AgreementState,
  fact: FactOf<'agreement-amendment-requested'>,
): AgreementState | undefined {
  const { version, contractVersion, proposer } = fact
  const inForce = state.state === 'active' || state.state === 'suspended'
  if (!inForce || state.amendment !== undefined || version !== state.version + 1) return undefined
  return { ...state, amendment: { version, contractVersion, proposer, terms: termsOf(fact), endorsements: [] } }
}

function amended(state: AgreementState, fact: FactOf<'agreement-amended'>): AgreementState | undefined {
  const { amendment, past, id, consumer, owner, contract, proposer, signatures, endorsements } = state
  if (amendment?.version !== fact.version) return undefined
  const { version, contractVersion, terms } = amendment
  const replaced = { version: state.version, contractVersion: state.contractVersion, terms: termsOf(state) }
  const kept = { id, consumer, owner, contract, proposer, signatures, endorsements }
  return { ...kept, version, contractVersion, ...terms, state: state.state, past: [...past, replaced] }
}

function withoutAmendment(state: AgreementState): AgreementState {
  const { amendment: _, ...rest } = state
  return rest
}

/** The terms alone, out of whatever carries them. */
export function termsOf(from: AgreementTerms): AgreementTerms {
  const { purpose, legalBasis, fields, validFrom, validUntil, procedure } = from
  const { filter, pseudonymous, correctionsUntil, usageDelay, aboutConsumer, sensitive } = from
  return {
    purpose,
    legalBasis,
    fields,
    ...(validFrom === undefined ? {} : { validFrom }),
    validUntil,
    ...(procedure === undefined ? {} : { procedure }),
    ...(filter === undefined ? {} : { filter }),
    ...(pseudonymous === undefined ? {} : { pseudonymous }),
    ...(correctionsUntil === undefined ? {} : { correctionsUntil }),
    ...(usageDelay === undefined ? {} : { usageDelay }),
    ...(aboutConsumer === undefined ? {} : { aboutConsumer }),
    ...(sensitive === undefined ? {} : { sensitive }),
  }
}
