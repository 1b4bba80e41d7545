import type { ByteReader } from './byte-reader.ts'
import {
  type Decode,
  decodeDecimal,
  decodeEnum,
  decodeScalar,
  readableSymbols,
  type Skip,
  skipScalar,
  skipVarint,
} from './decode-scalars.ts'
import { plainDefault } from './fallback.ts'
import { minimumBytes, type Field, type RecordShape, type ScalarKind, type Shape } from './shape.ts'

/** What a reader's type makes of a writer's: Avro's schema resolution, stricter about logical types. Undefined where it can't be read. */
function compileDecoder(writer: Shape, reader: Shape): Decode | undefined {
  if (reader.kind === 'nullable') return decodeIntoNullable(writer, reader.of)
  switch (writer.kind) {
    case 'record':
      return reader.kind === 'record' && sameName(writer, reader) ? decodeRecord(writer, reader) : undefined
    case 'array':
      return reader.kind === 'array' ? decodeArray(writer.items, reader.items) : undefined
    case 'map':
      return reader.kind === 'map' ? decodeMap(writer.values, reader.values) : undefined
    case 'enum': {
      if (reader.kind !== 'enum' || !sameName(writer, reader)) return undefined
      const symbols = readableSymbols(writer, reader)
      return symbols.includes(undefined) ? undefined : decodeEnum(symbols)
    }
    case 'fixed': {
      const { size } = writer
      if (reader.kind !== 'fixed' || reader.size !== size || !sameName(writer, reader)) return undefined
      return (from) => from.bytes(size).toString('base64')
    }
    case 'decimal': {
      if (reader.kind !== 'decimal' || reader.scale !== writer.scale || reader.size !== writer.size) return undefined
      if (lastName(reader.name ?? '') !== lastName(writer.name ?? '')) return undefined
      return reader.precision < writer.precision ? undefined : decodeDecimal(writer)
    }
    case 'nullable':
      return undefined
    case 'scalar':
      return reader.kind === 'scalar' ? decodePromoted(writer.scalar, reader.scalar) : undefined
  }
}

const lastName = (name: string) => name.slice(name.lastIndexOf('.') + 1)
const sameName = (a: { readonly name: string }, b: { readonly name: string }) => lastName(a.name) === lastName(b.name)

function decodeIntoNullable(writer: Shape, reader: Shape): Decode | undefined {
  if (writer.kind === 'scalar' && writer.scalar === 'null') return () => null
  if (writer.kind !== 'nullable') return compileDecoder(writer, reader)
  const { nullAt } = writer
  const decode = compileDecoder(writer.of, reader)
  if (decode === undefined) return undefined
  return (from) => {
    const branch = from.int()
    if (branch === nullAt) return null
    if (branch !== 1 - nullAt) throw from.fault()
    return decode(from)
  }
}

function decodePromoted(writer: ScalarKind, reader: ScalarKind): Decode | undefined {
  const decode = decodeScalar[writer]
  if (writer === reader) return decode
  switch (`${writer}>${reader}`) {
    case 'int>long':
    case 'int>double':
    case 'float>double':
      return decode
    case 'int>float':
    case 'long>float':
      return (from) => Math.fround(Number(decode(from)))
    case 'long>double':
      return (from) => Number(decode(from))
    // Avro also reads bytes as a string. We don't: not all bytes are text, and a promise that some records break is none.
    case 'string>bytes':
      return decodeScalar.bytes
    default:
      return undefined
  }
}

interface Step {
  /** Where the value goes among the reader's fields; -1: nowhere. */
  readonly slot: number
  readonly run: Decode | Skip
}

function decodeRecord(writer: RecordShape, reader: RecordShape): Decode | undefined {
  const plan = planRecord(writer, reader)
  if (plan === undefined) return undefined
  return (from) => readPlan(from, plan)
}

export interface RecordPlan {
  readonly names: readonly string[]
  /** The reader's fields that the writer does not have. */
  readonly defaults: readonly unknown[]
  readonly steps: readonly Step[]
}

