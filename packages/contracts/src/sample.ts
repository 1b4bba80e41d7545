import type { Contract } from './contract.ts'
import { formatDecimal } from './decimal.ts'
import { sampleIdentifier } from './identifiers.ts'
import type { Field, ScalarKind, Shape } from './shape.ts'

/** Data that follows the contract, for its page in the catalogue: the same at each call, nobody's own, every field filled in. */
export const sampleData = (contract: Contract): Record<string, unknown> => sampleRecord(contract.fields)

const sampleRecord = (fields: readonly Field[]): Record<string, unknown> =>
  Object.fromEntries(
    fields.map(({ name, shape, identifying }) => [
      name,
      identifying === undefined ? sampleOf(shape) : sampleIdentifier(identifying.scheme),
    ]),
  )

const scalars: Readonly<Record<ScalarKind, unknown>> = {
  null: null,
  boolean: true,
  int: 1,
  long: 1,
  float: 1.5,
  double: 1.5,
  bytes: Buffer.from('bytes').toString('base64'),
  string: 'text',
  date: '2026-01-15',
  'time-millis': '08:30:00',
  'timestamp-millis': '2026-01-15T13:30:00Z',
  'timestamp-micros': '2026-01-15T13:30:00Z',
  uuid: '018f0000-0000-7000-8000-000000000000',
}

function sampleOf(shape: Shape): unknown {
  switch (shape.kind) {
    case 'scalar':
      return scalars[shape.scalar]
    case 'decimal':
      return formatDecimal(1n, shape)
    case 'enum':
      return shape.symbols[0]
    case 'fixed':
      return Buffer.alloc(shape.size).toString('base64')
    case 'array':
      return [sampleOf(shape.items)]
    case 'map':
      return { key: sampleOf(shape.values) }
    case 'nullable':
      return sampleOf(shape.of)
    case 'record':
      return sampleRecord(shape.fields)
  }
}
