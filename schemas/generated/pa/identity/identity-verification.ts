// Made by schemas/generate.ts from pa/identity/identity-verification.avsc: change that and generate again.

import type { EvidenceDocument } from '../../../document.ts'

/** A person’s identity document as the Electoral Tribunal has it on record. */
export interface IdentityVerification {
  /** Identity number of the person */
  readonly person: string
  /** Given names */
  readonly givenNames: string
  /** Surnames */
  readonly surnames: string
  /** Date of birth */
  readonly birthDate: string
  /** Whether the document is valid */
  readonly cardValid: boolean
  /** Date of expiry; absent without a document */
  readonly expiresOn?: string | null
}

export const identityVerification = {
  type: "pa.gob.identity.identity-verification.v1",
  kind: "evidence",
  domain: "identity",
  owner: "te",
  validity: "P1D",
  staleOn: ["pa.gob.identity.card-issued.v1","pa.gob.identity.card-renewed.v1","pa.gob.identity.card-cancelled.v1","pa.gob.identity.identifier-linked.v1"],
  answerWithin: "PT1M",
  previewRequired: false,
  description: {"es":"Verificación de identidad: si el documento vale y de quién es","en":"Identity verification: whether the document is valid, and whose"},
  schema: {
    type: "record",
    name: "IdentityVerification",
    namespace: "pa.gob.identity.v1",
    doc: {"es":"El documento de identidad de una persona, como consta en el Tribunal Electoral.","en":"A person’s identity document as the Electoral Tribunal has it on record."},
    fields: [
      {"name":"person","type":"string","identifies":"person","scheme":"pa-cedula","role":"key","classification":"personal","doc":{"es":"Cédula de la persona","en":"Identity number of the person"}},
      {"name":"givenNames","type":"string","classification":"personal","doc":{"es":"Nombres","en":"Given names"}},
      {"name":"surnames","type":"string","classification":"personal","doc":{"es":"Apellidos","en":"Surnames"}},
      {"name":"birthDate","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha de nacimiento","en":"Date of birth"}},
      {"name":"cardValid","type":"boolean","classification":"personal","doc":{"es":"Si el documento vale","en":"Whether the document is valid"}},
      {"name":"expiresOn","type":["null",{"type":"int","logicalType":"date"}],"default":null,"classification":"personal","doc":{"es":"Fecha de expiración; ausente sin documento","en":"Date of expiry; absent without a document"}},
    ],
  },
} as const satisfies EvidenceDocument

export const identityVerificationSample: IdentityVerification = {
  person: "8-9999-301",
  givenNames: "Ana",
  surnames: "Ejemplo Muestra",
  birthDate: "1990-04-12",
  cardValid: true,
  expiresOn: "2036-11-02",
}
