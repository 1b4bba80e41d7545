// Made by schemas/generate.ts from pa/civil/civil-status.avsc: change that and generate again.

import type { EvidenceDocument } from '../../../document.ts'

/** A person’s civil status at a moment. */
export interface CivilStatus {
  /** Identity number of the person */
  readonly person: string
  /** Civil status */
  readonly status: 'single' | 'married' | 'divorced' | 'widowed'
  /** Date since which it holds; absent if it never changed */
  readonly since?: string | null
  /** Identity number of the spouse; absent if not married */
  readonly spouse?: string | null
}

export const civilStatus = {
  type: "pa.gob.civil.civil-status.v1",
  kind: "evidence",
  domain: "civil",
  owner: "te",
  validity: "P6M",
  staleOn: ["pa.gob.civil.marriage-registered.v1","pa.gob.civil.marriage-dissolved.v1","pa.gob.civil.civil-status-changed.v1","pa.gob.civil.death-registered.v1"],
  answerWithin: "PT1H",
  previewRequired: false,
  description: {"es":"Certificado de estado civil","en":"Certificate of civil status"},
  schema: {
    type: "record",
    name: "CivilStatus",
    namespace: "pa.gob.civil.v1",
    doc: {"es":"El estado civil de una persona en un momento.","en":"A person’s civil status at a moment."},
    fields: [
      {"name":"person","type":"string","identifies":"person","scheme":"pa-cedula","role":"key","classification":"personal","doc":{"es":"Cédula de la persona","en":"Identity number of the person"}},
      {"name":"status","type":{"type":"enum","name":"Status","symbols":["single","married","divorced","widowed"]},"classification":"personal","doc":{"es":"Estado civil","en":"Civil status"}},
      {"name":"since","type":["null",{"type":"int","logicalType":"date"}],"default":null,"classification":"personal","doc":{"es":"Fecha desde la que vale; ausente si nunca cambió","en":"Date since which it holds; absent if it never changed"}},
      {"name":"spouse","type":["null","string"],"default":null,"identifies":"person","scheme":"pa-cedula","role":"party","classification":"personal","doc":{"es":"Cédula del cónyuge; ausente si no está casada","en":"Identity number of the spouse; absent if not married"}},
    ],
  },
} as const satisfies EvidenceDocument

export const civilStatusSample: CivilStatus = {
  person: "8-9999-201",
  status: "married",
  since: "2026-10-03",
  spouse: "4-9999-202",
}
