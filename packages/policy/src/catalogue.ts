import { avroName } from '@unavez/contracts'

import { beginning, type Section } from './section.ts'
import type { ContractState } from './state.ts'
import type { Table } from './table.ts'

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

/** With the schema where the contract itself can't be read any more; with the domain where it is one of events. */
type Row = readonly [id: number, contract: string, version: number, domain: string | null, schema?: object]

/** Published versions by schema id and by subject: what was published stays readable, whatever becomes of its contract. */
export class Catalogue {
  readonly #contracts: Table<ContractState>
  readonly #all: Row[] = []
  readonly #byId = new Map<number, PublishedSchema>()
  readonly #bySubject = new Map<string, PublishedSchema[]>()
  readonly #domains = new Set<string>()

  constructor(contracts: Table<ContractState>) {
    this.#contracts = contracts
  }

  /** A version that the contract has and that was just published. */
  add(contract: string, version: number): void {
    const state = this.#contracts.get(contract)
    const id = state?.versions.find((each) => each.version === version)?.schemaId
    if (state === undefined || id === undefined) return
    this.#add([id, contract, version, state.kind === 'event' ? state.domain : null])
  }

  section(): Section<Row> {
    return {
      kind: 'schema',
      rows: () => Iterator.from(beginning(this.#all, this.#all.length)).map((row) => this.#whole(row)),
      take: (row) => this.#add(row),
    }
  }

  #whole([id, contract, version, domain]: Row): Row {
    const row = [id, contract, version, domain] as const
    const { schema } = this.#contracts.get(contract) === undefined ? (this.#published(row) ?? {}) : {}
    return schema === undefined ? row : [...row, schema]
  }

  #published([, contract, version]: Row): PublishedSchema | undefined {
    return this.schemasOf(fullName(contract)).find((each) => each.contract === contract && each.version === version)
  }

  #add([id, contract, version, domain, kept]: Row): void {
    const schema = kept ?? this.#contracts.get(contract)?.versions.find((each) => each.version === version)?.schema
    if (schema === undefined) return
    const subject = fullName(contract)
    const published = { id, subject, contract, version, schema }
    this.#all.push([id, contract, version, domain])
    if (!this.#byId.has(id)) this.#byId.set(id, published)
    const under = this.#bySubject.get(subject)
    if (under === undefined) this.#bySubject.set(subject, [published])
    else under.push(published)
    if (domain !== null) this.#domains.add(domain)
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
