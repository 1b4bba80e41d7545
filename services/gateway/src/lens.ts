import { Contract, MacKey, pairwisePseudonym, pseudonymText, schemaIdOf } from '@unavez/contracts'
import type { AgreementState, Policy } from '@unavez/policy'
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
      pseudonym: (root) => pseudonymText(pairwisePseudonym(key, Buffer.from(root, 'base64url'))),
      project: (wire) => {
        const id = schemaIdOf(wire)
        let reader = written.get(id)
        if (reader === undefined) {
          const { contract, version } = compiled(id)
          const projection = contract.projection(agreement.fields)
          const base = `${settings.publicUrl}/v1/contracts/${contract.type}/versions/${version}`
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

/** Compiled contract versions by schema id; an id never means another schema, so nothing here is ever outdated. */
function openContracts(
  policy: Policy,
): (schemaId: number) => { readonly contract: Contract; readonly version: number } {
  const known = new Map<number, { contract: Contract; version: number }>()
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
