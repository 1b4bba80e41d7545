import { Problem } from '@unavez/protocol'

import { ByteReader } from './byte-reader.ts'
import { planRecord, readPlan, type RecordPlan } from './decode.ts'
import { refusal, schemaFault } from './reasons.ts'
import type { RecordShape, Shape } from './shape.ts'
import { wireHeaderBytes } from './wire.ts'

/** Reads some fields out of records of one writer's schema. What it does not name is jumped over, never decoded. */
export interface Projection {
  /** In the contract's order, which is the order of the members. */
  readonly fields: readonly string[]
  /** Plain JSON of a record in wire format. Bytes that are no such record: 'data-invalid'. */
  read(wire: Buffer): Record<string, unknown>
  /** The same as JSON text. */
  text(wire: Buffer): string
}

/** Refuses fields that the reader does not have, at `/fields/<index>`, and writers that the reader can't read. */
export function makeProjection(writer: RecordShape, reader: RecordShape, fields: readonly string[]): Projection {
  const names = new Set(reader.fields.map((field) => field.name))
  const unknown = fields.findIndex((name) => !names.has(name))
  if (unknown !== -1) throw refusal('body-invalid', `/fields/${unknown}`, 'field-unknown')
  const wanted = reader.fields.filter((field) => fields.includes(field.name))
  const plan = planRecord(writer, { ...reader, fields: wanted })
  if (plan === undefined) throw schemaFault('', 'schema-unresolvable')
  const short = untilLast(plan)
  const read = (wire: Buffer) => readPlan(new ByteReader(wire, wireHeaderBytes), short)
  return { fields: wanted.map((field) => field.name), read, text: (wire) => JSON.stringify(read(wire)) }
}

/** Nothing behind the last field wanted is looked at. */
function untilLast(plan: RecordPlan): RecordPlan {
  const last = plan.steps.findLastIndex((step) => step.slot !== -1)
  return { ...plan, steps: plan.steps.slice(0, last + 1) }
}

/** Every field of a record in wire format, and not a byte more. */
export const readWhole = (wire: Buffer, plan: RecordPlan): Record<string, unknown> =>
  readAll(new ByteReader(wire, wireHeaderBytes), plan)

/** The same of bare Avro that a stranger wrote. */
export const readForeign = (avro: Buffer, plan: RecordPlan): Record<string, unknown> =>
  readAll(new ByteReader(avro, 0, true), plan)

function readAll(from: ByteReader, plan: RecordPlan): Record<string, unknown> {
  const record = readPlan(from, plan)
  if (from.left > 0) throw from.fault()
  return record
}

/** The same fields, here and inside, in the order of their names. */
export const ordered = (shape: RecordShape): RecordShape => ({
  ...shape,
  fields: shape.fields
    .map((field) => ({ ...field, shape: orderedInside(field.shape) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
})

function orderedInside(shape: Shape): Shape {
  switch (shape.kind) {
    case 'record':
      return ordered(shape)
    case 'nullable':
      return { ...shape, of: orderedInside(shape.of) }
    case 'array':
      return { ...shape, items: orderedInside(shape.items) }
    case 'map':
      return { ...shape, values: orderedInside(shape.values) }
    case 'scalar':
    case 'decimal':
    case 'enum':
    case 'fixed':
      return shape
  }
}

/** The plan of a schema that reads itself; `reader`: with its fields in another order. */
export function wholePlan(shape: RecordShape, reader: RecordShape = shape): RecordPlan {
  const plan = planRecord(shape, reader)
  if (plan === undefined) throw new Problem('internal-error')
  return plan
}
