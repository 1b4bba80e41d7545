// Made by schemas/generate.ts from pa/business/operation-notice-issued.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** The Ministry of Commerce issued the notice with which an establishment may operate. */
export interface OperationNoticeIssued {
  /** Taxpayer number of who operates; a natural person’s is the identity number */
  readonly merchant: string
  /** Number of the operation notice */
  readonly notice: string
  /** Main activity: four-digit ISIC code */
  readonly activity: string
  /** The establishment */
  readonly establishment: Establishment
  /** Date on which it starts to operate */
  readonly startsOn: string
}

/** Where it operates */
interface Establishment {
  /** Trade name */
  readonly name: string
  /** Corregimiento: six-digit code */
  readonly place: string
}

export const operationNoticeIssued = {
  type: "pa.gob.business.operation-notice-issued.v1",
  kind: "event",
  domain: "business",
  owner: "mici",
  retention: "P90D",
  description: {"es":"Aviso de operación emitido: actividad y establecimiento","en":"Operation notice issued: activity and establishment"},
  schema: {
    type: "record",
    name: "OperationNoticeIssued",
    namespace: "pa.gob.business.v1",
    doc: {"es":"El Ministerio de Comercio e Industrias emitió el aviso con el que un establecimiento puede operar.","en":"The Ministry of Commerce issued the notice with which an establishment may operate."},
    fields: [
      {"name":"merchant","type":"string","identifies":"business","scheme":"pa-ruc","role":"key","classification":"personal","doc":{"es":"RUC de quien opera; el de una persona natural es su cédula","en":"Taxpayer number of who operates; a natural person’s is the identity number"}},
      {"name":"notice","type":"string","classification":"personal","doc":{"es":"Número del aviso de operación","en":"Number of the operation notice"}},
      {"name":"activity","type":"string","classification":"personal","doc":{"es":"Actividad principal: código CIIU de cuatro cifras","en":"Main activity: four-digit ISIC code"}},
      {"name":"establishment","type":{"type":"record","name":"Establishment","doc":{"es":"Dónde se opera","en":"Where it operates"},"fields":[{"name":"name","type":"string","classification":"personal","doc":{"es":"Nombre comercial","en":"Trade name"}},{"name":"place","type":"string","classification":"personal","doc":{"es":"Corregimiento: código de seis dígitos","en":"Corregimiento: six-digit code"}}]},"classification":"personal","doc":{"es":"El establecimiento","en":"The establishment"}},
      {"name":"startsOn","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha de inicio de operaciones","en":"Date on which it starts to operate"}},
    ],
  },
} as const satisfies EventDocument

export const operationNoticeIssuedSample: OperationNoticeIssued = {
  merchant: "999155001-2-2026",
  notice: "AV-2026-99120",
  activity: "5610",
  establishment: {"name":"Café de Altura Ejemplo","place":"080102"},
  startsOn: "2026-11-20",
}
