import type { Text } from '@unavez/protocol'

import { compareShapes, type Difference, type Direction } from './compare.ts'
import type { Contract } from './contract.ts'
import { type IncompatibilityCode, incompatibilityTexts } from './incompatibility-texts.ts'

/** As the Confluent registry names them. Without `_TRANSITIVE` only the newest earlier version counts. */
export const compatibilityModes = [
  'NONE',
  'BACKWARD',
  'BACKWARD_TRANSITIVE',
  'FORWARD',
  'FORWARD_TRANSITIVE',
  'FULL',
  'FULL_TRANSITIVE',
] as const
export type CompatibilityMode = (typeof compatibilityModes)[number]

export interface Incompatibility {
  readonly code: IncompatibilityCode
  /** Where in the new schema; for what is gone, the list that it is gone from. A type that is used by its name is entered at its use. */
  readonly pointer: string
  /** Names of the fields that lead there, joined by dots. */
  readonly field: string
  readonly text: Text
  /** The earlier version that it breaks with: its place in the list. */
  readonly against: number
}

const directions: Readonly<Record<CompatibilityMode, readonly Direction[]>> = {
  NONE: ['any'],
  BACKWARD: ['any', 'backward'],
  BACKWARD_TRANSITIVE: ['any', 'backward'],
  FORWARD: ['any', 'forward'],
  FORWARD_TRANSITIVE: ['any', 'forward'],
  FULL: ['any', 'backward', 'forward'],
  FULL_TRANSITIVE: ['any', 'backward', 'forward'],
}

/**
 * Why `next` may not follow `previous` (oldest first); empty when it may. Backward: `next` reads what they wrote; forward: they read what
 * `next` writes, both as projections do. Whatever the mode, and against every earlier version: the key stays the key, fields identify
 * what they identified, and no classification weakens, since agreements rest on those.
 */
export function incompatibilities(
  previous: readonly Contract[],
  next: Contract,
  mode: CompatibilityMode,
): readonly Incompatibility[] {
  const asked = directions[mode]
  const newest = previous.length - 1
  const isTransitive = mode.endsWith('_TRANSITIVE')
  const found = previous.flatMap((before, against) =>
    compareShapes(before.record, next.record, '/schema')
      .filter(({ direction }) => asked.includes(direction))
      .filter(({ direction }) => direction === 'any' || isTransitive || against === newest)
      .map((difference) => told(difference, against)),
  )
  return newestOfEach(found)
}

const told = ({ code, pointer, field }: Difference, against: number): Incompatibility => ({
  code,
  pointer,
  field,
  text: incompatibilityTexts[code],
  against,
})

function newestOfEach(found: readonly Incompatibility[]): readonly Incompatibility[] {
  const byPlace = new Map(found.map((one) => [`${one.code} ${one.pointer} ${one.field}`, one]))
  return [...byPlace.values()]
}
