import {
  bus,
  type Compatibility,
  type ContractState,
  type ContractVersionState,
  type Fact,
  type FactOf,
} from '@unavez/policy'
import { Problem } from '@unavez/protocol'

import { conflict, contractAggregate, type SchemaRules } from './contract.ts'

/**
 * The draft of the next version, in place of the draft that there may be; nothing if the newest published version, or the draft,
 * is that schema already. Refuses 'not-found', 'contract-retired', 'schema-invalid', 'schema-incompatible'.
 */
export function draftVersion(state: ContractState | undefined, schema: object, rules: SchemaRules): readonly Fact[] {
  const contract = standing(state)
  rules.requireValid(contract.type, schema)
  if (versionWith(contract, schema, rules) !== undefined) return []
  requireCompatible(contract, schema, rules)
  return [draftFact(contract, schema)]
}

/** Publishes the draft. Refuses 'not-found', 'schema-incompatible', and 'state-conflict' when no draft is left. */
export function publishContract(state: ContractState | undefined, rules: SchemaRules): readonly Fact[] {
  const contract = standing(state)
  const draft = draftIn(contract)
  if (draft === undefined) {
    throw conflict('El contrato ya está publicado', 'The contract is published already')
  }
  requireCompatible(contract, draft.schema, rules)
  return [publishedFact(contract, draft, rules)]
}

/** Draft and publication in one, as registry clients do it; nothing if a published version is that schema already. */
export function registerVersion(state: ContractState | undefined, schema: object, rules: SchemaRules): readonly Fact[] {
  const contract = standing(state)
  rules.requireValid(contract.type, schema)
  const known = versionWith(contract, schema, rules)
  if (known?.state === 'published') return []
  requireCompatible(contract, schema, rules)
  if (known !== undefined) return [publishedFact(contract, known, rules)]
  const draft = draftFact(contract, schema)
  return [draft, publishedFact(contract, draft, rules)]
}

/** Nothing if it stands so already. Refuses 'not-found', 'contract-retired'. */
export function setCompatibility(state: ContractState | undefined, compatibility: Compatibility): readonly Fact[] {
  const { type, compatibility: before } = standing(state)
  if (before === compatibility) return []
  return [{ type: 'contract-compatibility-set', aggregate: contractAggregate(type), compatibility }]
}

/** The version with exactly that schema, attributes and docs included: of several the newest. */
export function versionWith(
  { type, versions }: ContractState,
  schema: object,
  { fingerprintOf }: Pick<SchemaRules, 'fingerprintOf'>,
): ContractVersionState | undefined {
  const wanted = fingerprintOf(type, schema)
  return versions.findLast((each) => fingerprintOf(type, each.schema) === wanted)
}

const draftIn = ({ versions }: ContractState): ContractVersionState | undefined =>
  versions.find((version) => version.state === 'draft')

export const publishedIn = ({ versions }: ContractState): readonly ContractVersionState[] =>
  versions.filter((version) => version.state === 'published')

function standing(state: ContractState | undefined): ContractState {
  if (state === undefined) throw new Problem('not-found')
  if (state.state === 'retired') throw new Problem('contract-retired')
  return state
}

function requireCompatible(contract: ContractState, schema: object, rules: SchemaRules): void {
  const { type, compatibility: mode } = contract
  const earlier = publishedIn(contract).map((version) => version.schema)
  if (earlier.length > 0) rules.requireCompatible({ type, schema, earlier, mode })
}

function draftFact(contract: ContractState, schema: object): FactOf<'contract-drafted'> {
  const { type, kind, domain, owner, retention, description, compatibility, evidence } = contract
  return {
    type: 'contract-drafted',
    aggregate: contractAggregate(type),
    contract: type,
    kind,
    domain,
    owner,
    retention,
    description,
    version: publishedIn(contract).length + 1,
    schema,
    compatibility,
    ...(evidence === undefined ? {} : { evidence }),
  }
}

const publishedFact = (
  { type, owner }: ContractState,
  { version, schema }: Pick<ContractVersionState, 'version' | 'schema'>,
  { fingerprintOf }: SchemaRules,
): FactOf<'contract-published'> => ({
  type: 'contract-published',
  aggregate: contractAggregate(type),
  version,
  numbered: { sequence: owner === bus.id ? 'bus-schema' : 'schema', of: fingerprintOf(type, schema) },
})
