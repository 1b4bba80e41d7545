import { avroName } from '@unavez/contracts'

import type { ContractState } from './state.ts'

/** A published version of a contract, as a schema registry tells it. */
export interface PublishedSchema {
  /** Confluent schema id: the same for the same schema, unique for ever, from 1. */
  readonly id: number
  /** Avro full name; the registry's subject. */
  readonly subject: string
  readonly contract: string
  readonly version: number
  readonly schema: object
}

/** Published versions by schema id and by subject. */
export class Catalogue {
  readonly #byId = new Map<number, PublishedSchema>()
  readonly #bySubject = new Map<string, PublishedSchema[]>()
  readonly #domains = new Set<string>()

  add(contract: ContractState, version: number): void {
    const { schema, schemaId: id } = contract.versions.find((each) => each.version === version) ?? {}
    if (schema === undefined || id === undefined) return
    const subject = fullName(contract.type)
    const published = { id, subject, contract: contract.type, version, schema }
    if (!this.#byId.has(id)) this.#byId.set(id, published)
    this.#bySubject.set(subject, [...(this.#bySubject.get(subject) ?? []), published])
    if (contract.kind === 'event') this.#domains.add(contract.domain)
  }

  schemaById(id: number): PublishedSchema | undefined {
    return this.#byId.get(id)
  }

  schemasOf(subject: string): readonly PublishedSchema[] {
    return this.#bySubject.get(subject) ?? []
  }

  subjects(): readonly string[] {
    return [...this.#bySubject.keys()].toSorted()
  }

  domains(): readonly string[] {
    return [...this.#domains].toSorted()
  }
}

/** A contract's type says how its record is named; one that names no record is under no subject that can be asked for. */
function fullName(type: string): string {
  const name = avroName(type)
  return name === undefined ? '' : `${name.namespace}.${name.name}`
}
