// Made by schemas/generate.ts from pa/transport/driver-licence.avsc: change that and generate again.

import type { EvidenceDocument } from '../../../document.ts'

/** A person’s licence as the transit authority has it on record. */
export interface DriverLicence {
  /** Identity number of the driver */
  readonly driver: string
  /** Number of the licence */
  readonly licence: string
  /** Categories that it allows */
  readonly categories: readonly (string)[]
  /** Valid, restricted, expired, suspended or cancelled */
  readonly status: 'valid' | 'restricted' | 'expired' | 'suspended' | 'cancelled'
  /** Last day of validity */
  readonly validUntil: string
}

export const driverLicence = {
  type: "pa.gob.transport.driver-licence.v1",
  kind: "evidence",
  domain: "transport",
  owner: "attt",
  validity: "P1M",
  staleOn: ["pa.gob.transport.driver-licence-issued.v1","pa.gob.transport.driver-licence-suspended.v1"],
  answerWithin: "PT5M",
  previewRequired: true,
  description: {"es":"Licencia de conducir: categorías, estado y vigencia","en":"Driver’s licence: categories, status and validity"},
  schema: {
    type: "record",
    name: "DriverLicence",
    namespace: "pa.gob.transport.v1",
    doc: {"es":"La licencia de una persona, como consta en la Autoridad del Tránsito.","en":"A person’s licence as the transit authority has it on record."},
    fields: [
      {"name":"driver","type":"string","identifies":"person","scheme":"pa-cedula","role":"key","classification":"personal","doc":{"es":"Cédula de quien conduce","en":"Identity number of the driver"}},
      {"name":"licence","type":"string","classification":"personal","doc":{"es":"Número de la licencia","en":"Number of the licence"}},
      {"name":"categories","type":{"type":"array","items":"string"},"classification":"personal","doc":{"es":"Categorías que autoriza","en":"Categories that it allows"}},
      {"name":"status","type":{"type":"enum","name":"LicenceStanding","symbols":["valid","restricted","expired","suspended","cancelled"]},"classification":"personal","doc":{"es":"Vigente, con restricciones, vencida, suspendida o cancelada","en":"Valid, restricted, expired, suspended or cancelled"}},
      {"name":"validUntil","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Último día de vigencia","en":"Last day of validity"}},
    ],
  },
} as const satisfies EvidenceDocument

export const driverLicenceSample: DriverLicence = {
  driver: "8-9999-911",
  licence: "LC-2026-77120",
  categories: ["A","C"],
  status: "valid",
  validUntil: "2030-11-03",
}
