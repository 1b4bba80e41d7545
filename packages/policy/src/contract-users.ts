import type { Fact } from './facts.ts'

/**
 * `contract-users:<type>` has no state, only a version. Whoever begins to use a contract advances it without having read it, so
 * that many may at once; whoever ends the contract has read it. So the order of the log settles who came first, by envelopes alone.
 */
export const contractUsers = (type: string): string => `contract-users:${type}`

export const contractUsed = (type: string): Fact => ({ type: 'contract-used', aggregate: contractUsers(type) })

/** Facts that depend on nothing of their aggregate: a decision does not read what it only advances. */
export const advancesOnly = ({ type }: Fact): boolean => type === 'contract-used'
