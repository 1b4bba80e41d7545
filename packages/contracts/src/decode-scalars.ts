import type { ByteReader } from './byte-reader.ts'
import { formatDecimal, fromTwosComplement } from './decimal.ts'
import { contractLimits } from './limits.ts'
import type { DecimalShape, EnumShape, ScalarKind } from './shape.ts'
import { formatDate, formatMicros, formatMillis, formatTime } from './time.ts'

/** Reads one value of its writer's schema as plain JSON. */
export type Decode = (from: ByteReader) => unknown
export type Skip = (from: ByteReader) => undefined

const text =
  <Value>(read: (from: ByteReader) => Value, format: (value: Value) => string | undefined): Decode =>
  (from) => {
    const formatted = format(read(from))
    if (formatted === undefined) throw from.fault()
    return formatted
  }

const finite = (value: number, from: ByteReader) => {
  if (!Number.isFinite(value)) throw from.fault()
  return value
}

/** A number while it is safe, a string beyond 2^53. */
const decodeLong: Decode = (from) => {
  const value = from.long()
  return typeof value === 'number' || (value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER)
    ? Number(value)
    : value.toString()
}

const decodeString: Decode = (from) => from.string()

export const decodeScalar: Readonly<Record<ScalarKind, Decode>> = {
  null: () => null,
  boolean(from) {
    const byte = from.byte()
    if (byte > 1) throw from.fault()
    return byte === 1
  },
  int: (from) => from.int(),
  long: decodeLong,
  float: (from) => finite(from.float(), from),
  double: (from) => finite(from.double(), from),
  bytes: (from) => from.bytes(from.length()).toString('base64'),
  string: decodeString,
  uuid: decodeString,
  date: text((from) => from.int(), formatDate),
  'time-millis': text((from) => from.int(), formatTime),
  'timestamp-millis': text((from) => Number(from.long()), formatMillis),
  'timestamp-micros': text((from) => BigInt(from.long()), formatMicros),
}

export function decodeDecimal(shape: DecimalShape): Decode {
  const { size } = shape
  return text(
    (from) => fromTwosComplement(from.bytes(size ?? decimalLength(from))),
    (unscaled) => formatDecimal(unscaled, shape),
  )
}

/** Turning a long number into digits costs more than reading it did; none of a valid precision is that long. */
function decimalLength(from: ByteReader): number {
  const length = from.length()
  if (length > contractLimits.decimalBytes) throw from.fault()
  return length
}

/** `symbols` by the writer's place, as the reader knows them. */
export const decodeEnum =
  (symbols: readonly (string | undefined)[]): Decode =>
  (from) => {
    const symbol = symbols[from.int()]
    if (symbol === undefined) throw from.fault()
    return symbol
  }

export const skipVarint: Skip = (from) => from.skipVarint()
const skipLengthed: Skip = (from) => from.skip(from.length())

export const skipScalar: Readonly<Record<ScalarKind, Skip>> = {
  null: () => undefined,
  boolean: (from) => from.skip(1),
  int: skipVarint,
  long: skipVarint,
  float: (from) => from.skip(4),
  double: (from) => from.skip(8),
  bytes: skipLengthed,
  string: skipLengthed,
  uuid: skipLengthed,
  date: skipVarint,
  'time-millis': skipVarint,
  'timestamp-millis': skipVarint,
  'timestamp-micros': skipVarint,
}

/** The symbol list of a writer as a reader takes it: its own symbols, its fallback for others, undefined where it has none. */
export const readableSymbols = (writer: EnumShape, reader: EnumShape): readonly (string | undefined)[] =>
  writer.symbols.map((symbol) => (reader.symbols.includes(symbol) ? symbol : reader.fallback))
