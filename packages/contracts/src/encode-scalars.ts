import type { ByteWriter } from './byte-writer.ts'
import { parseDecimal, toFixedTwosComplement, toTwosComplement } from './decimal.ts'
import type { ReasonCode } from './reasons.ts'
import type { DecimalShape, EnumShape, FixedShape, ScalarKind } from './shape.ts'
import { parseDate, parseMicros, parseMillis, parseTime } from './time.ts'

/** Checks a value of plain JSON and writes it; refuses at the writer's present place. */
export type Encode = (value: unknown, out: ByteWriter) => void

/** An encoder of text that becomes a number, or nothing. */
const textual =
  <Value>(
    parse: (text: string) => Value | undefined,
    reason: ReasonCode,
    write: (value: Value, out: ByteWriter) => void,
  ): Encode =>
  (value, out) => {
    const parsed = typeof value === 'string' ? parse(value) : undefined
    if (parsed === undefined) throw out.fault(reason)
    write(parsed, out)
  }

const encodeInteger = (value: number, out: ByteWriter) => out.integer(value)

const longPattern = /^(?:0|-?[1-9][0-9]{0,18})$/

const encodeLong: Encode = (value, out) => {
  if (typeof value === 'number' && Number.isSafeInteger(value)) {
    out.integer(value)
    return
  }
  const big = typeof value === 'string' && longPattern.test(value) ? BigInt(value) : undefined
  if (big === undefined || BigInt.asIntN(64, big) !== big) throw out.fault('not-a-long')
  out.bigInteger(big)
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The bytes of canonical base64, or undefined: one text per value. */
function fromBase64(text: unknown): Buffer | undefined {
  if (typeof text !== 'string') return undefined
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : undefined
}

export const encodeScalar: Readonly<Record<ScalarKind, Encode>> = {
  null(value, out) {
    if (value !== null) throw out.fault('not-null')
  },
  boolean(value, out) {
    if (typeof value !== 'boolean') throw out.fault('not-a-boolean')
    out.byte(value ? 1 : 0)
  },
  int(value, out) {
    if (typeof value !== 'number' || (value | 0) !== value) throw out.fault('not-an-int')
    out.integer(value)
  },
  long: encodeLong,
  float(value, out) {
    if (typeof value !== 'number' || !Number.isFinite(Math.fround(value))) throw out.fault('not-a-number')
    out.float(value)
  },
  double(value, out) {
    if (typeof value !== 'number' || !Number.isFinite(value)) throw out.fault('not-a-number')
    out.double(value)
  },
  string(value, out) {
    if (typeof value !== 'string') throw out.fault('not-a-string')
    out.string(value)
  },
  bytes: textual(fromBase64, 'not-base64', (bytes, out) => out.bytes(bytes)),
  date: textual(parseDate, 'not-a-date', encodeInteger),
  'time-millis': textual(parseTime, 'not-a-time', encodeInteger),
  'timestamp-millis': textual(parseMillis, 'not-a-timestamp', encodeInteger),
  'timestamp-micros': textual(parseMicros, 'not-a-timestamp', (micros, out) => out.bigInteger(micros)),
  uuid(value, out) {
    if (typeof value !== 'string' || !uuidPattern.test(value)) throw out.fault('not-a-uuid')
    out.string(value.toLowerCase())
  },
}

export function encodeEnum(shape: EnumShape): Encode {
  const places = new Map<unknown, number>(shape.symbols.map((symbol, place) => [symbol, place]))
  return (value, out) => {
    const place = places.get(value)
    if (place === undefined) throw out.fault('not-a-symbol')
    out.integer(place)
  }
}

export const encodeFixed =
  ({ size }: FixedShape): Encode =>
  (value, out) => {
    const bytes = fromBase64(value)
    if (bytes === undefined) throw out.fault('not-base64')
    if (bytes.length !== size) throw out.fault('wrong-size')
    out.raw(bytes)
  }

export const encodeDecimal = (shape: DecimalShape): Encode =>
  textual(
    (text) => parseDecimal(text, shape),
    'not-a-decimal',
    (unscaled, out) => {
      if (shape.size === undefined) out.bytes(toTwosComplement(unscaled))
      else out.raw(toFixedTwosComplement(unscaled, shape.size))
    },
  )
