import { Contract, sampleData } from '@unavez/contracts'
import type { ContractState, ContractVersionState, InstitutionState } from '@unavez/policy'

/** A field as the catalogue tells it: what an agreement can list, and how it is classified. */
export interface FieldView {
  readonly name: string
  readonly type: unknown
  readonly classification?: string
  readonly identifies?: string
  readonly scheme?: string
  readonly role?: string
  readonly doc?: unknown
}

const told = ['classification', 'identifies', 'scheme', 'role', 'doc', 'concept'] as const

/** The schema's top-level fields. The schema was validated when the contract was drafted. */
export function fieldViews(schema: object): readonly FieldView[] {
  const fields = 'fields' in schema && Array.isArray(schema.fields) ? (schema.fields as readonly unknown[]) : []
  return fields.flatMap((field) => {
    const members = new Map<string, unknown>(Object.entries(field ?? {}))
    const name = members.get('name')
    if (typeof name !== 'string') return []
    const attributes = told.filter((key) => members.has(key)).map((key) => [key, members.get(key)])
    return [{ name, type: members.get('type'), ...Object.fromEntries(attributes) }]
  })
}

/** The version that readers should take: the newest published one, else the newest draft. */
export const currentVersion = (contract: ContractState): ContractVersionState | undefined =>
  contract.versions.findLast(({ state }) => state === 'published') ?? contract.versions.at(-1)

export const versionSummary = ({ version, state, schemaId }: ContractVersionState) => ({
  version,
  state,
  ...(schemaId === undefined ? {} : { schemaId }),
})

export const versionView = (contract: ContractState, version: ContractVersionState) => ({
  type: contract.type,
  ...versionSummary(version),
  schema: version.schema,
})

export function contractSummary(contract: ContractState) {
  const { type, kind, domain, owner, state, retention, description, compatibility, deprecation, evidence } = contract
  const current = currentVersion(contract)
  return {
    type,
    kind,
    domain,
    owner,
    state,
    version: current?.version,
    ...(current?.schemaId === undefined ? {} : { schemaId: current.schemaId }),
    retention,
    description,
    compatibility,
    ...(deprecation === undefined ? {} : { deprecatedAt: deprecation.since, sunset: deprecation.sunset }),
    ...evidence,
  }
}

export function contractView(contract: ContractState, owner: InstitutionState | undefined) {
  const current = currentVersion(contract)
  return {
    ...contractSummary(contract),
    fields: fieldViews(current?.schema ?? {}),
    sample: current === undefined ? {} : sampleData(new Contract(contract.type, current.schema)),
    ...(owner === undefined ? {} : { ownerName: owner.name }),
    contacts: owner?.contacts ?? [],
    versions: contract.versions.map(versionSummary),
  }
}
