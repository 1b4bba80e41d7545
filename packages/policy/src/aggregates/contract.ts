import type { FactOf } from '../facts.ts'
import type { ContractState, ContractVersionState } from '../state.ts'

type ContractFact = FactOf<'contract-drafted' | 'contract-published'>

/** The state after a fact, with the number that the fold gave it; undefined if it makes no sense after what came before. */
export function evolveContract(
  state: ContractState | undefined,
  fact: ContractFact,
  number: number | undefined,
): ContractState | undefined {
  switch (fact.type) {
    case 'contract-drafted':
      return drafted(state, fact)
    case 'contract-published': {
      const draft = state?.versions.find(({ version }) => version === fact.version)
      if (state === undefined || draft?.state !== 'draft' || number === undefined) return undefined
      const published: ContractVersionState = { ...draft, state: 'published', schemaId: number }
      return {
        ...state,
        state: 'published',
        versions: state.versions.map((version) => (version === draft ? published : version)),
      }
    }
  }
}

/** A draft may be replaced until it is published; versions have no gaps. */
function drafted(state: ContractState | undefined, fact: FactOf<'contract-drafted'>): ContractState | undefined {
  const { contract: type, kind, domain, owner, retention, description, version, schema } = fact
  const earlier = (state?.versions ?? []).filter((each) => each.version !== version)
  const replaced = state?.versions.find((each) => each.version === version)
  const fits =
    fact.aggregate === `contract:${type}` &&
    version === earlier.length + 1 &&
    replaced?.state !== 'published' &&
    (state === undefined || (state.owner === owner && state.domain === domain && state.kind === kind))
  if (!fits) return undefined
  const versions = [...earlier, { version, state: 'draft', schema } as const]
  return { type, kind, domain, owner, retention, description, state: state?.state ?? 'draft', versions }
}
