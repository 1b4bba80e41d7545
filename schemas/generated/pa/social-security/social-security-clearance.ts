// Made by schemas/generate.ts from pa/social-security/social-security-clearance.avsc: change that and generate again.

import type { EvidenceDocument } from '../../../document.ts'

/** Whether an employer is up to date with its contributions. */
export interface SocialSecurityClearance {
  /** Taxpayer number of the employer; a natural person’s is the identity number */
  readonly employer: string
  /** Employer number; absent if not registered */
  readonly employerNumber?: string | null
  /** Whether it is clear */
  readonly clear: boolean
  /** Last day of validity; absent if it is not */
  readonly validUntil?: string | null
}

export const socialSecurityClearance = {
  type: "pa.gob.social-security.social-security-clearance.v1",
  kind: "evidence",
  domain: "social-security",
  owner: "css",
  validity: "P1M",
  staleOn: ["pa.gob.social-security.employer-registered.v1","pa.gob.social-security.employment-started.v1","pa.gob.social-security.employment-ended.v1"],
  answerWithin: "PT1H",
  previewRequired: false,
  description: {"es":"Paz y salvo de seguro social: si las cuotas están al día","en":"Social-security clearance: whether contributions are up to date"},
  schema: {
    type: "record",
    name: "SocialSecurityClearance",
    namespace: "pa.gob.social_security.v1",
    doc: {"es":"Si un empleador está al día con sus cuotas.","en":"Whether an employer is up to date with its contributions."},
    fields: [
      {"name":"employer","type":"string","identifies":"business","scheme":"pa-ruc","role":"key","classification":"personal","doc":{"es":"RUC del empleador; el de una persona natural es su cédula","en":"Taxpayer number of the employer; a natural person’s is the identity number"}},
      {"name":"employerNumber","type":["null","string"],"default":null,"classification":"personal","doc":{"es":"Número patronal; ausente si no está inscrito","en":"Employer number; absent if not registered"}},
      {"name":"clear","type":"boolean","classification":"personal","doc":{"es":"Si está a paz y salvo","en":"Whether it is clear"}},
      {"name":"validUntil","type":["null",{"type":"int","logicalType":"date"}],"default":null,"classification":"personal","doc":{"es":"Último día de vigencia; ausente si no lo está","en":"Last day of validity; absent if it is not"}},
    ],
  },
} as const satisfies EvidenceDocument

export const socialSecurityClearanceSample: SocialSecurityClearance = {
  employer: "999155001-2-2026",
  employerNumber: "87-999-0155",
  clear: true,
  validUntil: "2026-12-18",
}
