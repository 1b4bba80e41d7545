// Made by schemas/generate.ts from pa/identity/minimum-age.avsc: change that and generate again.

import type { EvidenceDocument } from '../../../document.ts'

/** The answer to whether a person has reached an age. */
export interface MinimumAge {
  /** Identity number of the person */
  readonly person: string
  /** Whether the age asked for has been reached */
  readonly reached: boolean
}

/** What is asked */
export interface MinimumAgeParameters {
  /** Least age in completed years */
  readonly years: number
}

export const minimumAge = {
  type: "pa.gob.identity.minimum-age.v1",
  kind: "evidence",
  domain: "identity",
  owner: "te",
  validity: "P30D",
  staleOn: ["pa.gob.civil.birth-registered.v1","pa.gob.identity.identifier-linked.v1"],
  answerWithin: "PT1M",
  previewRequired: false,
  parameters: {"type":"record","name":"MinimumAgeParameters","doc":{"es":"Lo que se pregunta","en":"What is asked"},"fields":[{"name":"years","type":"int","classification":"public","doc":{"es":"Edad mínima en años cumplidos","en":"Least age in completed years"}}]},
  description: {"es":"Edad mínima: si la persona ya la cumplió, sin decir su edad","en":"Minimum age: whether the person has reached it, without telling the age"},
  schema: {
    type: "record",
    name: "MinimumAge",
    namespace: "pa.gob.identity.v1",
    doc: {"es":"La respuesta a si una persona ha cumplido una edad.","en":"The answer to whether a person has reached an age."},
    fields: [
      {"name":"person","type":"string","identifies":"person","scheme":"pa-cedula","role":"key","classification":"personal","doc":{"es":"Cédula de la persona","en":"Identity number of the person"}},
      {"name":"reached","type":"boolean","classification":"personal","doc":{"es":"Si ha cumplido la edad preguntada","en":"Whether the age asked for has been reached"}},
    ],
  },
} as const satisfies EvidenceDocument

export const minimumAgeSample: MinimumAge = {
  person: "8-9999-301",
  reached: true,
}
