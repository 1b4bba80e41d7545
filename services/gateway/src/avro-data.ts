import { schemaIdOf, wireHeaderBytes } from '@unavez/contracts'
import { apiLimits, Problem, type Text } from '@unavez/protocol'

import { type Offer, offeredVersion } from './offer.ts'
import type { CompiledContract, CompiledContracts } from './compiled-contract.ts'

/** Data that came as Avro. */
export interface AvroData {
  readonly bytes: Buffer
  /** Where it stands in what was offered. */
  readonly pointer: '/data' | '/data_base64'
}

const texts = {
  inBase64: { es: 'Los datos en Avro van en data_base64', en: 'Avro data goes in data_base64' },
  base64: { es: 'Se espera un texto en base64', en: 'A base64 string is expected' },
  header: {
    es: 'Se espera el formato de Confluent (un byte cero, el id del esquema, el registro), o dataschema con el registro solo',
    en: 'Confluent’s wire format is expected (a zero byte, the schema’s id, the record), or dataschema with the record alone',
  },
  ofAnother: {
    es: 'El id del esquema no es de una versión publicada del contrato',
    en: 'The schema’s id is of no published version of the contract',
  },
} as const satisfies Record<string, Text>

/** `data` of binary mode is the body's bytes, which JSON can't be; of structured mode, `data_base64`. */
export function readAvroData({ data, text }: { readonly data: unknown; readonly text: unknown }): AvroData {
  if (Buffer.isBuffer(data) && text === undefined) return { bytes: data, pointer: '/data' }
  if (data !== undefined) throw new Problem('event-invalid', { pointer: '/data', detail: texts.inBase64 })
  const pointer = '/data_base64'
  if (typeof text !== 'string') throw new Problem('event-invalid', { pointer, detail: texts.base64 })
  if (text.length > apiLimits.eventBytes * 2) throw new Problem('event-too-large', { pointer })
  const bytes = Buffer.from(text, 'base64')
  // One text per value: what Buffer would pass over is refused.
  if (bytes.toString('base64') !== text) throw new Problem('event-invalid', { pointer, detail: texts.base64 })
  return { bytes, pointer }
}

/**
 * The same offer with its data as plain JSON, which is checked and encoded like any other, and the version that wrote it:
 * the one that `dataschema` names, of a bare record; else the one of the schema id in Confluent's wire format.
 * Refuses 'data-invalid', 'event-invalid', 'event-too-large' or 'contract-not-published'.
 */
export function readAvro(
  contracts: CompiledContracts,
  offer: Offer,
  { bytes, pointer }: AvroData,
): readonly [Offer, CompiledContract] {
  const { envelope } = offer
  const isBare = envelope.dataschema !== undefined
  const compiled = isBare ? offeredVersion(contracts, offer) : writerOf(contracts, offer, { bytes, pointer })
  const avro = isBare ? bytes : bytes.subarray(wireHeaderBytes)
  const data = compiled.contract.decodeForeign(avro, pointer)
  return [{ ...offer, envelope: { ...envelope, avro: undefined, data } }, compiled]
}

function writerOf(contracts: CompiledContracts, { contract }: Offer, { bytes, pointer }: AvroData): CompiledContract {
  if (contracts.of(contract) === undefined) throw new Problem('contract-not-published')
  const id = headerOf(bytes, pointer)
  const version = contract.versions.findLast(({ schemaId }) => schemaId === id)?.version
  const compiled = version === undefined ? undefined : contracts.of(contract, version)
  if (compiled === undefined) throw new Problem('data-invalid', { pointer, detail: texts.ofAnother })
  return compiled
}

function headerOf(bytes: Buffer, pointer: string): number {
  try {
    return schemaIdOf(bytes)
  } catch {
    throw new Problem('data-invalid', { pointer, detail: texts.header })
  }
}
