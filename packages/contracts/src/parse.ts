import {
  type Node,
  readClassification,
  readConcept,
  readDoc,
  readIdentifying,
  refuseUnknownAttributes,
} from './attributes.ts'
import { isPlainObject } from './encode.ts'
import { contractLimits } from './limits.ts'
import { avroName, isName, isNamespace } from './names.ts'
import { parseLogical } from './parse-logical.ts'
import { schemaFault } from './reasons.ts'
import {
  type Classification,
  type EnumShape,
  type Field,
  minimumBytes,
  type NullableShape,
  type RecordShape,
  scalarKinds,
  type ScalarShape,
  type Shape,
} from './shape.ts'

interface Names {
  readonly done: Map<string, { readonly shape: Shape; readonly types: number }>
  readonly open: Set<string>
  types: number
}

interface Place {
  readonly pointer: string
  readonly namespace: string
  readonly depth: number
  readonly outer?: Classification
  readonly names: Names
}

/** The record of a contract, checked. Refuses with 'schema-invalid' and the pointer of the fault below `pointer`. */
export function parseSchema(type: string, schema: unknown, pointer: string): RecordShape {
  const wanted = avroName(type)
  if (wanted === undefined) throw schemaFault('/type', 'type-invalid')
  if (!isPlainObject(schema) || schema['type'] !== 'record') throw schemaFault(`${pointer}/type`, 'not-a-record')
  const names: Names = { done: new Map(), open: new Set(), types: 0 }
  const { namespace, name } = qualify(schema, { pointer, namespace: '', depth: 0, names })
  if (namespace !== wanted.namespace) throw schemaFault(`${pointer}/namespace`, 'name-of-type')
  if (name !== wanted.name) throw schemaFault(`${pointer}/name`, 'name-of-type')
  const shape = parseType(schema, { pointer, namespace: '', depth: 0, names })
  if (shape.kind !== 'record') throw schemaFault(`${pointer}/type`, 'not-a-record')
  const keys = shape.fields.filter((field) => field.identifying?.role === 'key')
  if (keys.length !== 1) throw schemaFault(`${pointer}/fields`, 'key-once')
  return shape
}

/** A record that is no contract: of any name, without a key. Refuses like `parseSchema`. */
export function parseRecordAlone(schema: unknown, pointer: string): RecordShape {
  const names: Names = { done: new Map(), open: new Set(), types: 0 }
  if (!isPlainObject(schema) || schema['type'] !== 'record') throw schemaFault(`${pointer}/type`, 'not-a-record')
  const shape = parseType(schema, { pointer, namespace: '', depth: 0, names })
  if (shape.kind !== 'record') throw schemaFault(`${pointer}/type`, 'not-a-record')
  return shape
}

const scalars: ReadonlyMap<unknown, ScalarShape> = new Map(
  scalarKinds.map((scalar) => [scalar, { kind: 'scalar', scalar }]),
)

function parseType(node: unknown, place: Place): Shape {
  const { pointer, names } = place
  names.types += 1
  if (names.types > contractLimits.schemaTypes) throw schemaFault(pointer, 'schema-too-long')
  if (place.depth > contractLimits.schemaDepth) throw schemaFault(pointer, 'schema-too-deep')
  if (typeof node === 'string') return scalars.get(node) ?? known(node, place)
  if (Array.isArray(node)) return parseUnion(node, place)
  if (!isPlainObject(node)) throw schemaFault(pointer, 'type-unknown')
  const { type } = node
  switch (type) {
    case 'record':
    case 'enum':
    case 'fixed':
      return parseNamed(node, place)
    case 'array': {
      refuseUnknownAttributes(node, ['type', 'items'], pointer)
      const items = parseType(node['items'], deeper(place, 'items'))
      if (minimumBytes(items) === 0) throw schemaFault(`${pointer}/items`, 'items-empty')
      return { kind: 'array', items }
    }
    case 'map':
      refuseUnknownAttributes(node, ['type', 'values'], pointer)
      return { kind: 'map', values: parseType(node['values'], deeper(place, 'values')) }
    default:
  }
  const scalar = scalars.get(type)
  if (scalar !== undefined) return parseLogical(node, scalar, pointer)
  refuseUnknownAttributes(node, ['type'], pointer)
  if (typeof type !== 'string' && typeof type !== 'object') throw schemaFault(`${pointer}/type`, 'type-unknown')
  return parseType(type, deeper(place, 'type'))
}

const deeper = (place: Place, step: string | number): Place => ({
  ...place,
  pointer: `${place.pointer}/${step}`,
  depth: place.depth + 1,
})

/** A type defined further up. Each use counts its types again: expansion is bounded too. */
function known(name: string, { pointer, namespace, names }: Place): Shape {
  const full = name.includes('.') || namespace === '' ? name : `${namespace}.${name}`
  if (names.open.has(full)) throw schemaFault(pointer, 'type-recursive')
  const found = names.done.get(full)
  if (found === undefined) throw schemaFault(pointer, 'type-unknown')
  names.types += found.types
  return found.shape
}

