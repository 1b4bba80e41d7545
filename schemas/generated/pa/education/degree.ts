// Made by schemas/generate.ts from pa/education/degree.avsc: change that and generate again.

import type { EvidenceDocument } from '../../../document.ts'

/** The degrees of a person that the Ministry of Education has registered. The person sees which before they are used. */
export interface Degree {
  /** Identity number of the person */
  readonly graduate: string
  /** All that are on record */
  readonly degrees: readonly (DegreeHeld)[]
}

/** A degree */
interface DegreeHeld {
  /** Programme */
  readonly programme: string
  /** Level */
  readonly level: 'basic' | 'secondary' | 'technical' | 'bachelor' | 'master' | 'doctorate'
  /** Code of the school */
  readonly institution: string
  /** Date of the award */
  readonly awardedOn: string
}

export const degree = {
  type: "pa.gob.education.degree.v1",
  kind: "evidence",
  domain: "education",
  owner: "meduca",
  validity: "P5Y",
  staleOn: ["pa.gob.education.degree-awarded.v1"],
  answerWithin: "P1D",
  previewRequired: true,
  description: {"es":"Título: los que constan de una persona","en":"Degree: those on record of a person"},
  schema: {
    type: "record",
    name: "Degree",
    namespace: "pa.gob.education.v1",
    doc: {"es":"Los títulos de una persona que el Ministerio de Educación tiene registrados. La persona ve cuáles antes de que se usen.","en":"The degrees of a person that the Ministry of Education has registered. The person sees which before they are used."},
    fields: [
      {"name":"graduate","type":"string","identifies":"person","scheme":"pa-cedula","role":"key","classification":"personal","doc":{"es":"Cédula de la persona","en":"Identity number of the person"}},
      {"name":"degrees","type":{"type":"array","items":{"type":"record","name":"DegreeHeld","doc":{"es":"Un título","en":"A degree"},"fields":[{"name":"programme","type":"string","classification":"personal","doc":{"es":"Programa o bachillerato","en":"Programme"}},{"name":"level","type":{"type":"enum","name":"DegreeLevel","symbols":["basic","secondary","technical","bachelor","master","doctorate"]},"classification":"personal","doc":{"es":"Nivel","en":"Level"}},{"name":"institution","type":"string","classification":"personal","doc":{"es":"Código del centro educativo","en":"Code of the school"}},{"name":"awardedOn","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha de otorgamiento","en":"Date of the award"}}]}},"classification":"personal","doc":{"es":"Todos los que constan","en":"All that are on record"}},
    ],
  },
} as const satisfies EvidenceDocument

export const degreeSample: Degree = {
  graduate: "2-9999-901",
  degrees: [{"programme":"Bachillerato en Ciencias","level":"secondary","institution":"ME-0203-017","awardedOn":"2025-12-15"}],
}
