// Made by schemas/generate.ts from pa/business/operation-notice.avsc: change that and generate again.

import type { EvidenceDocument } from '../../../document.ts'

/** The notice with which an establishment operates. */
export interface OperationNotice {
  /** Taxpayer number of who operates; a natural person’s is the identity number */
  readonly merchant: string
  /** Number of the notice */
  readonly notice: string
  /** Main activity: four-digit ISIC code */
  readonly activity: string
  /** Corregimiento of the establishment: six-digit code */
  readonly place: string
  /** Whether it is in force */
  readonly inForce: boolean
}

export const operationNotice = {
  type: "pa.gob.business.operation-notice.v1",
  kind: "evidence",
  domain: "business",
  owner: "mici",
  validity: "P3M",
  staleOn: ["pa.gob.business.operation-notice-issued.v1","pa.gob.business.operation-notice-cancelled.v1"],
  answerWithin: "PT1H",
  previewRequired: false,
  description: {"es":"Aviso de operación vigente","en":"Operation notice in force"},
  schema: {
    type: "record",
    name: "OperationNotice",
    namespace: "pa.gob.business.v1",
    doc: {"es":"El aviso con el que un establecimiento opera.","en":"The notice with which an establishment operates."},
    fields: [
      {"name":"merchant","type":"string","identifies":"business","scheme":"pa-ruc","role":"key","classification":"personal","doc":{"es":"RUC de quien opera; el de una persona natural es su cédula","en":"Taxpayer number of who operates; a natural person’s is the identity number"}},
      {"name":"notice","type":"string","classification":"personal","doc":{"es":"Número del aviso","en":"Number of the notice"}},
      {"name":"activity","type":"string","classification":"personal","doc":{"es":"Actividad principal: código CIIU de cuatro cifras","en":"Main activity: four-digit ISIC code"}},
      {"name":"place","type":"string","classification":"personal","doc":{"es":"Corregimiento del establecimiento: código de seis dígitos","en":"Corregimiento of the establishment: six-digit code"}},
      {"name":"inForce","type":"boolean","classification":"personal","doc":{"es":"Si está vigente","en":"Whether it is in force"}},
    ],
  },
} as const satisfies EvidenceDocument

export const operationNoticeSample: OperationNotice = {
  merchant: "999155001-2-2026",
  notice: "AV-2026-99120",
  activity: "5610",
  place: "080102",
  inForce: true,
}
