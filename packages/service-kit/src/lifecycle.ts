import type { ContractState } from '@unavez/policy'

/** RFC 9745 and RFC 8594: since when it is deprecated, and from when on it may be gone. Empty for what is not. */
export function lifecycleHeaders(contract: ContractState | undefined): Readonly<Record<string, string>> {
  if (contract?.deprecation === undefined) return {}
  const { since, sunset } = contract.deprecation
  return {
    deprecation: `@${Math.floor(Date.parse(since) / 1000)}`,
    sunset: new Date(sunset).toUTCString(),
  }
}
