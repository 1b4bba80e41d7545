// Made by schemas/generate.ts from pa/social-security/employment-ended.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** The social security fund received notice that a person ceased to work. The reason is not published. */
export interface EmploymentEnded {
  /** Identity number of the worker */
  readonly worker: string
  /** Taxpayer number of the employer; a natural person’s is the identity number */
  readonly employer: string
  /** Permanent, fixed term, seasonal, domestic or public service */
  readonly kind: 'permanent' | 'fixed_term' | 'seasonal' | 'domestic' | 'public_service'
  /** Last day of work */
  readonly endedOn: string
}

export const employmentEnded = {
  type: "pa.gob.social-security.employment-ended.v1",
  kind: "event",
  domain: "social-security",
  owner: "css",
  retention: "P90D",
  description: {"es":"Empleo terminado: con quién y desde cuándo","en":"Employment ended: with whom and since when"},
  schema: {
    type: "record",
    name: "EmploymentEnded",
    namespace: "pa.gob.social_security.v1",
    doc: {"es":"La Caja de Seguro Social recibió el aviso de salida de una persona trabajadora. El motivo no se publica.","en":"The social security fund received notice that a person ceased to work. The reason is not published."},
    fields: [
      {"name":"worker","type":"string","identifies":"person","scheme":"pa-cedula","role":"key","classification":"personal","doc":{"es":"Cédula de quien trabaja","en":"Identity number of the worker"}},
      {"name":"employer","type":"string","identifies":"business","scheme":"pa-ruc","role":"party","classification":"personal","doc":{"es":"RUC del empleador; el de una persona natural es su cédula","en":"Taxpayer number of the employer; a natural person’s is the identity number"}},
      {"name":"kind","type":{"type":"enum","name":"EmploymentKind","symbols":["permanent","fixed_term","seasonal","domestic","public_service"]},"classification":"personal","doc":{"es":"Indefinido, a término, estacional, doméstico o servicio público","en":"Permanent, fixed term, seasonal, domestic or public service"}},
      {"name":"endedOn","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Último día trabajado","en":"Last day of work"}},
    ],
  },
} as const satisfies EventDocument

export const employmentEndedSample: EmploymentEnded = {
  worker: "8-9999-802",
  employer: "999100002-2-2018",
  kind: "fixed_term",
  endedOn: "2026-10-31",
}
