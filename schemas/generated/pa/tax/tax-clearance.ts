// Made by schemas/generate.ts from pa/tax/tax-clearance.avsc: change that and generate again.

import type { EvidenceDocument } from '../../../document.ts'

/** Whether a taxpayer has settled its taxes. */
export interface TaxClearance {
  /** Taxpayer number; a natural person’s is the identity number */
  readonly taxpayer: string
  /** Whether it is clear */
  readonly clear: boolean
  /** Last day of validity; absent if it is not */
  readonly validUntil?: string | null
}

export const taxClearance = {
  type: "pa.gob.tax.tax-clearance.v1",
  kind: "evidence",
  domain: "tax",
  owner: "dgi",
  validity: "P1M",
  staleOn: ["pa.gob.tax.clearance-changed.v1","pa.gob.tax.taxpayer-status-changed.v1"],
  answerWithin: "PT1H",
  previewRequired: false,
  description: {"es":"Paz y salvo tributario: si nada se debe, sin montos","en":"Tax clearance: whether nothing is owed, no amounts"},
  schema: {
    type: "record",
    name: "TaxClearance",
    namespace: "pa.gob.tax.v1",
    doc: {"es":"Si un contribuyente está a paz y salvo con el fisco.","en":"Whether a taxpayer has settled its taxes."},
    fields: [
      {"name":"taxpayer","type":"string","identifies":"business","scheme":"pa-ruc","role":"key","classification":"personal","doc":{"es":"RUC; el de una persona natural es su cédula","en":"Taxpayer number; a natural person’s is the identity number"}},
      {"name":"clear","type":"boolean","classification":"personal","doc":{"es":"Si está a paz y salvo","en":"Whether it is clear"}},
      {"name":"validUntil","type":["null",{"type":"int","logicalType":"date"}],"default":null,"classification":"personal","doc":{"es":"Último día de vigencia; ausente si no lo está","en":"Last day of validity; absent if it is not"}},
    ],
  },
} as const satisfies EvidenceDocument

export const taxClearanceSample: TaxClearance = {
  taxpayer: "999155001-2-2026",
  clear: true,
  validUntil: "2026-12-31",
}
