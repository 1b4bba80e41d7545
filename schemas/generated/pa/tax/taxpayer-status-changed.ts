// Made by schemas/generate.ts from pa/tax/taxpayer-status-changed.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** The tax administration changed the status of a taxpayer or its obligations. */
export interface TaxpayerStatusChanged {
  /** Taxpayer number; a natural person’s is the identity number */
  readonly taxpayer: string
  /** Active, suspended or ceased */
  readonly status: 'active' | 'suspended' | 'ceased'
  /** Date since which it holds */
  readonly since: string
  /** Taxes that it declares since then */
  readonly obligations: readonly ('income' | 'sales' | 'property' | 'notice_of_operation' | 'withholding')[]
}

export const taxpayerStatusChanged = {
  type: "pa.gob.tax.taxpayer-status-changed.v1",
  kind: "event",
  domain: "tax",
  owner: "dgi",
  retention: "P90D",
  description: {"es":"Estado del contribuyente cambiado","en":"Status of a taxpayer changed"},
  schema: {
    type: "record",
    name: "TaxpayerStatusChanged",
    namespace: "pa.gob.tax.v1",
    doc: {"es":"La Dirección General de Ingresos cambió el estado de un contribuyente o sus obligaciones.","en":"The tax administration changed the status of a taxpayer or its obligations."},
    fields: [
      {"name":"taxpayer","type":"string","identifies":"business","scheme":"pa-ruc","role":"key","classification":"personal","doc":{"es":"RUC del contribuyente; el de una persona natural es su cédula","en":"Taxpayer number; a natural person’s is the identity number"}},
      {"name":"status","type":{"type":"enum","name":"TaxpayerStatus","symbols":["active","suspended","ceased"]},"classification":"personal","doc":{"es":"Activo, suspendido o cesado","en":"Active, suspended or ceased"}},
      {"name":"since","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha desde la que vale","en":"Date since which it holds"}},
      {"name":"obligations","type":{"type":"array","items":{"type":"enum","name":"Obligation","symbols":["income","sales","property","notice_of_operation","withholding"]}},"classification":"personal","doc":{"es":"Impuestos que declara desde entonces","en":"Taxes that it declares since then"}},
    ],
  },
} as const satisfies EventDocument

export const taxpayerStatusChangedSample: TaxpayerStatusChanged = {
  taxpayer: "8-9999-701",
  status: "ceased",
  since: "2026-10-31",
  obligations: ["income"],
}
