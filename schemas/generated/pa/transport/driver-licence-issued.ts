// Made by schemas/generate.ts from pa/transport/driver-licence-issued.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** The transit authority issued or renewed a driver’s licence. */
export interface DriverLicenceIssued {
  /** Identity number of the driver */
  readonly driver: string
  /** Number of the licence */
  readonly licence: string
  /** Categories that it allows, such as A, C or E1 */
  readonly categories: readonly (string)[]
  /** Valid or restricted */
  readonly status: 'valid' | 'restricted'
  /** Date of issue */
  readonly issuedOn: string
  /** Last day of validity */
  readonly validUntil: string
}

export const driverLicenceIssued = {
  type: "pa.gob.transport.driver-licence-issued.v1",
  kind: "event",
  domain: "transport",
  owner: "attt",
  retention: "P90D",
  description: {"es":"Licencia de conducir expedida o renovada: categorías y vigencia","en":"Driver’s licence issued or renewed: categories and validity"},
  schema: {
    type: "record",
    name: "DriverLicenceIssued",
    namespace: "pa.gob.transport.v1",
    doc: {"es":"La Autoridad del Tránsito expidió o renovó una licencia de conducir.","en":"The transit authority issued or renewed a driver’s licence."},
    fields: [
      {"name":"driver","type":"string","identifies":"person","scheme":"pa-cedula","role":"key","classification":"personal","doc":{"es":"Cédula de quien conduce","en":"Identity number of the driver"}},
      {"name":"licence","type":"string","classification":"personal","doc":{"es":"Número de la licencia","en":"Number of the licence"}},
      {"name":"categories","type":{"type":"array","items":"string"},"classification":"personal","doc":{"es":"Categorías que autoriza, como A, C o E1","en":"Categories that it allows, such as A, C or E1"}},
      {"name":"status","type":{"type":"enum","name":"LicenceStatus","symbols":["valid","restricted"]},"classification":"personal","doc":{"es":"Vigente o con restricciones","en":"Valid or restricted"}},
      {"name":"issuedOn","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha de expedición","en":"Date of issue"}},
      {"name":"validUntil","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Último día de vigencia","en":"Last day of validity"}},
    ],
  },
} as const satisfies EventDocument

export const driverLicenceIssuedSample: DriverLicenceIssued = {
  driver: "8-9999-911",
  licence: "LC-2026-77120",
  categories: ["A","C"],
  status: "valid",
  issuedOn: "2026-11-03",
  validUntil: "2030-11-03",
}
