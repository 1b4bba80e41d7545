import type { ContractState, ContractVersionState } from '@unavez/policy'

/** The newest published version, or undefined. */
export const publishedVersion = (contract: ContractState): ContractVersionState | undefined =>
  contract.versions.findLast((version) => version.state === 'published')

/** Names of the schema's top-level fields: what an agreement can list. */
export function fieldNames(schema: object): ReadonlySet<string> {
  if (!('fields' in schema) || !Array.isArray(schema.fields)) return new Set()
  const names = new Set<string>()
  for (const field of schema.fields as readonly unknown[]) {
    if (typeof field !== 'object' || field === null || !('name' in field)) continue
    if (typeof field.name === 'string') names.add(field.name)
  }
  return names
}
