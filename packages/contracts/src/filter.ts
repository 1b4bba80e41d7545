import { Problem, type Text } from '@unavez/protocol'

import { isPlainObject } from './encode.ts'
import { refuseIdentifier } from './identifiers.ts'
import { contractLimits } from './limits.ts'
import type { Field, Shape } from './shape.ts'

/** What a filter looks at: an attribute of the envelope by name, and the plain JSON of the agreed fields. */
export interface Filtered {
  readonly attribute: (name: string) => string | undefined
  readonly data: () => Readonly<Record<string, unknown>>
}

/** A filter expression, checked and ready. Its cost per event is bounded by `contractLimits.filterParts` comparisons. */
export interface Filter {
  /** Top-level fields that it reads; empty if the envelope is enough. */
  readonly fields: readonly string[]
  readonly matches: (event: Filtered) => boolean
}

type Test = (event: Filtered) => boolean

interface Place {
  readonly pointer: string
  readonly depth: number
  readonly compiling: Compiling
}

interface Compiling {
  readonly agreed: ReadonlyMap<string, Field>
  readonly used: Set<string>
  parts: number
}

/** Of the envelope, what every consumer sees. */
const attributes: ReadonlySet<string> = new Set([
  'id',
  'source',
  'type',
  'subject',
  'time',
  'occurredat',
  'changetype',
  'previouseventid',
  'causedby',
])

const comparisons: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  exact: (value, wanted) => value === wanted,
  prefix: (value, wanted) => value.startsWith(wanted),
  suffix: (value, wanted) => value.endsWith(wanted),
}

/**
 * CloudEvents Subscriptions filter dialects `exact`, `prefix`, `suffix` (each `{attribute: text}`), `all`, `any` (each a list) and
 * `not`; a list alone means `all`. Attributes are those of the envelope and `data.<agreed field>[.<part>]`. Refuses with
 * 'body-invalid' and the pointer of the fault; an identifier in clear with 'identifier-in-clear'.
 */
export function compileFilter(expression: unknown, agreed: readonly Field[], pointer = '/filter'): Filter {
  const compiling = { agreed: new Map(agreed.map((field) => [field.name, field])), used: new Set<string>(), parts: 0 }
  const place = { pointer, depth: 0, compiling }
  const matches = Array.isArray(expression) ? every(expression, place) : compile(expression, place)
  return { fields: [...compiling.used], matches }
}

/** Top-level fields that an expression names, whether or not they are agreed. */
export function fieldsNamed(expression: unknown): readonly string[] {
  if (Array.isArray(expression)) return [...new Set(expression.flatMap(fieldsNamed))]
  if (!isPlainObject(expression)) return []
  const named = Object.entries(expression).flatMap(([name, operand]) => {
    const [data, top] = name.split('.')
    return [...(data === 'data' && top !== undefined ? [top] : []), ...fieldsNamed(operand)]
  })
  return [...new Set(named)]
}

function compile(expression: unknown, place: Place): Test {
  const { pointer, depth, compiling } = place
  if (!isPlainObject(expression)) throw fault(pointer, reasons.object)
  compiling.parts += 1
  if (depth > contractLimits.filterDepth || compiling.parts > contractLimits.filterParts)
    throw fault(pointer, reasons.tooBig)
  const [entry, ...more] = Object.entries(expression)
  if (entry === undefined || more.length > 0) throw fault(pointer, reasons.dialect)
  const [dialect, operand] = entry
  const inside = { ...place, pointer: `${pointer}/${dialect}`, depth: depth + 1 }
  if (Object.hasOwn(comparisons, dialect)) return compare(dialect, operand, inside)
  switch (dialect) {
    case 'all':
      return every(operand, inside)
    case 'any': {
      const tests = listed(operand, inside)
      return (event) => tests.some((test) => test(event))
    }
    case 'not': {
      const test = compile(operand, inside)
      return (event) => !test(event)
    }
    default:
      throw fault(pointer, reasons.dialect)
  }
}

function every(operand: unknown, place: Place): Test {
  const tests = listed(operand, place)
  return (event) => tests.every((test) => test(event))
}

function listed(operand: unknown, place: Place): readonly Test[] {
  if (!Array.isArray(operand) || operand.length === 0) throw fault(place.pointer, reasons.list)
  if (operand.length > contractLimits.filterParts) throw fault(place.pointer, reasons.tooBig)
  return operand.map((each: unknown, i) => compile(each, { ...place, pointer: `${place.pointer}/${i}` }))
}

function compare(dialect: string, operand: unknown, place: Place): Test {
  const { pointer, compiling } = place
  if (!isPlainObject(operand)) throw fault(pointer, reasons.object)
  const entries = Object.entries(operand)
  if (entries.length === 0) throw fault(pointer, reasons.object)
  compiling.parts += entries.length - 1
  if (compiling.parts > contractLimits.filterParts) throw fault(pointer, reasons.tooBig)
  const compares = comparisons[dialect] ?? (() => false)
  const tests = entries.map(([name, wanted]): Test => {
    const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    const read = reader(name, { ...place, pointer })
    if (typeof wanted !== 'string' || wanted === '' || wanted.length > contractLimits.filterTextLength)
      throw fault(at, reasons.text)
    refuseIdentifier(wanted, at)
    return (event) => {
      const value = read(event)
      return value !== undefined && compares(value, wanted)
    }
  })
  return (event) => tests.every((test) => test(event))
}

/** How one attribute is read as text; what is absent or null compares with nothing. */
function reader(name: string, { pointer, compiling }: Place): (event: Filtered) => string | undefined {
  if (attributes.has(name)) return (event) => event.attribute(name)
  const [data, top = '', ...path] = name.split('.')
  const field = data === 'data' ? compiling.agreed.get(top) : undefined
  if (field === undefined || !endsInValue(field, path)) throw fault(pointer, reasons.attribute)
  compiling.used.add(top)
  return (event) => {
    let value: unknown = event.data()[top]
    for (const part of path) value = isPlainObject(value) ? value[part] : undefined
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : undefined
  }
}

/** Along records down to a value; whoever is meant by an identifier is asked for by `subject`, never in clear. */
function endsInValue(field: Field, [next, ...rest]: readonly string[]): boolean {
  const shape = plain(field.shape)
  if (next === undefined)
    return field.identifying === undefined && ['scalar', 'decimal', 'enum', 'fixed'].includes(shape.kind)
  const inner = shape.kind === 'record' ? shape.fields.find(({ name }) => name === next) : undefined
  return inner !== undefined && endsInValue(inner, rest)
}

const plain = (shape: Shape): Shape => (shape.kind === 'nullable' ? shape.of : shape)

const reasons = {
  object: { es: 'Se espera un objeto', en: 'An object is expected' },
  list: { es: 'Se espera una lista que no esté vacía', en: 'A list that is not empty is expected' },
  text: { es: 'Se espera un texto corto que no esté vacío', en: 'A short text that is not empty is expected' },
  dialect: {
    es: 'Se espera exactamente uno de exact, prefix, suffix, all, any, not',
    en: 'Exactly one of exact, prefix, suffix, all, any, not is expected',
  },
  attribute: {
    es: 'No es un atributo del sobre ni un campo acordado que no identifique',
    en: 'It is neither an attribute of the envelope nor an agreed field that identifies no one',
  },
  tooBig: { es: 'El filtro es demasiado grande', en: 'The filter is too large' },
} as const satisfies Record<string, Text>

const fault = (pointer: string, detail: Text): Problem => new Problem('body-invalid', { pointer, detail })
