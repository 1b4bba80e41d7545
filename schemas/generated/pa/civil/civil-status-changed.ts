// Made by schemas/generate.ts from pa/civil/civil-status-changed.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** A person’s civil status changed. A marriage or divorce publishes one per spouse, and `causedby` names the event that caused it. */
export interface CivilStatusChanged {
  /** Identity number of the person */
  readonly person: string
  /** New civil status */
  readonly status: 'single' | 'married' | 'divorced' | 'widowed'
  /** Date since which it holds */
  readonly since: string
  /** Identity number of the spouse; absent if not married */
  readonly spouse?: string | null
}

export const civilStatusChanged = {
  type: "pa.gob.civil.civil-status-changed.v1",
  kind: "event",
  domain: "civil",
  owner: "te",
  retention: "P90D",
  description: {"es":"Estado civil cambiado: el estado de una persona y desde cuándo","en":"Civil status changed: a person’s status and since when"},
  schema: {
    type: "record",
    name: "CivilStatusChanged",
    namespace: "pa.gob.civil.v1",
    doc: {"es":"El estado civil de una persona cambió. Un matrimonio o divorcio publica uno por cónyuge, y `causedby` nombra el evento que lo causó.","en":"A person’s civil status changed. A marriage or divorce publishes one per spouse, and `causedby` names the event that caused it."},
    fields: [
      {"name":"person","type":"string","identifies":"person","scheme":"pa-cedula","role":"key","classification":"personal","doc":{"es":"Cédula de la persona","en":"Identity number of the person"}},
      {"name":"status","type":{"type":"enum","name":"Status","symbols":["single","married","divorced","widowed"]},"classification":"personal","doc":{"es":"Estado civil nuevo","en":"New civil status"}},
      {"name":"since","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha desde la que vale","en":"Date since which it holds"}},
      {"name":"spouse","type":["null","string"],"default":null,"identifies":"person","scheme":"pa-cedula","role":"party","classification":"personal","doc":{"es":"Cédula del cónyuge; ausente si no está casada","en":"Identity number of the spouse; absent if not married"}},
    ],
  },
} as const satisfies EventDocument

export const civilStatusChangedSample: CivilStatusChanged = {
  person: "8-9999-201",
  status: "married",
  since: "2026-10-03",
  spouse: "4-9999-202",
}
