import { payloadHash } from '@unavez/contracts'
import { partitionOf } from '@unavez/engine'
import { eventHeaders, traceIdOf } from '@unavez/exchange'
import { Problem } from '@unavez/protocol'

import type { CompiledContract, CompiledContracts } from './compiled-contract.ts'
import type { Offer } from './offer.ts'
import { namedRoots, type NamedRoots, type Naming } from './named-roots.ts'
import type { Candidate } from './offered.ts'
import type { Salts } from './salts.ts'

export interface Making extends Naming {
  readonly contracts: CompiledContracts
  readonly salts: Salts
}

/**
 * Encodes an offer by a version of its contract. Refuses data that does not follow it ('data-invalid', 'identifier-invalid',
 * 'event-too-large') and text that holds an identifier ('identifier-in-clear'), with the pointer of the fault.
 */
export function makeCandidate(making: Making, offer: Offer, compiled: CompiledContract): Candidate {
  const { envelope, speaker } = offer
  const { contract, version, schemaId, topic, textCheck } = compiled
  const encoded = contract.encode(envelope.data, { schemaId })
  const { wire, data } = encoded
  textCheck?.(data, '/data')
  const hash = payloadHash({
    type: envelope.type,
    occurredat: envelope.occurredat,
    changetype: envelope.changetype,
    previouseventid: envelope.previouseventid,
    data,
  })
  const roots = namedRoots(offer, encoded, making)
  const keyBytes = Buffer.from(roots.subject)
  const headers = headersOf(offer, compiled)
  headers[eventHeaders.salt] = making.salts.next()
  headers[eventHeaders.subject] = roots.subject
  headers[eventHeaders.payloadHash] = hash
  nameRoots(headers, roots)
  return {
    institution: speaker.institution,
    id: envelope.id,
    hash,
    version,
    source: speaker.source,
    traceId: traceIdOf(offer.traceparent),
    message: {
      topic,
      partition: partitionOf(keyBytes),
      key: keyBytes,
      value: wire,
      headers,
    },
    by: (other) => {
      const earlier = making.contracts.of(offer.contract, other)
      if (earlier === undefined) throw new Problem('contract-not-published')
      return makeCandidate(making, offer, earlier)
    },
  }
}

function nameRoots(headers: Record<string, Buffer | string>, { parties, joined, link }: NamedRoots): void {
  if (parties.length > 0) headers[eventHeaders.parties] = parties.join()
  if (joined.length > 0) headers[eventHeaders.joined] = [...new Set(joined)].join()
  if (link !== undefined) headers[eventHeaders.link] = link
}

function headersOf(offer: Offer, { headers }: CompiledContract): Record<string, Buffer | string> {
  const { envelope, speaker, controlOffset, traceparent } = offer
  const { changetype, previouseventid, causedby } = envelope
  const made: Record<string, Buffer | string> = {
    [eventHeaders.specversion]: '1.0',
    [eventHeaders.id]: envelope.id,
    [eventHeaders.source]: speaker.source,
    [eventHeaders.type]: envelope.type,
    [eventHeaders.time]: envelope.time,
    [eventHeaders.occurredat]: envelope.occurredat,
    [eventHeaders.dataschema]: headers.dataschema,
    [eventHeaders.contentType]: 'application/avro',
    [eventHeaders.contractVersion]: headers.contractVersion,
    [eventHeaders.by]: speaker.by,
    [eventHeaders.decidedAt]: String(controlOffset),
    [eventHeaders.traceparent]: traceparent,
    [eventHeaders.changetype]: changetype,
  }
  if (changetype === 'baseline') made[eventHeaders.baseline] = '1'
  if (previouseventid !== undefined) made[eventHeaders.previouseventid] = previouseventid
  if (causedby !== undefined) made[eventHeaders.causedby] = causedby
  if (envelope.late) made[eventHeaders.late] = '1'
  return made
}
