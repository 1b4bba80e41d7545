// Made by schemas/generate.ts from pa/social-security/employment-started.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** The social security fund received notice that a person started to work. */
export interface EmploymentStarted {
  /** Identity number of the worker */
  readonly worker: string
  /** Taxpayer number of the employer; a natural person’s is the identity number */
  readonly employer: string
  /** Permanent, fixed term, seasonal, domestic or public service */
  readonly kind: 'permanent' | 'fixed_term' | 'seasonal' | 'domestic' | 'public_service'
  /** Date of the start */
  readonly startedOn: string
}

export const employmentStarted = {
  type: "pa.gob.social-security.employment-started.v1",
  kind: "event",
  domain: "social-security",
  owner: "css",
  retention: "P90D",
  description: {"es":"Empleo iniciado: con quién y desde cuándo, sin salario","en":"Employment started: with whom and since when, no salary"},
  schema: {
    type: "record",
    name: "EmploymentStarted",
    namespace: "pa.gob.social_security.v1",
    doc: {"es":"La Caja de Seguro Social recibió el aviso de entrada de una persona trabajadora.","en":"The social security fund received notice that a person started to work."},
    fields: [
      {"name":"worker","type":"string","identifies":"person","scheme":"pa-cedula","role":"key","classification":"personal","doc":{"es":"Cédula de quien trabaja","en":"Identity number of the worker"}},
      {"name":"employer","type":"string","identifies":"business","scheme":"pa-ruc","role":"party","classification":"personal","doc":{"es":"RUC del empleador; el de una persona natural es su cédula","en":"Taxpayer number of the employer; a natural person’s is the identity number"}},
      {"name":"kind","type":{"type":"enum","name":"EmploymentKind","symbols":["permanent","fixed_term","seasonal","domestic","public_service"]},"classification":"personal","doc":{"es":"Indefinido, a término, estacional, doméstico o servicio público","en":"Permanent, fixed term, seasonal, domestic or public service"}},
      {"name":"startedOn","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha de inicio","en":"Date of the start"}},
    ],
  },
} as const satisfies EventDocument

export const employmentStartedSample: EmploymentStarted = {
  worker: "8-9999-801",
  employer: "999155001-2-2026",
  kind: "permanent",
  startedOn: "2026-11-20",
}
