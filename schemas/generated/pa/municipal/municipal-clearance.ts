// Made by schemas/generate.ts from pa/municipal/municipal-clearance.avsc: change that and generate again.

import type { EvidenceDocument } from '../../../document.ts'

/** Whether a person or business has settled its dues with the municipality. The municipality may answer at a desk. */
export interface MunicipalClearance {
  /** Taxpayer number; a natural person’s is the identity number */
  readonly taxpayer: string
  /** District: four-digit code */
  readonly municipality: string
  /** Whether it is clear */
  readonly clear: boolean
  /** Last day of validity; absent if it is not */
  readonly validUntil?: string | null
}

export const municipalClearance = {
  type: "pa.gob.municipal.municipal-clearance.v1",
  kind: "evidence",
  domain: "municipal",
  owner: "mupa",
  validity: "P1M",
  staleOn: [],
  answerWithin: "P2D",
  previewRequired: false,
  description: {"es":"Paz y salvo municipal: si nada se debe al municipio, sin montos","en":"Municipal clearance: whether nothing is owed to the municipality, no amounts"},
  schema: {
    type: "record",
    name: "MunicipalClearance",
    namespace: "pa.gob.municipal.v1",
    doc: {"es":"Si una persona o empresa está a paz y salvo con el municipio. El municipio puede responder por ventanilla.","en":"Whether a person or business has settled its dues with the municipality. The municipality may answer at a desk."},
    fields: [
      {"name":"taxpayer","type":"string","identifies":"business","scheme":"pa-ruc","role":"key","classification":"personal","doc":{"es":"RUC; el de una persona natural es su cédula","en":"Taxpayer number; a natural person’s is the identity number"}},
      {"name":"municipality","type":"string","classification":"personal","doc":{"es":"Distrito: código de cuatro dígitos","en":"District: four-digit code"}},
      {"name":"clear","type":"boolean","classification":"personal","doc":{"es":"Si está a paz y salvo","en":"Whether it is clear"}},
      {"name":"validUntil","type":["null",{"type":"int","logicalType":"date"}],"default":null,"classification":"personal","doc":{"es":"Último día de vigencia; ausente si no lo está","en":"Last day of validity; absent if it is not"}},
    ],
  },
} as const satisfies EvidenceDocument

export const municipalClearanceSample: MunicipalClearance = {
  taxpayer: "8-9999-911",
  municipality: "0801",
  clear: true,
  validUntil: "2026-12-15",
}
