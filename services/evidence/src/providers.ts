import type { ContractState } from '@unavez/policy'
import { Problem } from '@unavez/protocol'

/**
 * Who holds evidence of this type for these parameters: the contract's owner, or the one provider whose rule fits. Refuses
 * 'provider-ambiguous' with the candidates when several fit, and when none does.
 */
export function providerFor(contract: ContractState, parameters: Readonly<Record<string, unknown>>): string {
  const providers = contract.evidence?.providers ?? []
  if (providers.length === 0) return contract.owner
  const fits = ({ when = {} }: (typeof providers)[number]): boolean =>
    Object.entries(when).every(([name, value]) => parameters[name] === value)
  const fitting = providers.filter(fits)
  const [only, ...others] = fitting
  if (only !== undefined && others.length === 0) return only.institution
  const candidates = fitting.length === 0 ? providers : fitting
  throw new Problem('provider-ambiguous', {
    pointer: '/parameters',
    users: candidates.map(({ institution }) => ({ institution })),
  })
}
