/** Where an event stands in its domain's topic. */
export interface EventPosition {
  readonly partition: number
  readonly offset: number
}

const partitionDigits = 2
const offsetDigits = 11
const form = /^[0-9a-v]{13}$/

/**
 * base32hex (RFC 4648 §7, lower case) of partition (2 digits) and offset (11 digits, up to 2^53 - 1): of fixed width, so that
 * positions of one partition compare as text. Opaque to others.
 */
export const encodePosition = (partition: number, offset: number): string =>
  partition.toString(32).padStart(partitionDigits, '0') + offset.toString(32).padStart(offsetDigits, '0')

/** Undefined when the text is no position. */
export function decodePosition(text: string): EventPosition | undefined {
  if (!form.test(text)) return undefined
  const offset = Number.parseInt(text.slice(partitionDigits), 32)
  if (!Number.isSafeInteger(offset)) return undefined
  return { partition: Number.parseInt(text.slice(0, partitionDigits), 32), offset }
}
