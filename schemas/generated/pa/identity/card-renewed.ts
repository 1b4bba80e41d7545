// Made by schemas/generate.ts from pa/identity/card-renewed.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** The Electoral Tribunal renewed or replaced a person’s identity card; the old one is no longer valid. */
export interface CardRenewed {
  /** Identity number of the person */
  readonly person: string
  /** Serial number of the physical document, other than the identity number */
  readonly cardNumber: string
  /** Serial number of the document that it replaces */
  readonly previousCardNumber: string
  /** Valid, or awaiting collection */
  readonly status: 'valid' | 'awaiting_collection'
  /** Date of issue */
  readonly issuedOn: string
  /** Date of expiry */
  readonly expiresOn: string
  /** Expiry, loss, damage or change of data */
  readonly reason: 'expiry' | 'loss' | 'damage' | 'change_of_data'
}

export const cardRenewed = {
  type: "pa.gob.identity.card-renewed.v1",
  kind: "event",
  domain: "identity",
  owner: "te",
  retention: "P90D",
  description: {"es":"Cédula renovada: documento nuevo en lugar del anterior","en":"Identity card renewed: a new document instead of the old"},
  schema: {
    type: "record",
    name: "CardRenewed",
    namespace: "pa.gob.identity.v1",
    doc: {"es":"El Tribunal Electoral renovó o reemplazó el documento de identidad de una persona; el anterior deja de valer.","en":"The Electoral Tribunal renewed or replaced a person’s identity card; the old one is no longer valid."},
    fields: [
      {"name":"person","type":"string","identifies":"person","scheme":"pa-cedula","role":"key","classification":"personal","doc":{"es":"Cédula de la persona","en":"Identity number of the person"}},
      {"name":"cardNumber","type":"string","classification":"personal","doc":{"es":"Número de serie del documento físico, distinto de la cédula","en":"Serial number of the physical document, other than the identity number"}},
      {"name":"previousCardNumber","type":"string","classification":"personal","doc":{"es":"Número de serie del documento reemplazado","en":"Serial number of the document that it replaces"}},
      {"name":"status","type":{"type":"enum","name":"CardStatus","symbols":["valid","awaiting_collection"]},"classification":"personal","doc":{"es":"Vigente, o por retirar","en":"Valid, or awaiting collection"}},
      {"name":"issuedOn","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha de expedición","en":"Date of issue"}},
      {"name":"expiresOn","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha de expiración","en":"Date of expiry"}},
      {"name":"reason","type":{"type":"enum","name":"RenewalReason","symbols":["expiry","loss","damage","change_of_data"]},"classification":"personal","doc":{"es":"Vencimiento, pérdida, deterioro o cambio de datos","en":"Expiry, loss, damage or change of data"}},
    ],
  },
} as const satisfies EventDocument

export const cardRenewedSample: CardRenewed = {
  person: "8-9999-302",
  cardNumber: "CED-26-000302",
  previousCardNumber: "CED-16-118220",
  status: "valid",
  issuedOn: "2026-11-05",
  expiresOn: "2036-11-05",
  reason: "expiry",
}
