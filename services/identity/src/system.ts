import { refuseIdentifier } from '@unavez/contracts'
import type { Fact, InstitutionState, PublicKey, SystemRole, SystemState } from '@unavez/policy'
import { Problem } from '@unavez/protocol'

export interface RegisterSystem {
  readonly id: string
  readonly name: string
  readonly roles: readonly SystemRole[]
  readonly keys: readonly PublicKey[]
}

export interface SystemNow {
  readonly institution: InstitutionState | undefined
  readonly system: SystemState | undefined
}

export const clientIdOf = (institution: string, system: string): string => `${institution}.${system}`
export const institutionAggregate = (institution: string): string => `institution:${institution}`
export const systemAggregate = (institution: string, system: string): string =>
  `system:${clientIdOf(institution, system)}`

/** A system is active at once. Throws 'not-found' without its institution, 'system-exists', 'identifier-in-clear'. */
export function registerSystem({ institution, system }: SystemNow, command: RegisterSystem): readonly Fact[] {
  if (institution === undefined) throw new Problem('not-found')
  if (system !== undefined) throw new Problem('system-exists', { pointer: '/id' })
  const { id, name, roles, keys } = command
  refuseIdentifier(id, '/id')
  refuseIdentifier(name, '/name')
  const aggregate = systemAggregate(institution.id, id)
  return [
    { type: 'system-registered', aggregate, institution: institution.id, id, name, roles: [...new Set(roles)], keys },
  ]
}

/** Suspending what is suspended, or resuming what is active, is 'state-conflict'. */
export function changeSystem(
  state: SystemState | undefined,
  change: 'suspend' | 'resume',
  { aggregate, reason }: { readonly aggregate: string; readonly reason: string },
): readonly Fact[] {
  if (state === undefined) throw new Problem('not-found')
  refuseIdentifier(reason, '/reason')
  if (state.state !== (change === 'suspend' ? 'active' : 'suspended')) throw new Problem('state-conflict')
  return [{ type: change === 'suspend' ? 'system-suspended' : 'system-resumed', aggregate, reason }]
}
