// Made by schemas/generate.ts from pa/migration/residence-status-changed.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** The migration service changed the status of a residence. */
export interface ResidenceStatusChanged {
  /** Identity number of the foreigner */
  readonly person: string
  /** Resolution that changes it */
  readonly resolution: string
  /** Temporary, permanent, refugee, diplomatic or special */
  readonly category: 'temporary' | 'permanent' | 'refugee' | 'diplomatic' | 'special'
  /** Valid, expired or cancelled */
  readonly status: 'valid' | 'expired' | 'cancelled'
  /** Date since which it holds */
  readonly since: string
  /** Last day of validity; absent if permanent or no longer valid */
  readonly validUntil?: string | null
}

export const residenceStatusChanged = {
  type: "pa.gob.migration.residence-status-changed.v1",
  kind: "event",
  domain: "migration",
  owner: "snm",
  retention: "P90D",
  description: {"es":"Residencia migratoria cambiada: prorrogada, vencida, cancelada o permanente","en":"Residence changed: extended, expired, cancelled or made permanent"},
  schema: {
    type: "record",
    name: "ResidenceStatusChanged",
    namespace: "pa.gob.migration.v1",
    doc: {"es":"El Servicio Nacional de Migración cambió el estado de una residencia.","en":"The migration service changed the status of a residence."},
    fields: [
      {"name":"person","type":"string","identifies":"person","scheme":"pa-cedula","role":"key","classification":"personal","doc":{"es":"Cédula de extranjero de la persona","en":"Identity number of the foreigner"}},
      {"name":"resolution","type":"string","classification":"personal","doc":{"es":"Resolución que lo cambia","en":"Resolution that changes it"}},
      {"name":"category","type":{"type":"enum","name":"ResidenceCategory","symbols":["temporary","permanent","refugee","diplomatic","special"]},"classification":"personal","doc":{"es":"Temporal, permanente, refugio, diplomática o especial","en":"Temporary, permanent, refugee, diplomatic or special"}},
      {"name":"status","type":{"type":"enum","name":"ResidenceStatus","symbols":["valid","expired","cancelled"]},"classification":"personal","doc":{"es":"Vigente, vencida o cancelada","en":"Valid, expired or cancelled"}},
      {"name":"since","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha desde la que vale","en":"Date since which it holds"}},
      {"name":"validUntil","type":["null",{"type":"int","logicalType":"date"}],"default":null,"classification":"personal","doc":{"es":"Último día de vigencia; ausente si es permanente o ya no vale","en":"Last day of validity; absent if permanent or no longer valid"}},
    ],
  },
} as const satisfies EventDocument

export const residenceStatusChangedSample: ResidenceStatusChanged = {
  person: "E-8-999931",
  resolution: "SNM-2026-00411",
  category: "permanent",
  status: "valid",
  since: "2026-10-20",
  validUntil: null,
}
