// Made by schemas/generate.ts from pa/social-security/employer-registered.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** The social security fund registered an employer, a natural or legal person. */
export interface EmployerRegistered {
  /** Taxpayer number of the employer; a natural person’s is the identity number */
  readonly employer: string
  /** Employer number */
  readonly employerNumber: string
  /** Date of registration */
  readonly registeredOn: string
}

export const employerRegistered = {
  type: "pa.gob.social-security.employer-registered.v1",
  kind: "event",
  domain: "social-security",
  owner: "css",
  retention: "P90D",
  description: {"es":"Empleador inscrito en el seguro social","en":"Employer registered with social security"},
  schema: {
    type: "record",
    name: "EmployerRegistered",
    namespace: "pa.gob.social_security.v1",
    doc: {"es":"La Caja de Seguro Social inscribió a un empleador, persona natural o jurídica.","en":"The social security fund registered an employer, a natural or legal person."},
    fields: [
      {"name":"employer","type":"string","identifies":"business","scheme":"pa-ruc","role":"key","classification":"personal","doc":{"es":"RUC del empleador; el de una persona natural es su cédula","en":"Taxpayer number of the employer; a natural person’s is the identity number"}},
      {"name":"employerNumber","type":"string","classification":"personal","doc":{"es":"Número patronal","en":"Employer number"}},
      {"name":"registeredOn","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha de inscripción","en":"Date of registration"}},
    ],
  },
} as const satisfies EventDocument

export const employerRegisteredSample: EmployerRegistered = {
  employer: "999155001-2-2026",
  employerNumber: "87-999-0155",
  registeredOn: "2026-11-18",
}
