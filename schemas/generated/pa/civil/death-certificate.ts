// Made by schemas/generate.ts from pa/civil/death-certificate.avsc: change that and generate again.

import type { EvidenceDocument } from '../../../document.ts'

/** What the civil registry has on record of a death, without its cause. */
export interface DeathCertificate {
  /** Identity number of the deceased */
  readonly deceased: string
  /** Date of death */
  readonly deathDate: string
  /** Corregimiento of death: six-digit code */
  readonly deathPlace: string
  /** Number of the entry */
  readonly registrationNumber: string
}

export const deathCertificate = {
  type: "pa.gob.civil.death-certificate.v1",
  kind: "evidence",
  domain: "civil",
  owner: "te",
  validity: "P1Y",
  staleOn: ["pa.gob.civil.death-registered.v1"],
  answerWithin: "PT1H",
  previewRequired: false,
  description: {"es":"Certificado de defunción: caduca si la inscripción se corrige o anula","en":"Death certificate: stale once the registration is corrected or annulled"},
  schema: {
    type: "record",
    name: "DeathCertificate",
    namespace: "pa.gob.civil.v1",
    doc: {"es":"Lo que consta de una defunción en el Registro Civil, sin la causa.","en":"What the civil registry has on record of a death, without its cause."},
    fields: [
      {"name":"deceased","type":"string","identifies":"person","scheme":"pa-cedula","role":"key","classification":"personal","doc":{"es":"Cédula de la persona fallecida","en":"Identity number of the deceased"}},
      {"name":"deathDate","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha de defunción","en":"Date of death"}},
      {"name":"deathPlace","type":"string","classification":"personal","doc":{"es":"Corregimiento donde murió: código de seis dígitos","en":"Corregimiento of death: six-digit code"}},
      {"name":"registrationNumber","type":"string","classification":"personal","doc":{"es":"Número de la inscripción","en":"Number of the entry"}},
    ],
  },
} as const satisfies EvidenceDocument

export const deathCertificateSample: DeathCertificate = {
  deceased: "8-9999-100",
  deathDate: "2026-11-18",
  deathPlace: "080103",
  registrationNumber: "DF-2026-8812",
}
