import { refuseIdentifier } from '@unavez/contracts'
import type { DelegableRole, DelegationState, Fact, Policy } from '@unavez/policy'
import { Problem, type Text } from '@unavez/protocol'

export const delegationAggregate = (id: string): string => `delegation:${id}`

export interface ProposeDelegation {
  readonly id: string
  readonly proposer: string
  readonly principal: string
  readonly delegate: string
  readonly roles: readonly DelegableRole[]
  readonly contracts: readonly string[]
  /** RFC 3339, UTC. */
  readonly until: string
}

/** Who proposes has accepted. Throws 'not-found' for a party that can't be, 'body-invalid' with its pointer. */
export function proposeDelegation(policy: Policy, command: ProposeDelegation, at: Date): readonly Fact[] {
  const { id, principal, delegate, contracts, until } = command
  if (principal === delegate) throw invalid('/delegate', itself)
  for (const party of [principal, delegate]) {
    if (policy.institution(party)?.state !== 'active') throw new Problem('not-found')
  }
  if (Date.parse(until) <= at.getTime()) throw invalid('/until', past)
  for (const [index, type] of contracts.entries()) {
    if (policy.contract(type) === undefined) throw invalid(`/contracts/${index}`, noContract)
  }
  const roles = [...new Set(command.roles)]
  const aggregate = delegationAggregate(id)
  return [{ type: 'delegation-proposed', ...command, aggregate, roles, contracts: [...new Set(contracts)] }]
}

/** The proposer has accepted already, and accepting again changes nothing. Throws 'not-found', 'state-conflict'. */
export function acceptDelegation(state: DelegationState | undefined, institution: string, at: Date): readonly Fact[] {
  if (state === undefined) throw new Problem('not-found')
  if (state.state === 'ended' || at.getTime() >= Date.parse(state.until)) {
    throw new Problem('state-conflict', { detail: over })
  }
  if (state.state === 'active' || state.proposer === institution) return []
  return [{ type: 'delegation-accepted', aggregate: delegationAggregate(state.id) }]
}

/** Throws 'not-found', 'state-conflict', 'identifier-in-clear'. */
export function endDelegation(state: DelegationState | undefined, reason: string): readonly Fact[] {
  if (state === undefined) throw new Problem('not-found')
  refuseIdentifier(reason, '/reason')
  if (state.state === 'ended') throw new Problem('state-conflict', { detail: over })
  return [{ type: 'delegation-ended', aggregate: delegationAggregate(state.id), reason }]
}

/** What the API tells of a delegation; `expired` is what no fact says. */
export const delegationView = (
  { id, principal, delegate, roles, contracts, until, proposer, state }: DelegationState,
  at: Date,
) => ({
  id,
  principal,
  delegate,
  roles,
  contracts,
  until,
  proposer,
  state: state !== 'ended' && at.getTime() >= Date.parse(until) ? 'expired' : state,
})

const invalid = (pointer: string, detail: Text): Problem => new Problem('body-invalid', { pointer, detail })
const itself: Text = { es: 'Nadie se delega a sí mismo', en: 'Nobody delegates to itself' }
const past: Text = { es: 'Ya pasó', en: 'It has passed already' }
const noContract: Text = { es: 'No existe ese contrato', en: 'There is no such contract' }
const over: Text = { es: 'La delegación terminó', en: 'The delegation is over' }
