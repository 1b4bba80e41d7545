import { eventHeaders } from '@unavez/exchange'
import { authorize, type Target } from '@unavez/policy'
import { type AcceptedEvent, Problem } from '@unavez/protocol'
import type { Call } from '@unavez/service-kit'

import { readAvro } from './avro-data.ts'
import { makeCandidate, type Making } from './candidate.ts'
import { type Offer, offeredVersion, type Permit } from './offer.ts'
import { isJsonObject, type JsonObject, readEnvelope } from './envelope.ts'
import type { IdsIndex } from './ids-index.ts'
import type { Links } from './links.ts'
import type { Candidate, Turn } from './offered.ts'
import type { Publisher } from './publisher.ts'
import { publishLimits } from './publish-limits.ts'
import type { Speakers } from './speaker.ts'

export interface OfferingOptions extends Making {
  readonly speakers: Speakers
  readonly index: IdsIndex
  readonly publisher: Publisher
  readonly links: Pick<Links, 'settled'>
}

/** From one item of a request to its place in the log, or the Problem that says why not. */
export class Offering {
  readonly #options: OfferingOptions

  constructor(options: OfferingOptions) {
    this.#options = options
  }

  /** What an offer has to be authorised for, from what it says of itself: its contract, or publishing at all if there is none. */
  target(institution: string, offered: unknown): Target {
    const type = isJsonObject(offered) ? offered['type'] : undefined
    const { policy } = this.#options
    if (typeof type !== 'string') return { kind: 'institution', id: institution }
    const known = policy.contract(type) !== undefined || policy.opaque(`contract:${type}`)
    return known ? { kind: 'contract', id: type } : { kind: 'institution', id: institution }
  }

  /** By the version that the offer names or was written with, else the newest. */
  candidate(offer: Offer): Candidate {
    const { contracts } = this.#options
    const { avro } = offer.envelope
    if (avro !== undefined) return makeCandidate(this.#options, ...readAvro(contracts, offer, avro))
    return makeCandidate(this.#options, offer, offeredVersion(contracts, offer))
  }

  /** A repeat is held against the version that its event was accepted in; whatever is no repeat stays refused. */
  async repeat(offer: Offer, refused: unknown): Promise<Candidate> {
    const { contracts, publisher } = this.#options
    const { contract, envelope, speaker } = offer
    const isRefused = refused instanceof Problem && refused.code === 'data-invalid'
    // Avro is of the one version that wrote it.
    const mayBe = isRefused && contract.versions.length > 1 && envelope.avro === undefined
    const row = mayBe ? await publisher.known({ institution: speaker.institution, id: envelope.id }) : undefined
    const compiled = row === undefined ? undefined : contracts.of(contract, row.version)
    if (compiled === undefined) throw refused
    return makeCandidate(this.#options, offer, compiled)
  }

  /** By its own version, or as the repeat that it is of an event that was accepted in another one. */
  ready(offer: Offer): Candidate | Promise<Candidate> {
    try {
      return this.candidate(offer)
    } catch (error) {
      return this.repeat(offer, error)
    }
  }

  publish(candidate: Candidate, turn?: Turn): Promise<AcceptedEvent> {
    const { index, publisher } = this.#options
    const serving = index.serving(candidate.message.topic, publishLimits.servingMs)
    const accepting =
      serving === undefined
        ? publisher.publish(candidate, turn)
        : serving.then(() => publisher.publish(candidate, turn))
    return candidate.message.headers[eventHeaders.link] === undefined ? accepting : this.#linked(candidate, accepting)
  }

  /** Who declares a link is answered when it holds. */
  async #linked(candidate: Candidate, accepting: Promise<AcceptedEvent>): Promise<AcceptedEvent> {
    const accepted = await accepting
    await this.#options.links.settled(candidate)
    return accepted
  }

  /**
   * Authorised, then valid as an envelope: synchronous, so that policy does not move in between. Offers of one call made in
   * one turn share `permits`: what was allowed once is not asked again.
   */
  offer(call: Call, offered: unknown, permits?: Map<string, Permit>): Offer {
    const on = this.target(call.actor.institution, offered)
    const known = on.kind === 'contract' ? permits?.get(on.id) : undefined
    const permit = known ?? this.#permit(call, on, offered)
    if (known === undefined) permits?.set(permit.contract.type, permit)
    if (!isJsonObject(offered)) throw notAnObject()
    const { speaker, contract, controlOffset } = permit
    const envelope = readEnvelope(offered, speaker.source)
    return { envelope, speaker, contract, controlOffset, traceparent: envelope.traceparent ?? call.traceparent }
  }

  #permit(call: Call, on: Target, offered: unknown): Permit {
    const { policy, speakers } = this.#options
    const { actor } = call
    const decision = authorize(policy, { action: 'publish', actor, on }, call.now)
    if (!decision.allowed) throw call.refusal('publish', on, decision)
    if (!isJsonObject(offered)) throw notAnObject()
    const contract = on.kind === 'contract' ? policy.contract(on.id) : undefined
    if (contract === undefined) throw unknownType(offered)
    const institution = policy.institution(actor.institution)
    if (institution === undefined) throw new Problem('forbidden')
    return { speaker: speakers.of(actor, institution), contract, controlOffset: decision.controlOffset }
  }
}

const notAnObject = (): Problem =>
  new Problem('event-invalid', {
    pointer: '',
    detail: { es: 'Un evento es un objeto JSON', en: 'An event is a JSON object' },
  })

function unknownType({ type }: JsonObject): Problem {
  if (typeof type === 'string' && type !== '') return new Problem('event-type-unknown', { pointer: '/type' })
  return new Problem('event-invalid', {
    pointer: '/type',
    detail: { es: 'Se espera un texto', en: 'A string is expected' },
  })
}
