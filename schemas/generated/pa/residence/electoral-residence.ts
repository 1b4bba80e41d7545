// Made by schemas/generate.ts from pa/residence/electoral-residence.avsc: change that and generate again.

import type { EvidenceDocument } from '../../../document.ts'

/** A person’s residence in the electoral roll. */
export interface ElectoralResidence {
  /** Identity number of the person */
  readonly person: string
  /** Corregimiento: six-digit code */
  readonly place: string
  /** Date since which it holds; absent if not on record */
  readonly since?: string | null
}

export const electoralResidence = {
  type: "pa.gob.residence.electoral-residence.v1",
  kind: "evidence",
  domain: "residence",
  owner: "te",
  validity: "P3M",
  staleOn: ["pa.gob.residence.address-changed.v1"],
  answerWithin: "PT1H",
  previewRequired: false,
  description: {"es":"Residencia electoral: el corregimiento que la persona declaró","en":"Electoral residence: the corregimiento that the person declared"},
  schema: {
    type: "record",
    name: "ElectoralResidence",
    namespace: "pa.gob.residence.v1",
    doc: {"es":"La residencia de una persona en el padrón electoral.","en":"A person’s residence in the electoral roll."},
    fields: [
      {"name":"person","type":"string","identifies":"person","scheme":"pa-cedula","role":"key","classification":"personal","doc":{"es":"Cédula de la persona","en":"Identity number of the person"}},
      {"name":"place","type":"string","classification":"personal","doc":{"es":"Corregimiento: código de seis dígitos","en":"Corregimiento: six-digit code"}},
      {"name":"since","type":["null",{"type":"int","logicalType":"date"}],"default":null,"classification":"personal","doc":{"es":"Fecha desde la que vale; ausente si no consta","en":"Date since which it holds; absent if not on record"}},
    ],
  },
} as const satisfies EvidenceDocument

export const electoralResidenceSample: ElectoralResidence = {
  person: "8-9999-501",
  place: "080102",
  since: "2026-11-01",
}
