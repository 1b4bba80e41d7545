// Made by schemas/generate.ts from pa/residence/address-changed.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** A person declared a new residence. The corregimiento is published, not the address. */
export interface AddressChanged {
  /** Identity number of the person */
  readonly person: string
  /** Former corregimiento: six-digit code; absent if none was on record */
  readonly previousPlace?: string | null
  /** New corregimiento: six-digit code of province, district and corregimiento */
  readonly place: string
  /** Date from which it holds */
  readonly effectiveDate: string
}

export const addressChanged = {
  type: "pa.gob.residence.address-changed.v1",
  kind: "event",
  domain: "residence",
  owner: "te",
  retention: "P90D",
  description: {"es":"Residencia cambiada: de qué corregimiento a cuál","en":"Residence changed: from which corregimiento to which"},
  schema: {
    type: "record",
    name: "AddressChanged",
    namespace: "pa.gob.residence.v1",
    doc: {"es":"Una persona declaró su residencia nueva. Se publica el corregimiento, no la dirección.","en":"A person declared a new residence. The corregimiento is published, not the address."},
    fields: [
      {"name":"person","type":"string","identifies":"person","scheme":"pa-cedula","role":"key","classification":"personal","doc":{"es":"Cédula de la persona","en":"Identity number of the person"}},
      {"name":"previousPlace","type":["null","string"],"default":null,"classification":"personal","doc":{"es":"Corregimiento anterior: código de seis dígitos; ausente si no constaba","en":"Former corregimiento: six-digit code; absent if none was on record"}},
      {"name":"place","type":"string","classification":"personal","doc":{"es":"Corregimiento nuevo: código de seis dígitos de provincia, distrito y corregimiento","en":"New corregimiento: six-digit code of province, district and corregimiento"}},
      {"name":"effectiveDate","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha desde la que vale","en":"Date from which it holds"}},
    ],
  },
} as const satisfies EventDocument

export const addressChangedSample: AddressChanged = {
  person: "8-9999-501",
  previousPlace: "040601",
  place: "080102",
  effectiveDate: "2026-11-01",
}
