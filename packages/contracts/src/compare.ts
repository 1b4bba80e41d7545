import type { IncompatibilityCode } from './incompatibility-texts.ts'
import {
  classifications,
  type DecimalShape,
  type EnumShape,
  type Field,
  type RecordShape,
  type ScalarKind,
  type ScalarShape,
  type Shape,
} from './shape.ts'

/** Backward: the later can't read the earlier. Forward: the earlier can't read the later. Any: refused in both. */
export type Direction = 'backward' | 'forward' | 'any'

export interface Difference {
  readonly direction: Direction
  readonly code: IncompatibilityCode
  readonly pointer: string
  readonly field: string
}

interface Place {
  readonly pointer: string
  readonly field: string
  readonly found: Difference[]
}

/** All that keeps either record from reading the other, by the rules of `decode.ts`, and what may not change at all. */
export function compareShapes(before: RecordShape, after: RecordShape, pointer: string): readonly Difference[] {
  const place: Place = { pointer, field: '', found: [] }
  if (keyOf(before) !== keyOf(after)) add(at(place, 'fields'), 'any', 'key-changed')
  compareRecords(before, after, place)
  return place.found
}

const keyOf = ({ fields }: RecordShape) => fields.find(({ identifying }) => identifying?.role === 'key')?.name

const add = ({ pointer, field, found }: Place, direction: Direction, code: IncompatibilityCode): void => {
  found.push({ direction, code, pointer, field })
}

function addBoth(place: Place, code: IncompatibilityCode): void {
  add(place, 'backward', code)
  add(place, 'forward', code)
}

const at = (place: Place, step: string): Place => ({ ...place, pointer: `${place.pointer}/${step}` })
const inField = (place: Place, step: string, name: string): Place => ({
  ...at(place, step),
  field: place.field === '' ? name : `${place.field}.${name}`,
})

const lastName = (name: string) => name.slice(name.lastIndexOf('.') + 1)

interface MaybeNamed {
  readonly name?: string
}

function compareNames({ name: before = '' }: MaybeNamed, { name: after = '' }: MaybeNamed, place: Place): void {
  if (lastName(before) !== lastName(after)) addBoth(place, 'name-changed')
}

function compareTypes(before: Shape, after: Shape, place: Place): void {
  if (before.kind === 'nullable' || after.kind === 'nullable') {
    compareNullable(before, after, place)
    return
  }
  if (before.kind === 'record' && after.kind === 'record') {
    compareNames(before, after, place)
    compareRecords(before, after, place)
  } else if (before.kind === 'array' && after.kind === 'array') {
    compareTypes(before.items, after.items, at(place, 'items'))
  } else if (before.kind === 'map' && after.kind === 'map') {
    compareTypes(before.values, after.values, at(place, 'values'))
  } else if (before.kind === 'enum' && after.kind === 'enum') {
    compareNames(before, after, place)
    compareEnums(before, after, place)
  } else if (before.kind === 'fixed' && after.kind === 'fixed') {
    compareNames(before, after, place)
    if (before.size !== after.size) addBoth(place, 'size-changed')
  } else if (before.kind === 'decimal' && after.kind === 'decimal') {
    compareNames(before, after, place)
    compareDecimals(before, after, place)
  } else if (before.kind === 'scalar' && after.kind === 'scalar') {
    compareScalars(before, after, place)
  } else {
    addBoth(place, baseOf(before) === baseOf(after) ? 'logical-type-changed' : 'type-changed')
  }
}

const isNull = (shape: Shape) => shape.kind === 'scalar' && shape.scalar === 'null'

function compareNullable(before: Shape, after: Shape, place: Place): void {
  // A nullable reads what was always null; a type that is always null reads no nullable.
  if (isNull(before)) add(place, 'forward', 'type-changed')
  if (isNull(after)) add(place, 'backward', 'type-changed')
  if (isNull(before) || isNull(after)) return
  if (before.kind !== 'nullable') add(place, 'forward', 'null-added')
  if (after.kind !== 'nullable') add(place, 'backward', 'null-removed')
  const inner = after.kind === 'nullable' ? at(place, String(1 - after.nullAt)) : place
  compareTypes(before.kind === 'nullable' ? before.of : before, after.kind === 'nullable' ? after.of : after, inner)
}

function compareRecords(before: RecordShape, after: RecordShape, place: Place): void {
  const earlier = new Map(before.fields.map((field) => [field.name, field]))
  const later = new Set(after.fields.map(({ name }) => name))
  after.fields.forEach((field, i) => {
    const own = inField(place, `fields/${i}`, field.name)
    const was = earlier.get(field.name)
    if (was !== undefined) compareFields(was, field, own)
    else if (field.fallback === undefined) add(own, 'backward', 'field-added-without-default')
  })
  for (const { name, fallback } of before.fields) {
    if (later.has(name) || fallback !== undefined) continue
    add(inField(place, 'fields', name), 'forward', 'field-removed')
  }
}

function compareFields(before: Field, after: Field, place: Place): void {
  const rank = ({ classification }: Field) => classifications.indexOf(classification)
  if (rank(after) < rank(before)) add(at(place, 'classification'), 'any', 'classification-weakened')
  const [was, is] = [before.identifying, after.identifying]
  const isSame = was?.identifies === is?.identifies && was?.scheme === is?.scheme && was?.role === is?.role
  if (!isSame) add(place, 'any', 'identifying-changed')
  compareTypes(before.shape, after.shape, at(place, 'type'))
}

function compareEnums(before: EnumShape, after: EnumShape, place: Place): void {
  const isIn = (of: EnumShape) => (symbol: string) => of.symbols.includes(symbol)
  if (after.fallback === undefined && !before.symbols.every(isIn(after))) add(place, 'backward', 'symbols-removed')
  if (before.fallback === undefined && !after.symbols.every(isIn(before))) add(place, 'forward', 'symbols-added')
}

function compareDecimals(before: DecimalShape, after: DecimalShape, place: Place): void {
  if (before.scale !== after.scale || before.size !== after.size) addBoth(place, 'decimal-changed')
  else if (after.precision < before.precision) add(place, 'backward', 'decimal-changed')
  else if (after.precision > before.precision) add(place, 'forward', 'decimal-changed')
}

/** Avro's promotions but bytes to string (not all bytes are text), as `<written>><read>`. None leads to or from a logical type. */
const promotions: ReadonlySet<string> = new Set([
  'int>long',
  'int>float',
  'int>double',
  'long>float',
  'long>double',
  'float>double',
  'string>bytes',
])

function compareScalars(before: ScalarShape, after: ScalarShape, place: Place): void {
  if (before.scalar === after.scalar) return
  const code = baseOf(before) === baseOf(after) ? 'logical-type-changed' : 'type-changed'
  if (!promotions.has(`${before.scalar}>${after.scalar}`)) add(place, 'backward', code)
  if (!promotions.has(`${after.scalar}>${before.scalar}`)) add(place, 'forward', code)
}

const bases: Readonly<Partial<Record<ScalarKind, string>>> = {
  date: 'int',
  'time-millis': 'int',
  'timestamp-millis': 'long',
  'timestamp-micros': 'long',
  uuid: 'string',
}

/** What the bytes are, without what they mean. */
function baseOf(shape: Shape): string {
  if (shape.kind === 'decimal') return shape.size === undefined ? 'bytes' : `fixed ${shape.size}`
  if (shape.kind === 'fixed') return `fixed ${shape.size}`
  return shape.kind === 'scalar' ? (bases[shape.scalar] ?? shape.scalar) : shape.kind
}
