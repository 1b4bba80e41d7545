// Made by schemas/generate.ts from pa/social-security/minimum-contributions.avsc: change that and generate again.

import type { EvidenceDocument } from '../../../document.ts'

/** The answer to whether a person has a number of contributions. */
export interface MinimumContributions {
  /** Identity number of the person */
  readonly person: string
  /** Whether it has them */
  readonly reached: boolean
}

/** What is asked */
export interface MinimumContributionsParameters {
  /** Least number of monthly contributions */
  readonly contributions: number
  /** Date since which they count; absent: all */
  readonly since?: string | null
}

export const minimumContributions = {
  type: "pa.gob.social-security.minimum-contributions.v1",
  kind: "evidence",
  domain: "social-security",
  owner: "css",
  validity: "P1M",
  staleOn: ["pa.gob.social-security.employment-started.v1","pa.gob.social-security.employment-ended.v1"],
  answerWithin: "PT5M",
  previewRequired: false,
  parameters: {"type":"record","name":"MinimumContributionsParameters","doc":{"es":"Lo que se pregunta","en":"What is asked"},"fields":[{"name":"contributions","type":"int","classification":"public","doc":{"es":"Número mínimo de cuotas mensuales","en":"Least number of monthly contributions"}},{"name":"since","type":["null",{"type":"int","logicalType":"date"}],"default":null,"classification":"public","doc":{"es":"Desde qué fecha se cuentan; ausente: todas","en":"Date since which they count; absent: all"}}]},
  description: {"es":"Cuotas mínimas: si la persona las reúne, sin decir cuántas ni de qué salario","en":"Minimum contributions: whether the person has them, without telling how many or of what salary"},
  schema: {
    type: "record",
    name: "MinimumContributions",
    namespace: "pa.gob.social_security.v1",
    doc: {"es":"La respuesta a si una persona reúne un número de cuotas.","en":"The answer to whether a person has a number of contributions."},
    fields: [
      {"name":"person","type":"string","identifies":"person","scheme":"pa-cedula","role":"key","classification":"personal","doc":{"es":"Cédula de la persona","en":"Identity number of the person"}},
      {"name":"reached","type":"boolean","classification":"personal","doc":{"es":"Si las reúne","en":"Whether it has them"}},
    ],
  },
} as const satisfies EvidenceDocument

export const minimumContributionsSample: MinimumContributions = {
  person: "8-9999-801",
  reached: true,
}
