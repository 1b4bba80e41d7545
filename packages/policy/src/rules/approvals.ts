import type { AgreementState } from '../agreement-facts.ts'
import { withAgreement } from './agreements.ts'
import { all, type Answer, type Asked, isOperator, missing, needsRole, refuse, type Rule, yes } from './asked.ts'

/** What of an agreement waits for a word: an amendment, or else the agreement itself. */
const asking = (agreement: AgreementState) =>
  agreement.amendment === undefined
    ? { proposer: agreement.proposer, sensitive: agreement.sensitive }
    : { proposer: agreement.amendment.proposer, sensitive: agreement.amendment.terms.sensitive }

/** The side that did not ask. */
const approverOf = ({ consumer, owner }: AgreementState, proposer: string): string =>
  proposer === consumer ? owner : consumer

const onlyBy = (asked: Asked, { owner }: AgreementState, institution: string): Answer =>
  institution === asked.speaker.institution
    ? yes
    : refuse(institution === owner ? 'owner-only' : 'consumer-only', institution)

const partyOnly = ({ speaker }: Asked, { consumer, owner }: AgreementState): Answer =>
  speaker.institution === consumer || speaker.institution === owner ? yes : refuse('parties-only', consumer, owner)

/** Sensitive fields are bound by people: the `dpo` of both sides, each of which may speak first. */
export const approveAgreement: Rule = {
  name: 'agreements-are-approved-by-the-side-that-did-not-ask',
  answer: (asked) =>
    withAgreement(asked, (agreement) => {
      const { proposer, sensitive } = asking(agreement)
      if (sensitive !== undefined) return all(partyOnly(asked, agreement), needsDpo(asked))
      return all(onlyBy(asked, agreement, approverOf(agreement, proposer)), needsRole(asked, 'administrator'))
    }),
}

/** A no needs less than a yes: the side that was asked, or whoever asked for an amendment and thinks better of it. */
export const rejectAgreement: Rule = {
  name: 'agreements-are-rejected-by-the-side-that-did-not-ask-and-amendments-by-either',
  answer: (asked) =>
    withAgreement(asked, (agreement) => {
      const { proposer, sensitive } = asking(agreement)
      if (sensitive !== undefined && isDpo(asked)) return partyOnly(asked, agreement)
      const either = agreement.amendment !== undefined
      const side = either ? partyOnly(asked, agreement) : onlyBy(asked, agreement, approverOf(agreement, proposer))
      return all(side, needsRole(asked, 'administrator'))
    }),
}

export const amendAgreement: Rule = {
  name: 'amendments-are-asked-for-by-either-party',
  answer: (asked) =>
    withAgreement(asked, (agreement) => all(partyOnly(asked, agreement), needsRole(asked, 'administrator'))),
}

/** A draft is its consumer's alone. */
export const submitAgreement: Rule = {
  name: 'drafts-are-submitted-by-their-consumer',
  answer: (asked) =>
    withAgreement(asked, ({ consumer }) =>
      all(
        consumer === asked.speaker.institution ? yes : refuse('consumer-only', consumer),
        needsRole(asked, 'consumer', 'requester', 'administrator'),
      ),
    ),
}

export const signAgreement: Rule = {
  name: 'documents-are-signed-by-both-parties',
  answer: (asked) =>
    withAgreement(asked, (agreement) => all(partyOnly(asked, agreement), needsRole(asked, 'administrator'))),
}

/** In one go for many consumers. Contracts are public, so that everyone sees why not. */
export const offerAgreements: Rule = {
  name: 'agreements-are-offered-by-the-owner-of-their-contract-or-asked-for-by-a-consumer',
  answer: (asked) => {
    const { on, policy, speaker } = asked
    if (on.kind === 'institution') return on.id === speaker.institution ? needsRole(asked, 'administrator') : 'hidden'
    if (on.kind !== 'contract') return 'hidden'
    const contract = policy.contract(on.id)
    if (contract === undefined) return missing(policy, `contract:${on.id}`)
    return isOperator(asked) ? refuse('parties-only', contract.owner) : needsRole(asked, 'administrator')
  },
}

const isDpo = (asked: Asked): boolean => asked.speaker.person?.roles.includes('dpo') === true

const needsDpo = (asked: Asked): Answer => (isDpo(asked) ? yes : refuse('dpo-needed', asked.speaker.institution))
