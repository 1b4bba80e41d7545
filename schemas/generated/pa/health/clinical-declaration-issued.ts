// Made by schemas/generate.ts from pa/health/clinical-declaration-issued.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** A health facility issued a clinical declaration of a birth or of a death. */
export interface ClinicalDeclarationIssued {
  /** Identity number of the mother for a birth; of the deceased for a death */
  readonly person: string
  /** Birth or death */
  readonly kind: 'birth' | 'death'
  /** Code of the health facility */
  readonly facility: string
  /** Number of the declaration, unique in the facility */
  readonly number: string
  /** When the birth or death took place */
  readonly happenedAt: string
  /** Date of issue */
  readonly issuedOn: string
  /** Sex of the newborn; absent for a death */
  readonly sex?: 'female' | 'male' | null
  /** Weight at birth in grams; absent for a death */
  readonly weightGrams?: number | null
}

export const clinicalDeclarationIssued = {
  type: "pa.gob.health.clinical-declaration-issued.v1",
  kind: "event",
  domain: "health",
  owner: "minsa",
  retention: "P90D",
  description: {"es":"Declaración clínica emitida: el hecho que debe inscribir el Registro Civil","en":"Clinical declaration issued: the fact that the civil registry has to register"},
  schema: {
    type: "record",
    name: "ClinicalDeclarationIssued",
    namespace: "pa.gob.health.v1",
    doc: {"es":"Una instalación de salud emitió una declaración clínica de nacimiento o de defunción.","en":"A health facility issued a clinical declaration of a birth or of a death."},
    fields: [
      {"name":"person","type":"string","identifies":"person","scheme":"pa-cedula","role":"key","classification":"personal","doc":{"es":"Cédula de la madre en un nacimiento; de la persona fallecida en una defunción","en":"Identity number of the mother for a birth; of the deceased for a death"}},
      {"name":"kind","type":{"type":"enum","name":"DeclarationKind","symbols":["birth","death"]},"classification":"personal","doc":{"es":"Nacimiento o defunción","en":"Birth or death"}},
      {"name":"facility","type":"string","classification":"public","doc":{"es":"Código de la instalación de salud","en":"Code of the health facility"}},
      {"name":"number","type":"string","classification":"personal","doc":{"es":"Número de la declaración, único en la instalación","en":"Number of the declaration, unique in the facility"}},
      {"name":"happenedAt","type":{"type":"long","logicalType":"timestamp-millis"},"classification":"personal","doc":{"es":"Cuándo nació o falleció","en":"When the birth or death took place"}},
      {"name":"issuedOn","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha de emisión","en":"Date of issue"}},
      {"name":"sex","type":["null",{"type":"enum","name":"Sex","symbols":["female","male"]}],"default":null,"classification":"personal","doc":{"es":"Sexo del recién nacido; ausente en una defunción","en":"Sex of the newborn; absent for a death"}},
      {"name":"weightGrams","type":["null","int"],"default":null,"classification":"sensitive","doc":{"es":"Peso al nacer en gramos; ausente en una defunción","en":"Weight at birth in grams; absent for a death"}},
    ],
  },
} as const satisfies EventDocument

export const clinicalDeclarationIssuedSample: ClinicalDeclarationIssued = {
  person: "8-9999-765",
  kind: "birth",
  facility: "HST",
  number: "HST-2026-000123",
  happenedAt: "2026-11-20T03:10:00Z",
  issuedOn: "2026-11-20",
  sex: "female",
  weightGrams: 3250,
}
