import { Contract, type Projection } from '@unavez/contracts'
import type { AgreementState, Policy } from '@unavez/policy'
import { Problem } from '@unavez/protocol'

export interface Version {
  readonly contract: Contract
  readonly version: number
}

/** The schema id of the version that was agreed on: what its consumer reads, whatever is published since. */
export function agreedVersion(policy: Policy, { contract, contractVersion }: AgreementState): number | undefined {
  return policy.contract(contract)?.versions.find(({ version }) => version === contractVersion)?.schemaId
}

export interface Reading {
  readonly projection: Projection
  /** Of the contract: the one that the projection gives the fields of. */
  readonly by: Version
}

/**
 * Records of any version by the fields and types of the version agreed on; what their version lacks takes its default. Where
 * the contract lets versions part (it is not held to `full-transitive`), the record's own version with those fields that it has.
 */
export function readAs(writer: Version, agreed: Version, fields: readonly string[]): Reading {
  try {
    return { projection: agreed.contract.projection(fields, writer.contract), by: agreed }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const left = fields.filter((name) => writer.contract.field(name) !== undefined)
    return { projection: writer.contract.projection(left), by: writer }
  }
}

/** Compiled contract versions by schema id; an id never means another schema, so nothing here is ever outdated. */
export function openContracts(policy: Policy): (schemaId: number) => Version {
  const known = new Map<number, Version>()
  return (schemaId) => {
    const kept = known.get(schemaId)
    if (kept !== undefined) return kept
    const found = policy.schemaById(schemaId)
    if (found === undefined) throw new Error(`no contract has the schema id ${schemaId}`)
    const made = { contract: new Contract(found.contract, found.schema), version: found.version }
    known.set(schemaId, made)
    return made
  }
}