function parseUnion(branches: readonly unknown[], place: Place): NullableShape {
  const nullAt = branches[0] === 'null' ? 0 : 1
  if (branches.length !== 2 || branches[nullAt] !== 'null') throw schemaFault(place.pointer, 'union-unsupported')
  const of = parseType(branches[1 - nullAt], deeper(place, 1 - nullAt))
  if (of.kind === 'nullable' || (of.kind === 'scalar' && of.scalar === 'null'))
    throw schemaFault(place.pointer, 'union-unsupported')
  return { kind: 'nullable', of, nullAt }
}

function qualify(node: Node, place: Place): { readonly namespace: string; readonly name: string } {
  const { name, namespace = place.namespace } = node
  if (typeof name !== 'string') throw schemaFault(`${place.pointer}/name`, 'name-invalid')
  const dot = name.lastIndexOf('.')
  const own = dot === -1 ? namespace : name.slice(0, dot)
  const short = name.slice(dot + 1)
  if (!isName(short)) throw schemaFault(`${place.pointer}/name`, 'name-invalid')
  if (own !== '' && !isNamespace(own)) throw schemaFault(`${place.pointer}/namespace`, 'name-invalid')
  return { namespace: own, name: short }
}

function parseNamed(node: Node, place: Place): Shape {
  const { pointer, names } = place
  const { namespace, name } = qualify(node, place)
  const full = namespace === '' ? name : `${namespace}.${name}`
  if (names.open.has(full) || names.done.has(full)) throw schemaFault(`${pointer}/name`, 'name-repeated')
  names.open.add(full)
  const before = names.types
  const shape = parseBody(node, full, { ...place, namespace })
  names.open.delete(full)
  names.done.set(full, { shape, types: names.types - before })
  return shape
}

function parseBody(node: Node, name: string, place: Place): Shape {
  const { pointer } = place
  if (node['type'] === 'record') return parseRecord(node, name, place)
  readDoc(node, pointer)
  if (node['type'] === 'enum') return parseEnum(node, name, pointer)
  const { size } = node
  const isSize = typeof size === 'number' && Number.isInteger(size) && size >= 1 && size <= contractLimits.fixedBytes
  if (!isSize) throw schemaFault(`${pointer}/size`, 'size-invalid')
  return parseLogical(node, { kind: 'fixed', name, size }, pointer)
}

function parseEnum(node: Node, name: string, pointer: string): EnumShape {
  refuseUnknownAttributes(node, ['type', 'name', 'namespace', 'doc', 'symbols', 'default'], pointer)
  const symbols: readonly unknown[] = Array.isArray(node['symbols']) ? node['symbols'] : []
  const fallback = node['default']
  const names = symbols.filter(isName)
  const isList = names.length === symbols.length && names.length >= 1 && names.length <= contractLimits.enumSymbols
  if (!isList || new Set(names).size !== names.length) throw schemaFault(`${pointer}/symbols`, 'symbols-invalid')
  if (fallback === undefined) return { kind: 'enum', name, symbols: names }
  if (typeof fallback !== 'string' || !names.includes(fallback)) {
    throw schemaFault(`${pointer}/default`, 'default-invalid')
  }
  return { kind: 'enum', name, symbols: names, fallback }
}

function parseRecord(node: Node, name: string, place: Place): RecordShape {
  const { pointer } = place
  refuseUnknownAttributes(node, ['type', 'name', 'namespace', 'doc', 'fields'], pointer)
  readDoc(node, pointer)
  const nodes: unknown = node['fields']
  if (!Array.isArray(nodes) || nodes.length === 0) throw schemaFault(`${pointer}/fields`, 'record-empty')
  const names = new Set<string>()
  const fields = nodes.map((field: unknown, i) => {
    const parsed = parseField(field, { ...place, pointer: `${pointer}/fields/${i}` })
    if (names.has(parsed.name)) throw schemaFault(`${pointer}/fields/${i}/name`, 'name-repeated')
    names.add(parsed.name)
    return parsed
  })
  return { kind: 'record', name, fields }
}

const fieldAttributes = 'name type default doc order classification identifies scheme role concept'.split(' ')

function parseField(node: unknown, place: Place): Field {
  const { pointer } = place
  if (!isPlainObject(node)) throw schemaFault(pointer, 'not-an-object')
  const { name } = node
  if (!isName(name)) throw schemaFault(`${pointer}/name`, 'name-invalid')
  refuseUnknownAttributes(node, fieldAttributes, pointer)
  const classification = readClassification(node, pointer, place.outer)
  const shape = parseType(node['type'], { ...deeper(place, 'type'), outer: classification })
  const identifying = readIdentifying(node, shape, { pointer, isTop: place.depth === 0 })
  const doc = readDoc(node, pointer)
  const concept = readConcept(node, pointer)
  const value = node['default']
  return {
    name,
    shape,
    classification,
    ...(identifying === undefined ? {} : { identifying }),
    ...(doc === undefined ? {} : { doc }),
    ...(concept === undefined ? {} : { concept }),
    ...(value === undefined ? {} : { fallback: { value, pointer: `${pointer}/default` } }),
  }
}
