import { compileFilter, Contract } from '@unavez/contracts'
import type { Policy } from '@unavez/policy'
import { Problem } from '@unavez/protocol'

/** The filter as it is kept; refuses with a pointer what is no filter over the envelope and what is agreed now. */
export function checkFilter(policy: Policy, agreement: string, filter: unknown): object {
  const agreed = policy.agreement(agreement)
  const version = policy
    .contract(agreed?.contract ?? '')
    ?.versions.find((each) => each.version === agreed?.contractVersion)
  if (agreed === undefined || version === undefined) throw new Problem('not-found')
  const fields = new Contract(agreed.contract, version.schema).fields.filter(({ name }) => agreed.fields.includes(name))
  compileFilter(filter, fields)
  return Array.isArray(filter) ? { all: filter } : Object(filter)
}
