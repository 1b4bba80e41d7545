import type { FactOf, Numbered } from '../facts.ts'
import type { ContractState, ContractVersionState } from '../state.ts'

type ContractFact = FactOf<
  'contract-drafted' | 'contract-published' | 'contract-compatibility-set' | 'contract-deprecated' | 'contract-retired'
>

/** The state after a fact, with the number that the fold gave it; undefined if it makes no sense after what came before. */
export function evolveContract(
  state: ContractState | undefined,
  fact: ContractFact,
  number: number | undefined,
): ContractState | undefined {
  if (fact.type === 'contract-drafted') return drafted(state, fact)
  if (state === undefined || state.state === 'retired') return undefined
  switch (fact.type) {
    case 'contract-published':
      return published(state, fact.version, number && idOf(fact.numbered, number))
    case 'contract-compatibility-set':
      return { ...state, compatibility: fact.compatibility }
    case 'contract-deprecated':
      return deprecated(state, fact)
    case 'contract-retired':
      return state.state === 'draft' ? undefined : { ...state, state: 'retired' }
  }
}

/** Half of what Confluent's ids can hold is left to institutions. */
const busSchemaIds = 2 ** 30

const idOf = ({ sequence }: Numbered, number: number): number =>
  sequence === 'bus-schema' ? busSchemaIds + number : number

function published(state: ContractState, version: number, schemaId: number | undefined): ContractState | undefined {
  const draft = state.versions.find((each) => each.version === version)
  if (draft?.state !== 'draft' || schemaId === undefined) return undefined
  const made: ContractVersionState = { ...draft, state: 'published', schemaId }
  return {
    ...state,
    state: state.state === 'draft' ? 'published' : state.state,
    versions: state.versions.map((each) => (each === draft ? made : each)),
  }
}

/** Whoever was told a sunset can count on it: it only moves later. */
function deprecated(state: ContractState, fact: FactOf<'contract-deprecated'>): ContractState | undefined {
  const { since, sunset } = fact
  const { deprecation } = state
  if (state.state === 'draft') return undefined
  if (deprecation !== undefined && Date.parse(sunset) < Date.parse(deprecation.sunset)) return undefined
  return { ...state, state: 'deprecated', deprecation: { since: deprecation?.since ?? since, sunset } }
}

/** A draft may be replaced until it is published; versions have no gaps. */
function drafted(state: ContractState | undefined, fact: FactOf<'contract-drafted'>): ContractState | undefined {
  const { contract: type, kind, domain, owner, retention, description, version, schema, evidence } = fact
  const earlier = (state?.versions ?? []).filter((each) => each.version !== version)
  const replaced = state?.versions.find((each) => each.version === version)
  const fits =
    fact.aggregate === `contract:${type}` &&
    version === earlier.length + 1 &&
    earlier.every((each) => each.state === 'published') &&
    replaced?.state !== 'published' &&
    (state === undefined ||
      (state.state !== 'retired' && state.owner === owner && state.domain === domain && state.kind === kind))
  if (!fits) return undefined
  return {
    type,
    kind,
    domain,
    owner,
    retention,
    description,
    state: state?.state ?? 'draft',
    versions: [...earlier, { version, state: 'draft', schema }],
    compatibility: fact.compatibility ?? state?.compatibility ?? 'full-transitive',
    ...(evidence === undefined ? {} : { evidence }),
    ...(state?.deprecation === undefined ? {} : { deprecation: state.deprecation }),
  }
}
