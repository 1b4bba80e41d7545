import { formatDecimal, fromTwosComplement } from './decimal.ts'
import { schemaFault } from './reasons.ts'
import type { Field, RecordShape, ScalarKind, Shape } from './shape.ts'
import { formatDate, formatMicros, formatMillis, formatTime } from './time.ts'

type Fallback = NonNullable<Field['fallback']>

/**
 * The plain JSON of a default that is written as Avro writes it: bytes and fixed as text of code points 0–255, logical types
 * as their number. What is of the wrong type is passed on for the encoder to refuse.
 */
export function plainDefault(shape: Shape, fallback: Fallback): unknown {
  const { value, pointer } = fallback
  const deeper = (of: Shape, part: unknown): unknown => plainDefault(of, { value: part, pointer })
  switch (shape.kind) {
    case 'nullable':
      return nullableDefault(shape.nullAt === 0, fallback, () => deeper(shape.of, value))
    case 'fixed':
      return base64Default(fallback)
    case 'decimal': {
      const bytes = latin1(value)
      return bytes === undefined ? fail(pointer) : formatDecimal(fromTwosComplement(bytes), shape)
    }
    case 'scalar':
      return (scalarDefaults.get(shape.scalar) ?? unchanged)(fallback)
    case 'enum':
      return value
    case 'array':
      return Array.isArray(value) ? value.map((item: unknown) => deeper(shape.items, item)) : fail(pointer)
    case 'map':
      return mapped(fallback, (_key, member) => deeper(shape.values, member))
    case 'record':
      return recordDefault(shape, fallback)
  }
}

const unchanged = ({ value }: Fallback): unknown => value

const base64Default = ({ value, pointer }: Fallback): string => latin1(value)?.toString('base64') ?? fail(pointer)

const numbered =
  (format: (value: number) => string | undefined) =>
  ({ value, pointer }: Fallback): string =>
    (typeof value === 'number' && Number.isSafeInteger(value) ? format(value) : undefined) ?? fail(pointer)

const scalarDefaults: ReadonlyMap<ScalarKind, (fallback: Fallback) => unknown> = new Map([
  ['bytes', base64Default],
  ['date', numbered(formatDate)],
  ['time-millis', numbered(formatTime)],
  ['timestamp-millis', numbered(formatMillis)],
  ['timestamp-micros', numbered((micros) => formatMicros(BigInt(micros)))],
])

/** Avro wants the default of a union to be of its first branch. */
function nullableDefault(nullFirst: boolean, { value, pointer }: Fallback, other: () => unknown): unknown {
  if ((value === null) !== nullFirst) return fail(pointer)
  return value === null ? null : other()
}

function recordDefault(shape: RecordShape, fallback: Fallback): unknown {
  const shapes = new Map(shape.fields.map((field) => [field.name, field.shape]))
  return mapped(fallback, (key, member) => {
    const of = shapes.get(key)
    return of === undefined ? member : plainDefault(of, { value: member, pointer: fallback.pointer })
  })
}

function mapped({ value, pointer }: Fallback, each: (key: string, member: unknown) => unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail(pointer)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, each(key, member)]))
}

function latin1(value: unknown): Buffer | undefined {
  if (typeof value !== 'string') return undefined
  const bytes = Buffer.from(value, 'latin1')
  return bytes.toString('latin1') === value ? bytes : undefined
}

function fail(pointer: string): never {
  throw schemaFault(pointer, 'default-invalid')
}
