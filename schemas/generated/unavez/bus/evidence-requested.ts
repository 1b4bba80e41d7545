// Made by schemas/generate.ts from unavez/bus/evidence-requested.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** Evidence that the institution holds was asked for. */
export interface EvidenceRequested {
  /** Institution that is told */
  readonly institution: string
  /** Id of the request */
  readonly request: string
  /** Evidence type */
  readonly evidenceType: string
  /** Procedure */
  readonly procedure: string
  /** Who asks for it */
  readonly requester: string
  /** Until when it can be answered */
  readonly deadline: string
}

export const evidenceRequested = {
  type: "unavez.bus.evidence-requested.v1",
  kind: "event",
  domain: "bus",
  owner: "unavez",
  retention: "P90D",
  description: {"es":"Aviso: hay una solicitud de evidencia por responder","en":"Notice: an evidence request waits for an answer"},
  schema: {
    type: "record",
    name: "EvidenceRequested",
    namespace: "unavez.bus.v1",
    doc: {"es":"Se pidió una evidencia que la institución tiene.","en":"Evidence that the institution holds was asked for."},
    fields: [
      {"name":"institution","type":"string","identifies":"institution","scheme":"unavez-institution","role":"key","classification":"public","doc":{"es":"Institución a la que se avisa","en":"Institution that is told"}},
      {"name":"request","type":"string","classification":"public","doc":{"es":"Identificador de la solicitud","en":"Id of the request"}},
      {"name":"evidenceType","type":"string","classification":"public","doc":{"es":"Tipo de evidencia","en":"Evidence type"}},
      {"name":"procedure","type":"string","classification":"public","doc":{"es":"Trámite","en":"Procedure"}},
      {"name":"requester","type":"string","identifies":"institution","scheme":"unavez-institution","role":"party","classification":"public","doc":{"es":"Quién la pide","en":"Who asks for it"}},
      {"name":"deadline","type":{"type":"long","logicalType":"timestamp-millis"},"classification":"public","doc":{"es":"Hasta cuándo se puede responder","en":"Until when it can be answered"}},
    ],
  },
} as const satisfies EventDocument

export const evidenceRequestedSample: EvidenceRequested = {
  institution: "te",
  request: "evr_aaaaaaaaaaaaaaaaaaaaaaaaaa",
  evidenceType: "pa.gob.civil.birth-certificate.v1",
  procedure: "css.newborn-enrolment",
  requester: "css",
  deadline: "2030-01-01T00:00:00Z",
}
