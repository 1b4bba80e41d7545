import { institutionScheme, MacKey, pairwisePseudonym, rootPseudonym, schemaIdOf } from '@unavez/contracts'
import type { AgreementState } from '@unavez/policy'
import type { Surroundings } from '@unavez/service-kit'

import { agreedVersion, openContracts, readAs, type Reading } from './agreed-version.ts'
import { openPairwiseKeys } from './pairwise.ts'
import { compilePseudonyms } from './pseudonymous.ts'
import type { Lens } from './shown.ts'

/** What turns records into one consumer's bytes: compiled once per version of an agreement. */
export function openLenses({
  control,
  engine,
  keys,
  settings,
}: Pick<Surroundings, 'control' | 'engine' | 'keys' | 'settings'>): (agreement: AgreementState) => Promise<Lens> {
  const keyOf = openPairwiseKeys(engine.registers, keys.of('registers'))
  const rootKey = new MacKey(keys.of('root-pseudonym'))
  const compiled = openContracts(control.policy)
  const lenses = new WeakMap<AgreementState, Lens>()
  return async (agreement) => {
    const kept = lenses.get(agreement)
    if (kept !== undefined) return kept
    const key = new MacKey(await keyOf(agreement.consumer))
    const pseudonym = (root: string): string => pairwisePseudonym(key, root)
    const written = new Map<number, { text: (wire: Buffer) => string; dataschema: string }>()
    const { aboutConsumer, consumer } = agreement
    const self = () => rootPseudonym(rootKey, { scheme: institutionScheme, id: consumer })
    const lens: Lens = {
      pseudonym,
      ...(aboutConsumer === true ? { only: self() } : {}),
      project: (wire) => {
        const id = schemaIdOf(wire)
        let reader = written.get(id)
        if (reader === undefined) {
          const writer = compiled(id)
          const agreed = agreedVersion(control.policy, agreement)
          const reading = readAs(writer, agreed === undefined ? writer : compiled(agreed), agreement.fields)
          const base = `${settings.publicUrl}/v1/contracts/${agreement.contract}/versions/${reading.by.version}`
          reader = {
            text: textOf(reading, agreement, (identifier) => pseudonym(rootPseudonym(rootKey, identifier))),
            dataschema: `${base}?fields=${reading.projection.fields.join(',')}`,
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

/** The agreed fields as JSON text; identifiers of those that are agreed as pseudonyms never leave in clear. */
function textOf(
  { projection, by }: Reading,
  { pseudonymous = [] }: AgreementState,
  pseudonym: Parameters<typeof compilePseudonyms>[2],
): (wire: Buffer) => string {
  if (pseudonymous.length === 0) return (wire) => projection.text(wire)
  const hide = compilePseudonyms(by.contract.fields, pseudonymous, pseudonym)
  return (wire) => JSON.stringify(hide(projection.read(wire)))
}
