// Made by schemas/generate.ts from pa/migration/residence-granted.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** The migration service granted residence to a foreigner who has an identity number already. */
export interface ResidenceGranted {
  /** Identity number of the foreigner */
  readonly person: string
  /** Resolution that grants it */
  readonly resolution: string
  /** Temporary, permanent, refugee, diplomatic or special */
  readonly category: 'temporary' | 'permanent' | 'refugee' | 'diplomatic' | 'special'
  /** Date of the resolution */
  readonly grantedOn: string
  /** Last day of validity; absent if permanent */
  readonly validUntil?: string | null
}

export const residenceGranted = {
  type: "pa.gob.migration.residence-granted.v1",
  kind: "event",
  domain: "migration",
  owner: "snm",
  retention: "P90D",
  description: {"es":"Residencia migratoria otorgada: resolución, categoría y vigencia","en":"Residence granted: resolution, category and validity"},
  schema: {
    type: "record",
    name: "ResidenceGranted",
    namespace: "pa.gob.migration.v1",
    doc: {"es":"El Servicio Nacional de Migración otorgó la residencia a una persona extranjera que ya tiene número de identidad.","en":"The migration service granted residence to a foreigner who has an identity number already."},
    fields: [
      {"name":"person","type":"string","identifies":"person","scheme":"pa-cedula","role":"key","classification":"personal","doc":{"es":"Cédula de extranjero de la persona","en":"Identity number of the foreigner"}},
      {"name":"resolution","type":"string","classification":"personal","doc":{"es":"Resolución que la otorga","en":"Resolution that grants it"}},
      {"name":"category","type":{"type":"enum","name":"ResidenceCategory","symbols":["temporary","permanent","refugee","diplomatic","special"]},"classification":"personal","doc":{"es":"Temporal, permanente, refugio, diplomática o especial","en":"Temporary, permanent, refugee, diplomatic or special"}},
      {"name":"grantedOn","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha de la resolución","en":"Date of the resolution"}},
      {"name":"validUntil","type":["null",{"type":"int","logicalType":"date"}],"default":null,"classification":"personal","doc":{"es":"Último día de vigencia; ausente si es permanente","en":"Last day of validity; absent if permanent"}},
    ],
  },
} as const satisfies EventDocument

export const residenceGrantedSample: ResidenceGranted = {
  person: "E-8-999931",
  resolution: "SNM-2026-18220",
  category: "temporary",
  grantedOn: "2026-11-06",
  validUntil: "2028-11-06",
}
