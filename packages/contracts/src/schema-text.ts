import { hash } from 'node:crypto'

import { scalarKinds } from './shape.ts'

/** The order that people and Avro's tools expect; other attributes follow by name. */
const order = (
  'type name namespace logicalType precision scale size doc order ' +
  'classification identifies scheme role concept default symbols items values fields'
).split(' ')

const rank = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length)
const byRank = (a: string, b: string) => rank(a) - rank(b) || (a < b ? -1 : 1)

/**
 * The text of a checked schema, as the registry serves it. One text per schema: members in a fixed order, no spaces,
 * `{"type": "string"}` written as `"string"`. Everything else counts and stays: attributes, defaults, logical types, docs
 * (Avro's Parsing Canonical Form drops them, so it would call schemas equal that treat a citizen's data differently).
 */
export const schemaText = (schema: unknown): string => JSON.stringify(tidyType(schema))

/** `sha256:<hex>` of the text: equal fingerprints are the same schema. */
export const schemaFingerprint = (text: string): string => `sha256:${hash('sha256', text)}`

const isScalar = (value: unknown): value is string => scalarKinds.some((kind) => kind === value)

function tidyType(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(tidyType)
  if (typeof node !== 'object' || node === null) return node
  const members = new Map<string, unknown>(Object.entries(node))
  const type = members.get('type')
  if (members.size === 1 && (isScalar(type) || typeof type === 'object')) return tidyType(type)
  return tidyMembers(members)
}

function tidyMembers(members: ReadonlyMap<string, unknown>): Record<string, unknown> {
  const tidy: Record<string, unknown> = {}
  for (const key of [...members.keys()].sort(byRank)) tidy[key] = tidyMember(key, members.get(key))
  return tidy
}

function tidyMember(key: string, value: unknown): unknown {
  switch (key) {
    case 'type':
    case 'items':
    case 'values':
      return tidyType(value)
    case 'fields':
      return Array.isArray(value) ? value.map((field: object) => tidyMembers(new Map(Object.entries(field)))) : value
    case 'doc':
    case 'default':
      return sorted(value)
    default:
      return value
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const members = new Map<string, unknown>(Object.entries(value))
  return Object.fromEntries([...members.keys()].sort().map((key) => [key, sorted(members.get(key))]))
}
