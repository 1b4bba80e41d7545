// Made by schemas/generate.ts from pa/civil/birth-certificate.avsc: change that and generate again.

import type { EvidenceDocument } from '../../../document.ts'

/** What the civil registry has on record of a birth. */
export interface BirthCertificate {
  /** Identity number of the person born */
  readonly child: string
  /** Given names as registered */
  readonly givenNames: string
  /** Surnames as registered */
  readonly surnames: string
  /** Date of birth */
  readonly birthDate: string
  /** Corregimiento of birth: six-digit code */
  readonly birthPlace: string
  /** Sex as registered */
  readonly sex: 'female' | 'male'
  /** Identity number of the mother; absent if not on record */
  readonly mother?: string | null
  /** Identity number of the father; absent if not on record */
  readonly father?: string | null
  /** Number of the entry */
  readonly registrationNumber: string
}

export const birthCertificate = {
  type: "pa.gob.civil.birth-certificate.v1",
  kind: "evidence",
  domain: "civil",
  owner: "te",
  validity: "P1Y",
  staleOn: ["pa.gob.civil.birth-registered.v1"],
  answerWithin: "PT1H",
  previewRequired: false,
  description: {"es":"Certificado de nacimiento: caduca si la inscripción se corrige","en":"Birth certificate: stale once the registration is corrected"},
  schema: {
    type: "record",
    name: "BirthCertificate",
    namespace: "pa.gob.civil.v1",
    doc: {"es":"Lo que consta de un nacimiento en el Registro Civil.","en":"What the civil registry has on record of a birth."},
    fields: [
      {"name":"child","type":"string","identifies":"person","scheme":"pa-cedula","role":"key","classification":"personal","doc":{"es":"Cédula de la persona nacida","en":"Identity number of the person born"}},
      {"name":"givenNames","type":"string","classification":"personal","doc":{"es":"Nombres inscritos","en":"Given names as registered"}},
      {"name":"surnames","type":"string","classification":"personal","doc":{"es":"Apellidos inscritos","en":"Surnames as registered"}},
      {"name":"birthDate","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha de nacimiento","en":"Date of birth"}},
      {"name":"birthPlace","type":"string","classification":"personal","doc":{"es":"Corregimiento donde nació: código de seis dígitos","en":"Corregimiento of birth: six-digit code"}},
      {"name":"sex","type":{"type":"enum","name":"Sex","symbols":["female","male"]},"classification":"personal","doc":{"es":"Sexo inscrito","en":"Sex as registered"}},
      {"name":"mother","type":["null","string"],"default":null,"identifies":"person","scheme":"pa-cedula","role":"party","classification":"personal","doc":{"es":"Cédula de la madre; ausente si no consta","en":"Identity number of the mother; absent if not on record"}},
      {"name":"father","type":["null","string"],"default":null,"identifies":"person","scheme":"pa-cedula","role":"party","classification":"personal","doc":{"es":"Cédula del padre; ausente si no consta","en":"Identity number of the father; absent if not on record"}},
      {"name":"registrationNumber","type":"string","classification":"personal","doc":{"es":"Número de la inscripción","en":"Number of the entry"}},
    ],
  },
} as const satisfies EvidenceDocument

export const birthCertificateSample: BirthCertificate = {
  child: "8-9999-101",
  givenNames: "María José",
  surnames: "Ejemplo Prueba",
  birthDate: "2026-11-20",
  birthPlace: "080101",
  sex: "female",
  mother: "8-9999-765",
  father: null,
  registrationNumber: "RN-2026-12345",
}
