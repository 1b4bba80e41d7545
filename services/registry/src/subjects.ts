import { typeOfAvroName } from '@unavez/contracts'
import type { ContractState, Policy, PublishedSchema } from '@unavez/policy'

import { Problem } from '@unavez/protocol'

import type { ConfluentCode } from './confluent.ts'
import { openSchemaTexts, schemaRules, schemaTextOf } from './schema.ts'

/** A published version as the registry API tells it; `id` is what stands in the wire format. */
export interface Registered {
  readonly subject: string
  readonly version: number
  readonly id: number
  readonly schema: string
}

/** Published contracts by subject, which is the Avro full name. Drafts are not in it: they have no id yet. */
export interface Subjects {
  /** Those of retired contracts only if asked for. */
  names(options: { readonly retired: boolean }): readonly string[]
  /** The contract that a subject names, drafts too. */
  contract(subject: string): ContractState | undefined
  /** Oldest first; empty when there is no such subject. */
  versions(subject: string): readonly Registered[]
  /** `latest` and `-1` are the newest. */
  version(subject: string, version: string): Registered | ConfluentCode
  /** The version with exactly that schema, attributes included. */
  lookUp(subject: string, schema: string): Registered | ConfluentCode
  withId(id: string): Registered | undefined
}

const positive = /^[1-9]\d{0,9}$/

export function openSubjects(policy: Policy): Subjects {
  const textOf = openSchemaTexts()

  const registered = ({ subject, contract, version, id, schema }: PublishedSchema): Registered => ({
    subject,
    version,
    id,
    schema: textOf(contract, schema),
  })

  const contract = (subject: string) => policy.contract(typeOfAvroName(subject) ?? '')

  const versions = (subject: string): readonly Registered[] => policy.schemasOf(subject).map(registered)

  return {
    names: ({ retired }) => policy.subjects().filter((subject) => retired || contract(subject)?.state !== 'retired'),
    contract,
    versions,
    version(subject, version) {
      const isLatest = version === 'latest' || version === '-1'
      if (!isLatest && !positive.test(version)) return 42202
      const all = versions(subject)
      if (all.length === 0) return 40401
      const found = isLatest ? all.at(-1) : all.find((each) => each.version === Number(version))
      return found ?? 40402
    },
    lookUp(subject, schema) {
      const all = versions(subject)
      if (all.length === 0) return 40401
      const text = givenText(subject, schema)
      if (text === undefined) return 42201
      return all.find((each) => each.schema === text) ?? 40403
    },
    withId(id) {
      const found = positive.test(id) ? policy.schemaById(Number(id)) : undefined
      return found && registered(found)
    },
  }
}

/** Whoever looks up a schema that could be none of ours gets to know that it is not valid here, not why. */
function givenText(subject: string, schema: string): string | undefined {
  try {
    return schemaTextOf(typeOfAvroName(subject) ?? '', JSON.parse(schema) as object)
  } catch {
    return undefined
  }
}

/** The schema in a text, if it is JSON and an object at all. */
export function parsedSchema(text: string): object | undefined {
  try {
    const schema: unknown = JSON.parse(text)
    return typeof schema === 'object' && schema !== null && !Array.isArray(schema) ? schema : undefined
  } catch {
    return undefined
  }
}

/** The schema in a text, if it could be one of the contract's. */
export function validSchema(type: string, text: string): object | undefined {
  const schema = parsedSchema(text)
  try {
    if (schema !== undefined) schemaRules.requireValid(type, schema)
    return schema
  } catch (error) {
    if (error instanceof Problem) return undefined
    throw error
  }
}
