import type { ContractState, Policy } from '@unavez/policy'
import { lifecycleHeaders, type Reply } from '@unavez/service-kit'

import { isJsonObject } from './envelope.ts'

const none = {}

/** What publishers are told of the contract, among those of the items, that will be gone first; nothing if none is deprecated. */
export function deprecationOf(policy: Policy, items: readonly unknown[]): Pick<Reply, 'headers'> {
  let first: ContractState | undefined
  for (const item of items) {
    const type = isJsonObject(item) ? item['type'] : undefined
    const contract = typeof type === 'string' ? policy.contract(type) : undefined
    if (contract?.deprecation !== undefined && sunsetOf(contract) < sunsetOf(first)) first = contract
  }
  return first === undefined ? none : { headers: lifecycleHeaders(first) }
}

const sunsetOf = (contract: ContractState | undefined): number =>
  contract?.deprecation === undefined ? Infinity : Date.parse(contract.deprecation.sunset)
