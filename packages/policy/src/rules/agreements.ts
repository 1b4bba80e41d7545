import { operator } from '../operator.ts'
import type { Policy } from '../policy.ts'
import type { AgreementState } from '../agreement-facts.ts'
import { all, type Answer, type Asked, isOperator, missing, needsRole, refuse, type Rule, yes } from './asked.ts'
import { standing } from './contracts.ts'

/** The parties and the operator see an agreement, its consumer alone a draft; anyone else doesn't see that there is one. */
export function withAgreement(asked: Asked, check: (agreement: AgreementState) => Answer): Answer {
  const { policy, on, speaker } = asked
  if (on.kind !== 'agreement') return 'hidden'
  const agreement = policy.agreement(on.id)
  if (agreement === undefined) return missing(policy, `agreement:${on.id}`)
  if (agreement.consumer === speaker.institution) return check(agreement)
  if (agreement.state === 'draft') return 'hidden'
  return agreement.owner === speaker.institution || isOperator(asked) ? check(agreement) : 'hidden'
}

/**
 * Whether data may pass under it now. A suspended owner stops its agreements with it: nobody vouches for its data meanwhile;
 * what was published waits at the cursors.
 */
export function inForce(policy: Policy, agreement: AgreementState, at: Date): Answer {
  const { consumer, owner, validFrom, validUntil } = agreement
  const published = policy.contract(agreement.contract)
  const institution = policy.institution(owner)
  if (published === undefined || institution === undefined) {
    const aggregate = published === undefined ? `contract:${agreement.contract}` : `institution:${owner}`
    return policy.opaque(aggregate) ? missing(policy, aggregate) : refuse('contract-not-published', owner)
  }
  const now = at.getTime()
  return all(
    active(agreement),
    validFrom !== undefined && now < Date.parse(validFrom) ? refuse('agreement-not-yet-valid', consumer, owner) : yes,
    now >= Date.parse(validUntil) ? refuse('agreement-expired', consumer, owner) : yes,
    institution.state === 'suspended' ? refuse('owner-suspended', operator.id) : yes,
    standing(published),
  )
}

function active({ state, consumer, owner, proposer }: AgreementState): Answer {
  switch (state) {
    case 'active':
      return yes
    case 'draft':
      return refuse('agreement-draft', consumer)
    case 'pending':
      return refuse('agreement-pending', proposer === owner ? consumer : owner)
    case 'suspended':
      return refuse('agreement-suspended', consumer, owner, operator.id)
    case 'ended':
    case 'rejected':
      return refuse('agreement-over', consumer, owner)
  }
}

/** Asking binds nobody; approving does. An institution that does not exist is hidden, so that no refusal repeats an unknown name. */
export const requestAgreement: Rule = {
  name: 'agreements-are-requested-by-their-consumer',
  answer: (asked) => {
    const { on, policy, speaker } = asked
    if (on.kind !== 'institution') return 'hidden'
    if (policy.institution(on.id) === undefined) return missing(policy, `institution:${on.id}`)
    return all(
      on.id === speaker.institution ? yes : refuse('consumer-only', on.id),
      needsRole(asked, 'consumer', 'requester', 'administrator'),
    )
  },
}

export const readAgreement: Rule = {
  name: 'agreements-are-read-by-their-parties-and-the-operator',
  answer: (asked) => (asked.on.kind === 'bus' ? yes : withAgreement(asked, () => yes)),
}

/** Whoever sees it may stop it. */
export const suspendAgreement: Rule = {
  name: 'agreements-are-suspended-by-either-party-or-the-operator',
  answer: (asked) => withAgreement(asked, () => needsRole(asked, 'administrator')),
}

/** What one side stopped, the other can't start again. */
export const resumeAgreement: Rule = {
  name: 'agreements-are-resumed-by-whoever-suspended-them-or-the-operator',
  answer: (asked) =>
    withAgreement(asked, ({ id }) => {
      const history = asked.policy.history(`agreement:${id}`)
      const by = history.findLast(({ type }) => type === 'agreement-suspended')?.by.institution
      const isTheirs = by === undefined || by === asked.speaker.institution || isOperator(asked)
      return all(isTheirs ? yes : refuse('suspended-by-other', by), needsRole(asked, 'administrator'))
    }),
}

export const endAgreement: Rule = {
  name: 'agreements-are-ended-by-either-party-or-the-operator',
  answer: (asked) => withAgreement(asked, () => needsRole(asked, 'administrator')),
}

/** On an institution: no agreement could be read from what was asked, so only whether the speaker subscribes at all is known. */
export const subscribe: Rule = {
  name: 'subscriptions-are-made-by-the-consumer-of-an-active-agreement',
  answer: (asked) =>
    asked.on.kind === 'institution'
      ? asked.on.id === asked.speaker.institution
        ? needsRole(asked, 'consumer')
        : 'hidden'
      : withAgreement(asked, (agreement) =>
          all(
            agreement.consumer === asked.speaker.institution ? yes : refuse('consumer-only', agreement.consumer),
            needsRole(asked, 'consumer'),
            inForce(asked.policy, agreement, asked.at),
            aboutEvents(asked.policy, agreement),
          ),
        ),
}

/** Evidence is requested, not subscribed. */
function aboutEvents(policy: Policy, { contract, owner }: AgreementState): Answer {
  return policy.contract(contract)?.kind === 'evidence' ? refuse('contract-not-event', owner) : yes
}
