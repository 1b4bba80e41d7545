import { Contract, MacKey, pairwisePseudonym, type Projection, schemaIdOf } from '@unavez/contracts'
import type { AgreementState, Policy } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import type { Surroundings } from '@unavez/service-kit'

import { openPairwiseKeys } from './pairwise.ts'
import type { Lens } from './shown.ts'

/** What turns records into one consumer's bytes: compiled once per version of an agreement. */
export function openLenses({
  control,
  engine,
  keys,
  settings,
}: Surroundings): (agreement: AgreementState) => Promise<Lens> {
  const keyOf = openPairwiseKeys(engine.registers, keys.of('registers'))
  const compiled = openContracts(control.policy)
  const lenses = new WeakMap<AgreementState, Lens>()
  return async (agreement) => {
    const kept = lenses.get(agreement)
    if (kept !== undefined) return kept
    const key = new MacKey(await keyOf(agreement.consumer))
    const written = new Map<number, { text: (wire: Buffer) => string; dataschema: string }>()
    const lens: Lens = {
      pseudonym: (root) => pairwisePseudonym(key, root),
      project: (wire) => {
        const id = schemaIdOf(wire)
        let reader = written.get(id)
        if (reader === undefined) {
          const writer = compiled(id)
          const agreed = agreedVersion(control.policy, agreement)
          const { projection, version } = readAs(writer, agreed === undefined ? writer : compiled(agreed), agreement)
          const base = `${settings.publicUrl}/v1/contracts/${agreement.contract}/versions/${version}`
          reader = {
            text: (bytes) => projection.text(bytes),
            dataschema: `${base}?fields=${projection.fields.join(',')}`,
          }
          written.set(id, reader)
        }
        return { data: reader.text(wire), dataschema: reader.dataschema }
      },
    }
    lenses.set(agreement, lens)
    return lens
  }
}

interface Version {
  readonly contract: Contract
  readonly version: number
}

/** The schema id of the version that was agreed on: what its consumer reads, whatever is published since. */
function agreedVersion(policy: Policy, { contract, contractVersion }: AgreementState): number | undefined {
  return policy.contract(contract)?.versions.find(({ version }) => version === contractVersion)?.schemaId
}

/**
 * Records of any version by the fields and types of the version agreed on; what their version lacks takes its default. Where
 * the contract lets versions part (it is not held to `full-transitive`), the record's own version with those fields that it has.
 */
function readAs(
  writer: Version,
  agreed: Version,
  { fields }: AgreementState,
): { readonly projection: Projection; readonly version: number } {
  try {
    return { projection: agreed.contract.projection(fields, writer.contract), version: agreed.version }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const left = fields.filter((name) => writer.contract.field(name) !== undefined)
    return { projection: writer.contract.projection(left), version: writer.version }
  }
}

/** Compiled contract versions by schema id; an id never means another schema, so nothing here is ever outdated. */
function openContracts(policy: Policy): (schemaId: number) => Version {
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
