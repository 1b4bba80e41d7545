// Made by schemas/generate.ts from pa/education/degree-awarded.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** A school awarded a degree and the Ministry of Education registered it. */
export interface DegreeAwarded {
  /** Identity number of the graduate */
  readonly graduate: string
  /** Programme */
  readonly programme: string
  /** Basic, secondary, technical, bachelor, master or doctorate */
  readonly level: 'basic' | 'secondary' | 'technical' | 'bachelor' | 'master' | 'doctorate'
  /** Code of the school */
  readonly institution: string
  /** Date of the award */
  readonly awardedOn: string
  /** Number under which the degree is registered */
  readonly registrationNumber: string
}

export const degreeAwarded = {
  type: "pa.gob.education.degree-awarded.v1",
  kind: "event",
  domain: "education",
  owner: "meduca",
  retention: "P90D",
  description: {"es":"Título otorgado: programa, nivel, institución y fecha","en":"Degree awarded: programme, level, institution and date"},
  schema: {
    type: "record",
    name: "DegreeAwarded",
    namespace: "pa.gob.education.v1",
    doc: {"es":"Un centro educativo otorgó un título y el Ministerio de Educación lo registró.","en":"A school awarded a degree and the Ministry of Education registered it."},
    fields: [
      {"name":"graduate","type":"string","identifies":"person","scheme":"pa-cedula","role":"key","classification":"personal","doc":{"es":"Cédula de quien se graduó","en":"Identity number of the graduate"}},
      {"name":"programme","type":"string","classification":"personal","doc":{"es":"Programa o bachillerato","en":"Programme"}},
      {"name":"level","type":{"type":"enum","name":"DegreeLevel","symbols":["basic","secondary","technical","bachelor","master","doctorate"]},"classification":"personal","doc":{"es":"Básico, media, técnico, licenciatura, maestría o doctorado","en":"Basic, secondary, technical, bachelor, master or doctorate"}},
      {"name":"institution","type":"string","classification":"personal","doc":{"es":"Código del centro educativo","en":"Code of the school"}},
      {"name":"awardedOn","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha de otorgamiento","en":"Date of the award"}},
      {"name":"registrationNumber","type":"string","classification":"personal","doc":{"es":"Número de registro del título","en":"Number under which the degree is registered"}},
    ],
  },
} as const satisfies EventDocument

export const degreeAwardedSample: DegreeAwarded = {
  graduate: "2-9999-901",
  programme: "Bachillerato en Ciencias",
  level: "secondary",
  institution: "ME-0203-017",
  awardedOn: "2025-12-15",
  registrationNumber: "TT-2025-55102",
}
