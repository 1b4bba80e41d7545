import { Contract, Parameters, refuseIdentifier } from '@unavez/contracts'

import { requireCompatible } from './compatible.ts'
import type { SchemaRules } from './contract.ts'

/** Refuses 'schema-invalid' and 'identifier-in-clear' with the pointer of the fault, which begins with `/schema`. */
function requireValidSchema(type: string, schema: object): void {
  void new Contract(type, schema, '/schema')
  requireNoIdentifier(schema, '/schema')
}

/** Names were valid before: only docs, defaults and what else is text can hold one. */
function requireNoIdentifier(value: unknown, pointer: string): void {
  if (typeof value === 'string') refuseIdentifier(value, pointer)
  if (typeof value !== 'object' || value === null) return
  for (const [name, member] of Object.entries(value)) requireNoIdentifier(member, `${pointer}/${name}`)
}

/** Equal fingerprints are the same schema, attributes and docs included: what the fold numbers. */
export const fingerprintOf = (type: string, schema: object): string => new Contract(type, schema).fingerprint

function requireParameters(parameters: object): void {
  void new Parameters(parameters, '/parameters')
  requireNoIdentifier(parameters, '/parameters')
}

export const schemaRules: SchemaRules = {
  fingerprintOf,
  requireValid: requireValidSchema,
  requireParameters,
  requireCompatible,
}

/** The text that the registry serves for a schema. */
export type SchemaTextOf = (type: string, schema: object) => string

export const schemaTextOf: SchemaTextOf = (type, schema) => new Contract(type, schema).schemaText

/** Compiled once per schema in the fold, forgotten with it. */
export function openSchemaTexts(): SchemaTextOf {
  const texts = new WeakMap<object, string>()
  return (type, schema) => {
    const text = texts.get(schema) ?? schemaTextOf(type, schema)
    texts.set(schema, text)
    return text
  }
}
