import type { DelegationState } from '../membership.ts'
import { bus } from '../operator.ts'
import { all, type Answer, type Asked, isOperator, missing, needsRole, refuse, type Rule, yes } from './asked.ts'
import { administratorOfOperator, stays, visible } from './institutions.ts'

const byAdministrators = visible((asked) => needsRole(asked, 'administrator'))

export const manageKeys: Rule = {
  name: 'keys-are-managed-by-administrators',
  answer: visible((asked) => all(needsRole(asked, 'administrator'), stays(asked))),
}

/** The operator may invite an institution that is not there yet. */
export const invite: Rule = {
  name: 'systems-are-invited-by-administrators-and-institutions-by-the-operator',
  answer: (asked) => {
    const toBus = asked.on.kind === 'institution' && asked.on.id === bus.id
    return isOperator(asked) && !toBus ? needsRole(asked, 'administrator') : byAdministrators(asked)
  },
}

export const approveInstitution: Rule = {
  name: 'institutions-are-approved-by-the-operator',
  answer: visible(administratorOfOperator),
}

export const changeInstitution: Rule = { name: 'institutions-are-changed-by-administrators', answer: byAdministrators }

export const leaveInstitution: Rule = {
  name: 'institutions-leave-by-their-own-word-or-the-operators',
  answer: visible((asked) => all(needsRole(asked, 'administrator'), stays(asked))),
}

export const readPeople: Rule = {
  name: 'people-are-read-by-their-institution-and-the-operator',
  answer: visible(() => yes),
}

export const managePeople: Rule = { name: 'people-are-managed-by-administrators', answer: byAdministrators }

/** An `operator` or an `auditor` sees what is others'. */
export const appointOfficers: Rule = {
  name: 'operators-and-auditors-are-appointed-by-the-operator',
  answer: visible(administratorOfOperator),
}

/** The two parties and the operator see a delegation; anyone else doesn't see that there is one. */
function withDelegation(asked: Asked, check: (delegation: DelegationState) => Answer): Answer {
  const { policy, on, speaker } = asked
  if (on.kind !== 'delegation') return 'hidden'
  const delegation = policy.members.delegation(on.id)
  if (delegation === undefined) return missing(policy, `delegation:${on.id}`)
  const party = [delegation.principal, delegation.delegate].includes(speaker.institution)
  return party || isOperator(asked) ? check(delegation) : 'hidden'
}

/** On the institution that proposes: one of the two parties, for itself. */
export const proposeDelegation: Rule = {
  name: 'delegations-are-proposed-by-one-of-their-parties',
  answer: (asked) =>
    asked.on.kind === 'institution' && asked.on.id === asked.speaker.institution
      ? needsRole(asked, 'administrator')
      : 'hidden',
}

export const readDelegation: Rule = {
  name: 'delegations-are-read-by-their-parties-and-the-operator',
  answer: (asked) => (asked.on.kind === 'bus' ? yes : withDelegation(asked, () => yes)),
}

export const acceptDelegation: Rule = {
  name: 'delegations-are-accepted-by-their-parties',
  answer: (asked) =>
    withDelegation(asked, ({ principal, delegate }) =>
      all(
        [principal, delegate].includes(asked.speaker.institution) ? yes : refuse('party-only', principal, delegate),
        needsRole(asked, 'administrator'),
      ),
    ),
}

export const endDelegation: Rule = {
  name: 'delegations-are-ended-by-either-party-or-the-operator',
  answer: (asked) => withDelegation(asked, () => needsRole(asked, 'administrator')),
}
