import { type Node, refuseUnknownAttributes } from './attributes.ts'
import { contractLimits } from './limits.ts'
import { schemaFault } from './reasons.ts'
import type { DecimalShape, FixedShape, ScalarKind, ScalarShape, Shape } from './shape.ts'

/** Which logical types go with which type; any other is refused, since readers would see different values. */
const logicalTypes: ReadonlyMap<unknown, ScalarKind> = new Map([
  ['int date', 'date'],
  ['int time-millis', 'time-millis'],
  ['long timestamp-millis', 'timestamp-millis'],
  ['long timestamp-micros', 'timestamp-micros'],
  ['string uuid', 'uuid'],
])

export function parseLogical(node: Node, under: ScalarShape | FixedShape, pointer: string): Shape {
  const { logicalType } = node
  const own = under.kind === 'fixed' ? ['name', 'namespace', 'doc', 'size'] : []
  if (logicalType === 'decimal' && (under.kind === 'fixed' || under.scalar === 'bytes')) {
    refuseUnknownAttributes(node, ['type', 'logicalType', 'precision', 'scale', ...own], pointer)
    return parseDecimalShape(node, under, pointer)
  }
  refuseUnknownAttributes(node, ['type', 'logicalType', ...own], pointer)
  if (logicalType === undefined) return under
  const kind =
    typeof logicalType === 'string'
      ? logicalTypes.get(`${under.kind === 'scalar' ? under.scalar : 'fixed'} ${logicalType}`)
      : undefined
  if (kind === undefined) throw schemaFault(`${pointer}/logicalType`, 'logical-type-unknown')
  return { kind: 'scalar', scalar: kind }
}

const isCount = (value: unknown, most: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most

function parseDecimalShape(node: Node, under: ScalarShape | FixedShape, pointer: string): DecimalShape {
  const { precision, scale = 0 } = node
  if (!isCount(precision, contractLimits.decimalPrecision) || precision === 0) {
    throw schemaFault(`${pointer}/precision`, 'decimal-invalid')
  }
  if (!isCount(scale, precision)) throw schemaFault(`${pointer}/scale`, 'decimal-invalid')
  if (under.kind !== 'fixed') return { kind: 'decimal', precision, scale }
  const fits = 10n ** BigInt(precision) <= 2n ** BigInt(8 * under.size - 1)
  if (!fits) throw schemaFault(`${pointer}/precision`, 'decimal-invalid')
  return { kind: 'decimal', precision, scale, name: under.name, size: under.size }
}
