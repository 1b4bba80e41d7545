import { refuseIdentifier } from '@unavez/contracts'
import { openContracts } from '@unavez/exchange'
import { addDuration, Problem } from '@unavez/protocol'
import type { Surroundings } from '@unavez/service-kit'

import type { EvidenceMetadata, RequestState } from './facts.ts'
import type { EvidenceCommand } from './request.ts'
import { openHidden, type Sealing, sealPart } from './sealing.ts'

/** What a provider answers, as the body says it. */
export type Given =
  | { readonly outcome: 'supplied'; readonly evidence: EvidenceMetadata; readonly data?: unknown }
  | { readonly outcome: 'available-later'; readonly at: string }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'not-found' | 'more-information-needed' | 'ambiguous' }

/** From a provider's answer to the command that it is: checked against contract and request, sealed before anything is written. */
export class Answering {
  readonly #surroundings: Surroundings
  readonly #sealing: Sealing
  readonly #contracts: ReturnType<typeof openContracts>

  constructor(surroundings: Surroundings, sealing: Sealing) {
    this.#surroundings = surroundings
    this.#sealing = sealing
    this.#contracts = openContracts(surroundings.control.policy)
  }

  /** Refuses what does not fit the contract, is about somebody else, or is too old; the request stays open then. */
  async commandOf(state: RequestState, given: Given): Promise<EvidenceCommand> {
    switch (given.outcome) {
      case 'supplied':
        return this.#supply(state, given)
      case 'available-later':
        return { do: 'postpone', at: given.at }
      case 'refused':
        refuseIdentifier(given.reason, '/reason')
        return { do: 'refuse', reason: given.reason }
      case 'not-found':
        return { do: 'not-found' }
      case 'more-information-needed':
        return { do: 'need', need: 'more-information' }
      case 'ambiguous':
        return { do: 'need', need: 'choice' }
    }
  }

  async #supply(
    state: RequestState,
    { evidence, data }: Extract<Given, { outcome: 'supplied' }>,
  ): Promise<EvidenceCommand> {
    // A key that is gone belongs to a request that is over: the decider says so.
    const key = await this.#sealing.of(state.id).catch(() => undefined)
    const contract = this.#surroundings.control.policy.contract(state.evidenceType)
    const schemaId = contract?.versions.findLast((version) => version.state === 'published')?.schemaId
    if (contract === undefined || schemaId === undefined) throw new Problem('contract-not-published')
    const { contract: compiled, version } = this.#contracts(schemaId)
    const { wire, key: about } = compiled.encode(data, { schemaId })
    refuseIdentifier(evidence.issuedBy, '/evidence/issuedBy')
    const metadata = { ...evidence, ...this.#validity(evidence, contract.evidence?.validity) }
    if (key === undefined) return { do: 'supply', evidence: metadata, sealed: '', contractVersion: version }
    const { subject } = openHidden(key, state.sealed)
    if (about.scheme !== subject.scheme || about.id !== subject.id)
      throw new Problem('evidence-subject-mismatch', { pointer: '/data' })
    this.#requireFresh(state, metadata)
    return { do: 'supply', evidence: metadata, sealed: sealPart(key, 'answer', wire), contractVersion: version }
  }

  /** What the provider says, else what the contract says of all evidence of the type. */
  #validity(
    { validUntil, issuedAt }: EvidenceMetadata,
    validity: string | undefined,
  ): { readonly validUntil?: string } {
    if (validUntil !== undefined || validity === undefined) return {}
    const until = addDuration(new Date(issuedAt), validity)
    return until === undefined ? {} : { validUntil: until.toISOString() }
  }

  #requireFresh({ maxAge }: RequestState, { asOf, validUntil }: EvidenceMetadata): void {
    const now = this.#surroundings.clock.now().getTime()
    const staleAt = maxAge === undefined ? undefined : addDuration(new Date(asOf), maxAge)
    if (staleAt !== undefined && staleAt.getTime() < now)
      throw new Problem('evidence-too-old', { pointer: '/evidence/asOf' })
    if (validUntil !== undefined && Date.parse(validUntil) <= now)
      throw new Problem('evidence-too-old', { pointer: '/evidence/validUntil' })
  }
}
