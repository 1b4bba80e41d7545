// Made by schemas/generate.ts from pa/tax/taxpayer-registered.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** The tax administration registered a taxpayer, a natural or legal person. */
export interface TaxpayerRegistered {
  /** Taxpayer number; a natural person’s is the identity number */
  readonly taxpayer: string
  /** Check digits (DV) of the taxpayer number: two digits */
  readonly checkDigits: string
  /** Natural or legal person */
  readonly kind: 'natural' | 'legal'
  /** Taxes that it declares: income, sales, property, notice of operation or withholding */
  readonly obligations: readonly ('income' | 'sales' | 'property' | 'notice_of_operation' | 'withholding')[]
  /** Date of registration */
  readonly registeredOn: string
}

export const taxpayerRegistered = {
  type: "pa.gob.tax.taxpayer-registered.v1",
  kind: "event",
  domain: "tax",
  owner: "dgi",
  retention: "P90D",
  description: {"es":"Contribuyente inscrito: RUC, dígito verificador y obligaciones","en":"Taxpayer registered: taxpayer number, check digits and obligations"},
  schema: {
    type: "record",
    name: "TaxpayerRegistered",
    namespace: "pa.gob.tax.v1",
    doc: {"es":"La Dirección General de Ingresos inscribió a un contribuyente, persona natural o jurídica.","en":"The tax administration registered a taxpayer, a natural or legal person."},
    fields: [
      {"name":"taxpayer","type":"string","identifies":"business","scheme":"pa-ruc","role":"key","classification":"personal","doc":{"es":"RUC del contribuyente; el de una persona natural es su cédula","en":"Taxpayer number; a natural person’s is the identity number"}},
      {"name":"checkDigits","type":"string","classification":"personal","doc":{"es":"Dígito verificador (DV) del RUC: dos cifras","en":"Check digits (DV) of the taxpayer number: two digits"}},
      {"name":"kind","type":{"type":"enum","name":"TaxpayerKind","symbols":["natural","legal"]},"classification":"personal","doc":{"es":"Persona natural o jurídica","en":"Natural or legal person"}},
      {"name":"obligations","type":{"type":"array","items":{"type":"enum","name":"Obligation","symbols":["income","sales","property","notice_of_operation","withholding"]}},"classification":"personal","doc":{"es":"Impuestos que declara: renta, ITBMS, inmuebles, aviso de operación o retenciones","en":"Taxes that it declares: income, sales, property, notice of operation or withholding"}},
      {"name":"registeredOn","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha de inscripción","en":"Date of registration"}},
    ],
  },
} as const satisfies EventDocument

export const taxpayerRegisteredSample: TaxpayerRegistered = {
  taxpayer: "999155001-2-2026",
  checkDigits: "78",
  kind: "legal",
  obligations: ["income","sales"],
  registeredOn: "2026-11-13",
}
