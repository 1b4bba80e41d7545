import { type CompatibilityMode, Contract, incompatibilities, type Incompatibility } from '@unavez/contracts'
import type { Compatibility } from '@unavez/policy'
import { Problem } from '@unavez/protocol'

/** A schema that is to follow others. */
export interface Following {
  readonly type: string
  readonly schema: object
  /** Published ones, oldest first. */
  readonly earlier: readonly object[]
  readonly mode: Compatibility
}

/** Modes as the Confluent registry names them. */
export const levels = {
  backward: 'BACKWARD',
  'backward-transitive': 'BACKWARD_TRANSITIVE',
  forward: 'FORWARD',
  'forward-transitive': 'FORWARD_TRANSITIVE',
  full: 'FULL',
  'full-transitive': 'FULL_TRANSITIVE',
} as const satisfies Record<Compatibility, CompatibilityMode>

/** Why it may not follow them; empty if it may. Both have to be valid. */
export const whyIncompatible = ({ type, schema, earlier, mode }: Following): readonly Incompatibility[] =>
  incompatibilities(
    earlier.map((each) => new Contract(type, each)),
    new Contract(type, schema),
    levels[mode],
  )

/** Refuses 'schema-incompatible' at the first field that is at fault. */
export function requireCompatible(following: Following): void {
  const [first] = whyIncompatible(following)
  if (first === undefined) return
  const { pointer, field, text } = first
  throw new Problem('schema-incompatible', {
    pointer,
    detail: { es: `${field}: ${text.es}`, en: `${field}: ${text.en}` },
  })
}
