// Made by schemas/generate.ts from pa/tax/clearance-changed.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** It changed whether a taxpayer has settled its taxes. How much is owed is not published. */
export interface ClearanceChanged {
  /** Taxpayer number; a natural person’s is the identity number */
  readonly taxpayer: string
  /** Clear, owing or in an arrangement */
  readonly status: 'clear' | 'owing' | 'in_arrangement'
  /** Last day of validity; absent if not clear */
  readonly validUntil?: string | null
}

export const clearanceChanged = {
  type: "pa.gob.tax.clearance-changed.v1",
  kind: "event",
  domain: "tax",
  owner: "dgi",
  retention: "P90D",
  description: {"es":"Paz y salvo tributario cambiado: estado y vigencia, sin montos","en":"Tax clearance changed: status and validity, no amounts"},
  schema: {
    type: "record",
    name: "ClearanceChanged",
    namespace: "pa.gob.tax.v1",
    doc: {"es":"Cambió si un contribuyente está a paz y salvo con el fisco. No se publica cuánto debe.","en":"It changed whether a taxpayer has settled its taxes. How much is owed is not published."},
    fields: [
      {"name":"taxpayer","type":"string","identifies":"business","scheme":"pa-ruc","role":"key","classification":"personal","doc":{"es":"RUC del contribuyente; el de una persona natural es su cédula","en":"Taxpayer number; a natural person’s is the identity number"}},
      {"name":"status","type":{"type":"enum","name":"ClearanceStatus","symbols":["clear","owing","in_arrangement"]},"classification":"personal","doc":{"es":"A paz y salvo, moroso o con arreglo de pago","en":"Clear, owing or in an arrangement"}},
      {"name":"validUntil","type":["null",{"type":"int","logicalType":"date"}],"default":null,"classification":"personal","doc":{"es":"Último día de vigencia; ausente si no está a paz y salvo","en":"Last day of validity; absent if not clear"}},
    ],
  },
} as const satisfies EventDocument

export const clearanceChangedSample: ClearanceChanged = {
  taxpayer: "999155001-2-2026",
  status: "clear",
  validUntil: "2026-12-31",
}
