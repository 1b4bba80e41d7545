// Made by schemas/generate.ts from unavez/bus/evidence-stale.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** Something has happened that makes evidence which the institution received out of date. */
export interface EvidenceStale {
  /** Institution that is told */
  readonly institution: string
  /** Id of the request */
  readonly request: string
  /** Evidence type */
  readonly evidenceType: string
  /** Procedure */
  readonly procedure: string
  /** Type of the event that makes it stale */
  readonly event: string
}

export const evidenceStale = {
  type: "unavez.bus.evidence-stale.v1",
  kind: "event",
  domain: "bus",
  owner: "unavez",
  retention: "P90D",
  description: {"es":"Aviso: una evidencia recibida quedó desactualizada","en":"Notice: evidence that was received is out of date"},
  schema: {
    type: "record",
    name: "EvidenceStale",
    namespace: "unavez.bus.v1",
    doc: {"es":"Algo ocurrió que deja desactualizada una evidencia que la institución recibió.","en":"Something has happened that makes evidence which the institution received out of date."},
    fields: [
      {"name":"institution","type":"string","identifies":"institution","scheme":"unavez-institution","role":"key","classification":"public","doc":{"es":"Institución a la que se avisa","en":"Institution that is told"}},
      {"name":"request","type":"string","classification":"public","doc":{"es":"Identificador de la solicitud","en":"Id of the request"}},
      {"name":"evidenceType","type":"string","classification":"public","doc":{"es":"Tipo de evidencia","en":"Evidence type"}},
      {"name":"procedure","type":"string","classification":"public","doc":{"es":"Trámite","en":"Procedure"}},
      {"name":"event","type":"string","classification":"public","doc":{"es":"Tipo del evento que la desactualiza","en":"Type of the event that makes it stale"}},
    ],
  },
} as const satisfies EventDocument

export const evidenceStaleSample: EvidenceStale = {
  institution: "css",
  request: "evr_aaaaaaaaaaaaaaaaaaaaaaaaaa",
  evidenceType: "pa.gob.civil.birth-certificate.v1",
  procedure: "css.newborn-enrolment",
  event: "pa.gob.civil.birth-registered.v1",
}