/** How to read a writer's record as a reader's: decode what the reader names, jump over the rest, defaults for what is new. */
export function planRecord(writer: RecordShape, reader: RecordShape): RecordPlan | undefined {
  const slots = new Map(reader.fields.map((field, slot) => [field.name, { slot, shape: field.shape }]))
  const steps: Step[] = []
  const written = new Set<string>()
  for (const field of writer.fields) {
    const wanted = slots.get(field.name)
    written.add(field.name)
    if (wanted === undefined) {
      steps.push({ slot: -1, run: compileSkip(field.shape) })
      continue
    }
    const decode = compileDecoder(field.shape, wanted.shape)
    if (decode === undefined) return undefined
    steps.push({ slot: wanted.slot, run: decode })
  }
  const missing = reader.fields.filter((field) => !written.has(field.name))
  if (missing.some((field) => field.fallback === undefined)) return undefined
  const defaults = reader.fields.map((field) => (written.has(field.name) ? undefined : defaultOf(field)))
  return { names: reader.fields.map((field) => field.name), defaults, steps }
}

const defaultOf = ({ shape, fallback }: Field): unknown =>
  fallback === undefined ? undefined : deepFreeze(plainDefault(shape, fallback))

function deepFreeze(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze)
  return value
}

/** The record as plain JSON, its members in the reader's order. */
export function readPlan(from: ByteReader, { names, defaults, steps }: RecordPlan): Record<string, unknown> {
  const values = defaults.slice()
  for (const step of steps) {
    const value = step.run(from)
    if (step.slot !== -1) values[step.slot] = value
  }
  const record: Record<string, unknown> = {}
  for (let i = 0; i < names.length; i += 1) record[names[i] ?? ''] = values[i]
  return record
}

function decodeArray(writer: Shape, reader: Shape): Decode | undefined {
  const decode = compileDecoder(writer, reader)
  const itemBytes = minimumBytes(writer)
  if (decode === undefined) return undefined
  return (from) => {
    const items: unknown[] = []
    for (let count = from.block(itemBytes); count > 0; count = from.block(itemBytes)) {
      for (let i = 0; i < count; i += 1) items.push(decode(from))
    }
    return items
  }
}

function decodeMap(writer: Shape, reader: Shape): Decode | undefined {
  const decode = compileDecoder(writer, reader)
  const entryBytes = 1 + minimumBytes(writer)
  if (decode === undefined) return undefined
  return (from) => {
    const map: Record<string, unknown> = {}
    for (let count = from.block(entryBytes); count > 0; count = from.block(entryBytes)) {
      for (let i = 0; i < count; i += 1) {
        const key = from.string()
        if (key in map) throw from.fault()
        map[key] = decode(from)
      }
    }
    return map
  }
}

/** Jumps over a value without making anything of it. */
function compileSkip(shape: Shape): Skip {
  switch (shape.kind) {
    case 'record': {
      const skips = shape.fields.map((field) => compileSkip(field.shape))
      return (from) => {
        for (const skip of skips) skip(from)
      }
    }
    case 'array':
      return skipBlocks(compileSkip(shape.items), minimumBytes(shape.items))
    case 'map': {
      const skipValue = compileSkip(shape.values)
      return skipBlocks(
        (from) => {
          skipScalar.string(from)
          skipValue(from)
        },
        1 + minimumBytes(shape.values),
      )
    }
    case 'nullable': {
      const skip = compileSkip(shape.of)
      const { nullAt } = shape
      return (from) => {
        if (from.int() !== nullAt) skip(from)
      }
    }
    case 'fixed': {
      const { size } = shape
      return (from) => from.skip(size)
    }
    case 'decimal': {
      const { size } = shape
      return (from) => from.skip(size ?? from.length())
    }
    case 'enum':
      return skipVarint
    case 'scalar':
      return skipScalar[shape.scalar]
  }
}

function skipBlocks(skip: Skip, itemBytes: number): Skip {
  return (from) => {
    for (let count = from.block(itemBytes); count > 0; count = from.block(itemBytes)) {
      for (let i = 0; i < count; i += 1) skip(from)
    }
  }
}
