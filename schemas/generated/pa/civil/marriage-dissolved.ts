// Made by schemas/generate.ts from pa/civil/marriage-dissolved.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** The civil registry recorded that a marriage was dissolved by divorce or nullity. The death of a spouse is not recorded here. */
export interface MarriageDissolved {
  /** Identity number of the first spouse, as in the registration of the marriage */
  readonly firstSpouse: string
  /** Identity number of the second spouse */
  readonly secondSpouse: string
  /** Divorce or nullity */
  readonly cause: 'divorce' | 'nullity'
  /** Number of the final judgment */
  readonly judgment: string
  /** Date from which it takes effect */
  readonly effectiveDate: string
  /** Number of the entry of the marriage that was dissolved */
  readonly registrationNumber: string
}

export const marriageDissolved = {
  type: "pa.gob.civil.marriage-dissolved.v1",
  kind: "event",
  domain: "civil",
  owner: "te",
  retention: "P90D",
  description: {"es":"Matrimonio disuelto: desde cuándo y por qué resolución","en":"Marriage dissolved: since when and by which judgment"},
  schema: {
    type: "record",
    name: "MarriageDissolved",
    namespace: "pa.gob.civil.v1",
    doc: {"es":"El Registro Civil anotó la disolución de un matrimonio por divorcio o nulidad. La muerte de un cónyuge no se anota aquí.","en":"The civil registry recorded that a marriage was dissolved by divorce or nullity. The death of a spouse is not recorded here."},
    fields: [
      {"name":"firstSpouse","type":"string","identifies":"person","scheme":"pa-cedula","role":"key","classification":"personal","doc":{"es":"Cédula del primer cónyuge, como en la inscripción del matrimonio","en":"Identity number of the first spouse, as in the registration of the marriage"}},
      {"name":"secondSpouse","type":"string","identifies":"person","scheme":"pa-cedula","role":"party","classification":"personal","doc":{"es":"Cédula del segundo cónyuge","en":"Identity number of the second spouse"}},
      {"name":"cause","type":{"type":"enum","name":"DissolutionCause","symbols":["divorce","nullity"]},"classification":"personal","doc":{"es":"Divorcio o nulidad","en":"Divorce or nullity"}},
      {"name":"judgment","type":"string","classification":"personal","doc":{"es":"Número de la sentencia ejecutoriada","en":"Number of the final judgment"}},
      {"name":"effectiveDate","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha desde la que surte efecto","en":"Date from which it takes effect"}},
      {"name":"registrationNumber","type":"string","classification":"personal","doc":{"es":"Número de la inscripción del matrimonio disuelto","en":"Number of the entry of the marriage that was dissolved"}},
    ],
  },
} as const satisfies EventDocument

export const marriageDissolvedSample: MarriageDissolved = {
  firstSpouse: "8-9999-203",
  secondSpouse: "3-9999-204",
  cause: "divorce",
  judgment: "SF-2026-0418",
  effectiveDate: "2026-09-15",
  registrationNumber: "MT-2011-1177",
}
