// Made by schemas/generate.ts from pa/identity/card-cancelled.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** The Electoral Tribunal cancelled a person’s identity card. */
export interface CardCancelled {
  /** Identity number of the person */
  readonly person: string
  /** Serial number of the physical document, other than the identity number */
  readonly cardNumber: string
  /** Cancelled, or suspended until it is resolved */
  readonly status: 'cancelled' | 'suspended'
  /** Date of cancellation */
  readonly cancelledOn: string
  /** Death, duplicate, loss of nationality, end of residence or court order */
  readonly reason: 'death' | 'duplicate' | 'loss_of_nationality' | 'end_of_residence' | 'court_order'
}

export const cardCancelled = {
  type: "pa.gob.identity.card-cancelled.v1",
  kind: "event",
  domain: "identity",
  owner: "te",
  retention: "P90D",
  description: {"es":"Cédula cancelada: el documento deja de valer sin otro en su lugar","en":"Identity card cancelled: it is no longer valid and none takes its place"},
  schema: {
    type: "record",
    name: "CardCancelled",
    namespace: "pa.gob.identity.v1",
    doc: {"es":"El Tribunal Electoral canceló el documento de identidad de una persona.","en":"The Electoral Tribunal cancelled a person’s identity card."},
    fields: [
      {"name":"person","type":"string","identifies":"person","scheme":"pa-cedula","role":"key","classification":"personal","doc":{"es":"Cédula de la persona","en":"Identity number of the person"}},
      {"name":"cardNumber","type":"string","classification":"personal","doc":{"es":"Número de serie del documento físico, distinto de la cédula","en":"Serial number of the physical document, other than the identity number"}},
      {"name":"status","type":{"type":"enum","name":"CancelledCardStatus","symbols":["cancelled","suspended"]},"classification":"personal","doc":{"es":"Cancelada, o suspendida hasta que se resuelva","en":"Cancelled, or suspended until it is resolved"}},
      {"name":"cancelledOn","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha de cancelación","en":"Date of cancellation"}},
      {"name":"reason","type":{"type":"enum","name":"CancellationReason","symbols":["death","duplicate","loss_of_nationality","end_of_residence","court_order"]},"classification":"personal","doc":{"es":"Defunción, duplicidad, pérdida de la nacionalidad, fin de la residencia u orden judicial","en":"Death, duplicate, loss of nationality, end of residence or court order"}},
    ],
  },
} as const satisfies EventDocument

export const cardCancelledSample: CardCancelled = {
  person: "8-9999-100",
  cardNumber: "CED-19-044121",
  status: "cancelled",
  cancelledOn: "2026-11-19",
  reason: "death",
}
