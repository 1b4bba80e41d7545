import fc from 'fast-check'

import { field, schemaWith } from './samples.ts'

/** An Avro type with values of its plain JSON, as the bus gives them back. Names are given afterwards. */
interface Drawn {
  readonly type: unknown
  readonly value: fc.Arbitrary<unknown>
}

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const long = (value: bigint) =>
  value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER ? value.toString() : Number(value)
const day = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
const shortened = (text: string) => text.replace('.000Z', 'Z')
const base64 = (size: fc.SizeForArbitrary | number) =>
  (typeof size === 'number' ? fc.uint8Array({ minLength: size, maxLength: size }) : fc.uint8Array({ size })).map(
    (bytes) => Buffer.from(bytes).toString('base64'),
  )

function decimal(precision: number, scale: number): fc.Arbitrary<string> {
  const most = 10n ** BigInt(precision) - 1n
  return fc.bigInt({ min: -most, max: most }).map((unscaled) => {
    const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0')
    const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
    return unscaled < 0n ? `-${text}` : text
  })
}

const scalars: readonly Drawn[] = [
  { type: 'boolean', value: fc.boolean() },
  { type: 'int', value: fc.integer() },
  { type: 'long', value: int64.map(long) },
  { type: 'float', value: fc.float({ noNaN: true, noDefaultInfinity: true }).filter((one) => !Object.is(one, -0)) },
  { type: 'double', value: fc.double({ noNaN: true, noDefaultInfinity: true }).filter((one) => !Object.is(one, -0)) },
  { type: 'bytes', value: base64('small') },
  { type: 'string', value: fc.string({ unit: 'grapheme', maxLength: 80 }).filter((text) => text.isWellFormed()) },
  { type: { type: 'string', logicalType: 'uuid' }, value: fc.uuid() },
  { type: { type: 'int', logicalType: 'date' }, value: day.map((date) => date.toISOString().slice(0, 10)) },
  {
    type: { type: 'long', logicalType: 'timestamp-millis' },
    value: day.map((date) => shortened(date.toISOString())),
  },
  {
    type: { type: 'bytes', logicalType: 'decimal', precision: 30, scale: 4 },
    value: decimal(30, 4),
  },
  { type: { type: 'fixed', size: 9, logicalType: 'decimal', precision: 20, scale: 0 }, value: decimal(20, 0) },
  { type: { type: 'fixed', size: 6 }, value: base64(6) },
  { type: { type: 'enum', symbols: ['red', 'green', 'blue'] }, value: fc.constantFrom('red', 'green', 'blue') },
]

const scalar = fc.constantFrom(...scalars)
const mapKey = fc.stringMatching(/^k[a-z0-9 ñ-]{0,8}$/)

function drawn(depth: number): fc.Arbitrary<Drawn> {
  if (depth === 0) return scalar
  const inner = drawn(depth - 1)
  const nullable = inner
    .filter(({ type }) => !Array.isArray(type))
    .chain((of) =>
      fc.boolean().map((isFirst) => ({
        type: isFirst ? ['null', of.type] : [of.type, 'null'],
        value: fc.option(of.value),
      })),
    )
  const array = inner.map((of) => ({
    type: { type: 'array', items: of.type },
    value: fc.array(of.value, { maxLength: 4 }),
  }))
  const map = inner.map((of) => ({
    type: { type: 'map', values: of.type },
    value: fc.dictionary(mapKey, of.value, { maxKeys: 4, noNullPrototype: true }),
  }))
  const record = fc.array(inner, { minLength: 1, maxLength: 4 }).map((fields) => ({
    type: { type: 'record', fields: fields.map(({ type }, i) => ({ name: `m${i}`, type })) },
    value: fc.record(Object.fromEntries(fields.map(({ value }, i) => [`m${i}`, value])), { noNullPrototype: true }),
  }))
  return fc.oneof({ weight: 3, arbitrary: scalar }, nullable, array, map, record)
}

/** Every record, enum and fixed gets a name of its own. */
function named(node: unknown, next: () => number): unknown {
  if (Array.isArray(node)) return node.map((item: unknown) => named(item, next))
  if (typeof node !== 'object' || node === null) return node
  const entries = Object.entries(node).map(([name, value]): [string, unknown] => [name, named(value, next)])
  const isNamed = 'type' in node && ['record', 'enum', 'fixed'].includes(String(node.type))
  return { ...(isNamed ? { name: `N${next()}` } : {}), ...Object.fromEntries(entries) }
}

export interface RandomContract {
  readonly schema: ReturnType<typeof schemaWith>
  readonly fieldNames: readonly string[]
  readonly data: fc.Arbitrary<Record<string, unknown>>
}

/** A valid contract and data that follows it. The key is `person`, the other fields `f0`, `f1`, … */
export const randomContract: fc.Arbitrary<RandomContract> = fc
  .array(drawn(3), { minLength: 1, maxLength: 8 })
  .map((fields) => {
    let count = 0
    const next = () => (count += 1)
    const nodes = fields.map(({ type }, i) => field(`f${i}`, named(type, next)))
    const values = Object.fromEntries(fields.map(({ value }, i) => [`f${i}`, value]))
    return {
      schema: schemaWith(...nodes),
      fieldNames: ['person', ...Object.keys(values)],
      data: fc.record({ person: fc.constant('8-123-456'), ...values }, { noNullPrototype: true }),
    }
  })

/** A random contract, one record of it, and some of its fields. */
export const contractWithData = randomContract.chain((contract) =>
  fc.record({
    contract: fc.constant(contract),
    data: contract.data,
    fields: fc.subarray([...contract.fieldNames], { minLength: 1 }),
  }),
)
