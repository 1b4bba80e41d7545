// Made by schemas/generate.ts from pa/identity/card-issued.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** The Electoral Tribunal issued a person’s first identity card. */
export interface CardIssued {
  /** Identity number of the person */
  readonly person: string
  /** Serial number of the physical document, other than the identity number */
  readonly cardNumber: string
  /** Card of an adult, of a minor or of a foreigner */
  readonly kind: 'adult' | 'minor' | 'foreigner'
  /** Valid, or awaiting collection */
  readonly status: 'valid' | 'awaiting_collection'
  /** Date of issue */
  readonly issuedOn: string
  /** Date of expiry */
  readonly expiresOn: string
}

export const cardIssued = {
  type: "pa.gob.identity.card-issued.v1",
  kind: "event",
  domain: "identity",
  owner: "te",
  retention: "P90D",
  description: {"es":"Cédula expedida por primera vez","en":"Identity card issued for the first time"},
  schema: {
    type: "record",
    name: "CardIssued",
    namespace: "pa.gob.identity.v1",
    doc: {"es":"El Tribunal Electoral expidió el primer documento de identidad de una persona.","en":"The Electoral Tribunal issued a person’s first identity card."},
    fields: [
      {"name":"person","type":"string","identifies":"person","scheme":"pa-cedula","role":"key","classification":"personal","doc":{"es":"Cédula de la persona","en":"Identity number of the person"}},
      {"name":"cardNumber","type":"string","classification":"personal","doc":{"es":"Número de serie del documento físico, distinto de la cédula","en":"Serial number of the physical document, other than the identity number"}},
      {"name":"kind","type":{"type":"enum","name":"CardKind","symbols":["adult","minor","foreigner"]},"classification":"personal","doc":{"es":"Cédula de mayor de edad, juvenil o de extranjero","en":"Card of an adult, of a minor or of a foreigner"}},
      {"name":"status","type":{"type":"enum","name":"CardStatus","symbols":["valid","awaiting_collection"]},"classification":"personal","doc":{"es":"Vigente, o por retirar","en":"Valid, or awaiting collection"}},
      {"name":"issuedOn","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha de expedición","en":"Date of issue"}},
      {"name":"expiresOn","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha de expiración","en":"Date of expiry"}},
    ],
  },
} as const satisfies EventDocument

export const cardIssuedSample: CardIssued = {
  person: "8-9999-301",
  cardNumber: "CED-26-000301",
  kind: "adult",
  status: "valid",
  issuedOn: "2026-11-02",
  expiresOn: "2036-11-02",
}
