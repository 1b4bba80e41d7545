import { institutionScheme, MacKey, pairwisePseudonym, rootPseudonym, schemaIdOf } from '@unavez/contracts'
import type { Message } from '@unavez/engine'
import type { AgreementState } from '@unavez/policy'
import type { Surroundings } from '@unavez/service-kit'

import { agreedVersion, openContracts, readAs, type Reading } from './agreed-version.ts'
import { openPairwiseKeys } from './pairwise.ts'
import { compilePseudonyms, type Joined } from './pseudonymous.ts'
import { textOf } from './record-headers.ts'
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
    const written = new Map<number, { text: Telling; dataschema: string }>()
    const { aboutConsumer, consumer } = agreement
    const self = () => rootPseudonym(rootKey, { scheme: institutionScheme, id: consumer })
    const lens: Lens = {
      pseudonym,
      ...(aboutConsumer === true ? { only: self() } : {}),
      project: (wire, record) => {
        const id = schemaIdOf(wire)
        let reader = written.get(id)
        if (reader === undefined) {
          const writer = compiled(id)
          const agreed = agreedVersion(control.policy, agreement)
          const reading = readAs(writer, agreed === undefined ? writer : compiled(agreed), agreement.fields)
          const base = `${settings.publicUrl}/v1/contracts/${agreement.contract}/versions/${reading.by.version}`
          reader = {
            text: tellerOf(reading, agreement, {
              pseudonym: (identifier, joined) => pseudonym(joined(rootPseudonym(rootKey, identifier))),
              joinedNow: (root) => control.policy.firstRoot(root),
            }),
            dataschema: `${base}?fields=${reading.projection.fields.join(',')}`,
          }
          written.set(id, reader)
        }
        return { data: reader.text(wire, record), dataschema: reader.dataschema }
      },
    }
    lenses.set(agreement, lens)
    return lens
  }
}

/** The JSON text of a value. */
type Telling = (wire: Buffer, record: Message | undefined) => string

/** The agreed fields as JSON text; identifiers of those that are agreed as pseudonyms never leave in clear. */
function tellerOf(
  { projection, by }: Reading,
  { pseudonymous = [] }: AgreementState,
  { pseudonym, joinedNow }: { pseudonym: Parameters<typeof compilePseudonyms>[2]; joinedNow: Joined },
): Telling {
  if (pseudonymous.length === 0) return (wire) => projection.text(wire)
  const hide = compilePseudonyms(by.contract.fields, pseudonymous, pseudonym)
  return (wire, record) =>
    JSON.stringify(hide(projection.read(wire), record === undefined ? joinedNow : joinedIn(record)))
}

/** Who was joined to whom when the record was accepted: told again in the same way for ever. */
const joinedIn =
  (record: Message): Joined =>
  (root) => {
    const text = textOf(record, 'joined') ?? ''
    const pair = text === '' ? undefined : text.split(',').find((each) => each.startsWith(`${root}:`))
    return pair === undefined ? root : pair.slice(root.length + 1)
  }
