const decimalPattern = /^-?(0|[1-9][0-9]*)(?:\.([0-9]+))?$/

export interface DecimalForm {
  readonly precision: number
  readonly scale: number
}

/** Decimal text → unscaled integer; undefined when it is no decimal, has more digits after the point than the scale, or is out of precision. */
export function parseDecimal(text: string, { precision, scale }: DecimalForm): bigint | undefined {
  if (text.length > precision + 3) return undefined
  const [, whole, fraction = ''] = decimalPattern.exec(text) ?? []
  if (whole === undefined || fraction.length > scale) return undefined
  const magnitude = BigInt(whole + fraction.padEnd(scale, '0'))
  if (magnitude >= 10n ** BigInt(precision)) return undefined
  return text.startsWith('-') ? -magnitude : magnitude
}

/** Unscaled integer → text with exactly `scale` digits after the point. */
export function formatDecimal(unscaled: bigint, { precision, scale }: DecimalForm): string | undefined {
  const negative = unscaled < 0n
  const magnitude = (negative ? -unscaled : unscaled).toString()
  if (magnitude.length > precision) return undefined
  const digits = magnitude.padStart(scale + 1, '0')
  const point = digits.length - scale
  const text = scale === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`
  return negative ? `-${text}` : text
}

/** Two's complement, big endian, as short as can be: what Java's BigInteger.toByteArray gives. */
export function toTwosComplement(value: bigint): Buffer {
  let bytes = 1
  while (BigInt.asIntN(bytes * 8, value) !== value) bytes += 1
  return toFixedTwosComplement(value, bytes)
}

export function toFixedTwosComplement(value: bigint, bytes: number): Buffer {
  const hex = BigInt.asUintN(bytes * 8, value)
    .toString(16)
    .padStart(bytes * 2, '0')
  return Buffer.from(hex, 'hex')
}

export function fromTwosComplement(bytes: Buffer): bigint {
  return bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`))
}
