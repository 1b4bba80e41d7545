// Made by schemas/generate.ts from pa/business/operation-notice-cancelled.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** The Ministry of Commerce cancelled an operation notice, on request or ex officio. */
export interface OperationNoticeCancelled {
  /** Taxpayer number of who operates; a natural person’s is the identity number */
  readonly merchant: string
  /** Number of the operation notice */
  readonly notice: string
  /** Date of cancellation */
  readonly cancelledOn: string
  /** On request, by dissolution, by death or as a sanction */
  readonly reason: 'request' | 'dissolution' | 'death' | 'sanction'
}

export const operationNoticeCancelled = {
  type: "pa.gob.business.operation-notice-cancelled.v1",
  kind: "event",
  domain: "business",
  owner: "mici",
  retention: "P90D",
  description: {"es":"Aviso de operación cancelado","en":"Operation notice cancelled"},
  schema: {
    type: "record",
    name: "OperationNoticeCancelled",
    namespace: "pa.gob.business.v1",
    doc: {"es":"El Ministerio de Comercio e Industrias canceló un aviso de operación, a petición o de oficio.","en":"The Ministry of Commerce cancelled an operation notice, on request or ex officio."},
    fields: [
      {"name":"merchant","type":"string","identifies":"business","scheme":"pa-ruc","role":"key","classification":"personal","doc":{"es":"RUC de quien opera; el de una persona natural es su cédula","en":"Taxpayer number of who operates; a natural person’s is the identity number"}},
      {"name":"notice","type":"string","classification":"personal","doc":{"es":"Número del aviso de operación","en":"Number of the operation notice"}},
      {"name":"cancelledOn","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha de cancelación","en":"Date of cancellation"}},
      {"name":"reason","type":{"type":"enum","name":"NoticeCancellationReason","symbols":["request","dissolution","death","sanction"]},"classification":"personal","doc":{"es":"A petición, por disolución, por muerte o por sanción","en":"On request, by dissolution, by death or as a sanction"}},
    ],
  },
} as const satisfies EventDocument

export const operationNoticeCancelledSample: OperationNoticeCancelled = {
  merchant: "8-9999-701",
  notice: "AV-2014-20118",
  cancelledOn: "2026-10-31",
  reason: "request",
}
