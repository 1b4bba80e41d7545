import { Contract } from '@unavez/contracts'

/** Refuses 'schema-invalid' with the pointer of the fault, which begins with `/schema`. */
export function requireValidSchema(type: string, schema: object): void {
  void new Contract(type, schema, '/schema')
}

/** Equal fingerprints are the same schema, attributes and docs included: what the fold numbers. */
export const fingerprintOf = (type: string, schema: object): string => new Contract(type, schema).fingerprint

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
