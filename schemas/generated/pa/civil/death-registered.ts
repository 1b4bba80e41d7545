// Made by schemas/generate.ts from pa/civil/death-registered.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** The civil registry registered a death. The cause of death is not published. An annulment is the same type with another change type. */
export interface DeathRegistered {
  /** Identity number of the deceased */
  readonly deceased: string
  /** Date of death */
  readonly deathDate: string
  /** Corregimiento of death: six-digit code of province, district and corregimiento */
  readonly deathPlace: string
  /** Clinical declaration; absent if a court ordered the registration */
  readonly declaration?: DeathDeclaration | null
  /** Number of the entry in the register of deaths */
  readonly registrationNumber: string
}

/** The clinical declaration that the registration rests on */
interface DeathDeclaration {
  /** Code of the health facility that issued it */
  readonly facility: string
  /** Number of the declaration */
  readonly number: string
}

export const deathRegistered = {
  type: "pa.gob.civil.death-registered.v1",
  kind: "event",
  domain: "civil",
  owner: "te",
  retention: "P90D",
  description: {"es":"Defunción inscrita: quién murió, cuándo y dónde","en":"Death registered: who died, when and where"},
  schema: {
    type: "record",
    name: "DeathRegistered",
    namespace: "pa.gob.civil.v1",
    doc: {"es":"El Registro Civil inscribió una defunción. La causa de muerte no se publica. Una anulación es el mismo tipo con otro tipo de cambio.","en":"The civil registry registered a death. The cause of death is not published. An annulment is the same type with another change type."},
    fields: [
      {"name":"deceased","type":"string","identifies":"person","scheme":"pa-cedula","role":"key","classification":"personal","doc":{"es":"Cédula de la persona fallecida","en":"Identity number of the deceased"}},
      {"name":"deathDate","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha de defunción","en":"Date of death"}},
      {"name":"deathPlace","type":"string","classification":"personal","doc":{"es":"Corregimiento donde murió: código de seis dígitos de provincia, distrito y corregimiento","en":"Corregimiento of death: six-digit code of province, district and corregimiento"}},
      {"name":"declaration","type":["null",{"type":"record","name":"DeathDeclaration","doc":{"es":"La declaración clínica que respalda la inscripción","en":"The clinical declaration that the registration rests on"},"fields":[{"name":"facility","type":"string","classification":"personal","doc":{"es":"Código de la instalación de salud que la emitió","en":"Code of the health facility that issued it"}},{"name":"number","type":"string","classification":"personal","doc":{"es":"Número de la declaración","en":"Number of the declaration"}}]}],"default":null,"classification":"personal","doc":{"es":"Declaración clínica; ausente si la inscripción se ordenó judicialmente","en":"Clinical declaration; absent if a court ordered the registration"}},
      {"name":"registrationNumber","type":"string","classification":"personal","doc":{"es":"Número de la inscripción en el libro de defunciones","en":"Number of the entry in the register of deaths"}},
    ],
  },
} as const satisfies EventDocument

export const deathRegisteredSample: DeathRegistered = {
  deceased: "8-9999-100",
  deathDate: "2026-11-18",
  deathPlace: "080103",
  declaration: {"facility":"HST","number":"HST-2026-000451"},
  registrationNumber: "DF-2026-8812",
}
