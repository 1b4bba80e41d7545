import { Contract } from '@unavez/contracts'
import type { ContractState, ContractVersionState } from '@unavez/policy'

import { compileTextCheck, type TextCheck } from './free-text.ts'

/** A published version of a contract, ready for the hot path: what its records share is made once. */
export interface CompiledContract {
  readonly contract: Contract
  readonly version: number
  readonly schemaId: number
  readonly topic: string
  readonly textCheck: TextCheck | undefined
  readonly headers: {
    readonly dataschema: string
    readonly contractVersion: string
  }
}

/** Compiles on first use; policy replaces its states when they change, so nothing here is ever outdated. */
export class CompiledContracts {
  readonly #publicUrl: string
  readonly #versions = new WeakMap<ContractVersionState, CompiledContract>()

  constructor(publicUrl: string) {
    this.#publicUrl = publicUrl
  }

  /** The newest published version, or the one asked for; undefined if it is not published. */
  of(state: ContractState, version?: number): CompiledContract | undefined {
    const found = state.versions.findLast(
      (each) => each.state === 'published' && (version === undefined || each.version === version),
    )
    if (found?.schemaId === undefined) return undefined
    const kept = this.#versions.get(found)
    if (kept !== undefined) return kept
    const made = this.#compile(state, { ...found, schemaId: found.schemaId })
    this.#versions.set(found, made)
    return made
  }

  /** `<publicUrl>/v1/contracts/<type>/versions/<n>`, or its path alone; undefined if it is none of this contract. */
  versionOf(type: string, dataschema: string): number | undefined {
    const path = dataschema.startsWith(this.#publicUrl) ? dataschema.slice(this.#publicUrl.length) : dataschema
    const start = `/v1/contracts/${type}/versions/`
    const digits = path.startsWith(start) ? path.slice(start.length) : ''
    return /^[1-9]\d{0,8}$/.test(digits) ? Number(digits) : undefined
  }

  #compile(state: ContractState, found: ContractVersionState & { readonly schemaId: number }): CompiledContract {
    const { type, domain } = state
    const { version, schemaId, schema } = found
    const contract = new Contract(type, schema)
    return {
      contract,
      version,
      schemaId,
      topic: `events.${domain}`,
      textCheck: compileTextCheck(contract.fields),
      headers: {
        dataschema: `${this.#publicUrl}/v1/contracts/${type}/versions/${version}`,
        contractVersion: String(version),
      },
    }
  }
}
