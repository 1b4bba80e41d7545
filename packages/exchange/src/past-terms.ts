import type { AgreementState, Policy, SubscriptionState } from '@unavez/policy'

/** An agreement as it was, by `<agreement>@<version>`; undefined where policy has it no more. */
export function agreementAt(policy: Policy, named: string): AgreementState | undefined {
  const at = named.lastIndexOf('@')
  const version = Number(named.slice(at + 1))
  const present = policy.agreement(named.slice(0, at))
  if (present === undefined || present.version === version) return present
  const past = present.past.find((each) => each.version === version)
  if (past === undefined) return undefined
  const { id, consumer, owner, contract, proposer, state, endorsements, signatures } = present
  const standing = { id, consumer, owner, contract, proposer, state, endorsements, signatures, past: [] }
  return { ...standing, ...past.terms, version, contractVersion: past.contractVersion }
}

/**
 * The subscription with what it kept out then: by `<subscription>@<filter version>`, or nothing of its own. Undefined for a filter
 * that was replaced: those are not kept.
 */
export function chosenBy(present: SubscriptionState, filter: string | undefined): SubscriptionState | undefined {
  if (filter?.startsWith(`${present.id}@`) === true) {
    return filter === `${present.id}@${present.filterVersion}` ? present : undefined
  }
  const { filter: _own, ...rest } = present
  return { ...rest, baseline: 'include' }
}
