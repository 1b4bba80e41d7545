import { ByteWriter } from './byte-writer.ts'
import { encodeDecimal, encodeEnum, encodeFixed, encodeScalar } from './encode-scalars.ts'
import { plainDefault } from './fallback.ts'
import type { CanonicalIdentifier } from './identifier-scheme.ts'
import { canonicalIdentifier } from './identifiers.ts'
import { schemaFault } from './reasons.ts'
import type { ArrayShape, Field, Identifying, MapShape, NullableShape, RecordShape, Shape } from './shape.ts'

/** A subject that a record names. */
export interface NamedSubject extends CanonicalIdentifier {
  readonly role: 'key' | 'party'
  readonly identifies: string
}

/** A writer that also notes the subjects it meets. */
export class RecordWriter extends ByteWriter {
  subjects: NamedSubject[] = []
}

export type EncodeRecord = (value: unknown, out: RecordWriter) => void

/** Closures made once per schema. They check plain JSON and write Avro in one pass. */
export function compileEncoder(shape: Shape): EncodeRecord {
  switch (shape.kind) {
    case 'record':
      return encodeRecord(shape)
    case 'nullable':
      return encodeNullable(shape, compileEncoder(shape.of))
    case 'array':
      return encodeArray(shape)
    case 'map':
      return encodeMap(shape)
    case 'enum':
      return encodeEnum(shape)
    case 'fixed':
      return encodeFixed(shape)
    case 'decimal':
      return encodeDecimal(shape)
    case 'scalar':
      return encodeScalar[shape.scalar]
  }
}

export const isPlainObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function encodeRecord(shape: RecordShape): EncodeRecord {
  const names = new Set(shape.fields.map((field) => field.name))
  const fields = shape.fields.map((field) => ({
    name: field.name,
    encode: compileField(field),
    absent: absentBytes(field),
  }))
  return (value, out) => {
    if (!isPlainObject(value)) throw out.fault('not-an-object')
    const { depth } = out
    let given = 0
    for (const { name, encode, absent } of fields) {
      out.step(depth, name)
      const member = value[name]
      if (member !== undefined) {
        given += 1
        encode(member, out)
      } else if (absent === undefined) {
        throw out.fault('field-missing')
      } else {
        out.raw(absent)
      }
    }
    const keys = Object.keys(value)
    if (keys.length !== given) refuseUnknown(keys, names, { out, depth })
    out.depth = depth
  }
}

function refuseUnknown(keys: readonly string[], names: ReadonlySet<string>, at: { out: ByteWriter; depth: number }) {
  const unknown = keys.find((key) => !names.has(key))
  if (unknown === undefined) return
  at.out.step(at.depth, unknown)
  throw at.out.fault('field-unknown')
}

function compileField(field: Field): EncodeRecord {
  const { identifying, shape } = field
  if (identifying === undefined) return compileEncoder(shape)
  const encode = encodeIdentifier(identifying)
  return shape.kind === 'nullable' ? encodeNullable(shape, encode) : encode
}

/** Identifiers are written in canonical form: consumers join on them, and two spellings are one fact. */
function encodeIdentifier({ scheme, role, identifies }: Identifying): EncodeRecord {
  return (value, out) => {
    if (typeof value !== 'string') throw out.fault('not-a-string')
    const canonical = canonicalIdentifier(scheme, value)
    if (canonical === undefined) throw out.fault('identifier-of-scheme', 'identifier-invalid')
    out.subjects.push({ ...canonical, role, identifies })
    out.string(canonical.id)
  }
}

/** What is written for an absent field: its default, or null where that is possible. */
function absentBytes(field: Field): Buffer | undefined {
  const { fallback, shape } = field
  if (fallback === undefined && shape.kind !== 'nullable') return undefined
  const out = new RecordWriter()
  const value = fallback === undefined ? null : plainDefault(shape, fallback)
  const invalid = schemaFault(fallback?.pointer ?? '', 'default-invalid')
  try {
    compileEncoder(shape)(value, out)
  } catch {
    throw invalid
  }
  // A default that names a subject would name the same one in every record.
  if (out.subjects.length > 0) throw invalid
  return out.take(0)
}

function encodeNullable(shape: NullableShape, encode: EncodeRecord): EncodeRecord {
  const { nullAt } = shape
  return (value, out) => {
    if (value === null) {
      out.byte(nullAt * 2)
    } else {
      out.byte((1 - nullAt) * 2)
      encode(value, out)
    }
  }
}

function encodeArray(shape: ArrayShape): EncodeRecord {
  const encode = compileEncoder(shape.items)
  return (value, out) => {
    if (!Array.isArray(value)) throw out.fault('not-an-array')
    const items: readonly unknown[] = value
    const { depth } = out
    if (items.length > 0) out.integer(items.length)
    for (let i = 0; i < items.length; i += 1) {
      out.step(depth, i)
      encode(items[i], out)
    }
    out.depth = depth
    out.byte(0)
  }
}

const isMapKey = (key: string) => key.length > 0 && key !== 'prototype' && !(key in Object.prototype)

function encodeMap(shape: MapShape): EncodeRecord {
  const encode = compileEncoder(shape.values)
  return (value, out) => {
    if (!isPlainObject(value)) throw out.fault('not-an-object')
    const { depth } = out
    const entries = Object.entries(value)
    if (entries.length > 0) out.integer(entries.length)
    for (const [key, member] of entries) {
      out.step(depth, key)
      if (!isMapKey(key)) throw out.fault('key-forbidden')
      out.string(key)
      encode(member, out)
    }
    out.depth = depth
    out.byte(0)
  }
}
