import type { ContractState } from '@unavez/policy'
import { Problem } from '@unavez/protocol'

import type { CompiledContract, CompiledContracts } from './compiled-contract.ts'
import type { Envelope } from './envelope.ts'
import type { Speaker } from './speaker.ts'

/** What policy said to a speaker about a contract. */
export interface Permit {
  readonly speaker: Speaker
  readonly contract: ContractState
  /** The control offset that it was authorised at. */
  readonly controlOffset: number
}

/** An envelope, who offers it, and what policy said. */
export interface Offer extends Permit {
  readonly envelope: Envelope
  /** Of the event if it has one, else of the request. */
  readonly traceparent: string
}

/** Which version of its contract an event is offered in: the one that it names, else the newest. */
export function offeredVersion(contracts: CompiledContracts, { envelope, contract }: Offer): CompiledContract {
  const { type, dataschema } = envelope
  const version = dataschema === undefined ? undefined : contracts.versionOf(type, dataschema)
  const compiled = dataschema !== undefined && version === undefined ? undefined : contracts.of(contract, version)
  if (compiled !== undefined) return compiled
  if (dataschema === undefined) throw new Problem('contract-not-published')
  throw new Problem('event-invalid', {
    pointer: '/dataschema',
    detail: { es: 'No es una versión publicada del contrato', en: 'It is no published version of the contract' },
  })
}
