// Made by schemas/generate.ts from pa/civil/marriage-registered.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** The civil registry registered a marriage. The change of civil status of each spouse is published as well, person by person. */
export interface MarriageRegistered {
  /** Identity number of the first spouse, in the order of the entry */
  readonly firstSpouse: string
  /** Identity number of the second spouse */
  readonly secondSpouse: string
  /** Date of the wedding */
  readonly marriageDate: string
  /** Corregimiento of the wedding: six-digit code */
  readonly marriagePlace: string
  /** Property regime: separation, participation in gains or community */
  readonly propertyRegime: 'separation' | 'participation' | 'community'
  /** Number of the entry in the register of marriages */
  readonly registrationNumber: string
}

export const marriageRegistered = {
  type: "pa.gob.civil.marriage-registered.v1",
  kind: "event",
  domain: "civil",
  owner: "te",
  retention: "P90D",
  description: {"es":"Matrimonio inscrito: quiénes se casaron, cuándo y bajo qué régimen","en":"Marriage registered: who married, when and under which property regime"},
  schema: {
    type: "record",
    name: "MarriageRegistered",
    namespace: "pa.gob.civil.v1",
    doc: {"es":"El Registro Civil inscribió un matrimonio. El cambio de estado civil de cada cónyuge se publica además, persona por persona.","en":"The civil registry registered a marriage. The change of civil status of each spouse is published as well, person by person."},
    fields: [
      {"name":"firstSpouse","type":"string","identifies":"person","scheme":"pa-cedula","role":"key","classification":"personal","doc":{"es":"Cédula del primer cónyuge, en el orden de la inscripción","en":"Identity number of the first spouse, in the order of the entry"}},
      {"name":"secondSpouse","type":"string","identifies":"person","scheme":"pa-cedula","role":"party","classification":"personal","doc":{"es":"Cédula del segundo cónyuge","en":"Identity number of the second spouse"}},
      {"name":"marriageDate","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha de celebración","en":"Date of the wedding"}},
      {"name":"marriagePlace","type":"string","classification":"personal","doc":{"es":"Corregimiento de celebración: código de seis dígitos","en":"Corregimiento of the wedding: six-digit code"}},
      {"name":"propertyRegime","type":{"type":"enum","name":"PropertyRegime","symbols":["separation","participation","community"]},"classification":"personal","doc":{"es":"Régimen económico: separación de bienes, participación en las ganancias o sociedad de gananciales","en":"Property regime: separation, participation in gains or community"}},
      {"name":"registrationNumber","type":"string","classification":"personal","doc":{"es":"Número de la inscripción en el libro de matrimonios","en":"Number of the entry in the register of marriages"}},
    ],
  },
} as const satisfies EventDocument

export const marriageRegisteredSample: MarriageRegistered = {
  firstSpouse: "8-9999-201",
  secondSpouse: "4-9999-202",
  marriageDate: "2026-10-03",
  marriagePlace: "080801",
  propertyRegime: "participation",
  registrationNumber: "MT-2026-3120",
}
