// Made by schemas/generate.ts from pa/civil/birth-registered.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** The civil registry registered a birth. A correction or annulment is the same type with another change type. */
export interface BirthRegistered {
  /** Identity number given to the newborn on registration */
  readonly child: string
  /** Given names as registered */
  readonly givenNames: string
  /** Surnames as registered */
  readonly surnames: string
  /** Date of birth */
  readonly birthDate: string
  /** Corregimiento of birth: six-digit code of province, district and corregimiento */
  readonly birthPlace: string
  /** Sex as registered */
  readonly sex: 'female' | 'male'
  /** Identity number of the mother; absent if she has none or it is not on record */
  readonly mother?: string | null
  /** Identity number of the father; absent without filiation or if it is not on record */
  readonly father?: string | null
  /** Declaration of the hospital; absent for a birth outside a facility */
  readonly hospitalDeclaration?: HospitalDeclaration | null
  /** Number of the entry in the register of births */
  readonly registrationNumber: string
}

/** The clinical declaration that the registration rests on */
interface HospitalDeclaration {
  /** Code of the health facility that issued it */
  readonly facility: string
  /** Number of the declaration */
  readonly number: string
}

export const birthRegistered = {
  type: "pa.gob.civil.birth-registered.v1",
  kind: "event",
  domain: "civil",
  owner: "te",
  retention: "P90D",
  description: {"es":"Nacimiento inscrito: quién nació, cuándo, dónde y de quién","en":"Birth registered: who was born, when, where and to whom"},
  schema: {
    type: "record",
    name: "BirthRegistered",
    namespace: "pa.gob.civil.v1",
    doc: {"es":"El Registro Civil inscribió un nacimiento. Una corrección o anulación es el mismo tipo con otro tipo de cambio.","en":"The civil registry registered a birth. A correction or annulment is the same type with another change type."},
    fields: [
      {"name":"child","type":"string","identifies":"person","scheme":"pa-cedula","role":"key","classification":"personal","doc":{"es":"Cédula asignada al recién nacido al inscribirlo","en":"Identity number given to the newborn on registration"}},
      {"name":"givenNames","type":"string","classification":"personal","doc":{"es":"Nombres inscritos","en":"Given names as registered"}},
      {"name":"surnames","type":"string","classification":"personal","doc":{"es":"Apellidos inscritos","en":"Surnames as registered"}},
      {"name":"birthDate","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha de nacimiento","en":"Date of birth"}},
      {"name":"birthPlace","type":"string","classification":"personal","doc":{"es":"Corregimiento donde nació: código de seis dígitos de provincia, distrito y corregimiento","en":"Corregimiento of birth: six-digit code of province, district and corregimiento"}},
      {"name":"sex","type":{"type":"enum","name":"Sex","symbols":["female","male"]},"classification":"personal","doc":{"es":"Sexo inscrito","en":"Sex as registered"}},
      {"name":"mother","type":["null","string"],"default":null,"identifies":"person","scheme":"pa-cedula","role":"party","classification":"personal","doc":{"es":"Cédula de la madre; ausente si no tiene o no consta","en":"Identity number of the mother; absent if she has none or it is not on record"}},
      {"name":"father","type":["null","string"],"default":null,"identifies":"person","scheme":"pa-cedula","role":"party","classification":"personal","doc":{"es":"Cédula del padre; ausente si no hay filiación o no consta","en":"Identity number of the father; absent without filiation or if it is not on record"}},
      {"name":"hospitalDeclaration","type":["null",{"type":"record","name":"HospitalDeclaration","doc":{"es":"La declaración clínica que respalda la inscripción","en":"The clinical declaration that the registration rests on"},"fields":[{"name":"facility","type":"string","classification":"personal","doc":{"es":"Código de la instalación de salud que la emitió","en":"Code of the health facility that issued it"}},{"name":"number","type":"string","classification":"personal","doc":{"es":"Número de la declaración","en":"Number of the declaration"}}]}],"default":null,"classification":"personal","doc":{"es":"Declaración del hospital; ausente en un nacimiento fuera de una instalación","en":"Declaration of the hospital; absent for a birth outside a facility"}},
      {"name":"registrationNumber","type":"string","classification":"personal","doc":{"es":"Número de la inscripción en el libro de nacimientos","en":"Number of the entry in the register of births"}},
    ],
  },
} as const satisfies EventDocument

export const birthRegisteredSample: BirthRegistered = {
  child: "8-9999-101",
  givenNames: "María José",
  surnames: "Ejemplo Prueba",
  birthDate: "2026-11-20",
  birthPlace: "080101",
  sex: "female",
  mother: "8-9999-765",
  father: null,
  hospitalDeclaration: {"facility":"HST","number":"HST-2026-000123"},
  registrationNumber: "RN-2026-12345",
}
