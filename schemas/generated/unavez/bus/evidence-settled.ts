// Made by schemas/generate.ts from unavez/bus/evidence-settled.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** An evidence request of the institution has changed its state by what others did. */
export interface EvidenceSettled {
  /** Institution that is told */
  readonly institution: string
  /** Id of the request */
  readonly request: string
  /** Evidence type */
  readonly evidenceType: string
  /** Procedure */
  readonly procedure: string
  /** Requirement */
  readonly requirement: string
  /** State that it has come to */
  readonly state: string
}

export const evidenceSettled = {
  type: "unavez.bus.evidence-settled.v1",
  kind: "event",
  domain: "bus",
  owner: "unavez",
  retention: "P90D",
  description: {"es":"Aviso: una solicitud de evidencia cambió de estado","en":"Notice: an evidence request has changed its state"},
  schema: {
    type: "record",
    name: "EvidenceSettled",
    namespace: "unavez.bus.v1",
    doc: {"es":"Una solicitud de evidencia de la institución cambió de estado por obra de otros.","en":"An evidence request of the institution has changed its state by what others did."},
    fields: [
      {"name":"institution","type":"string","identifies":"institution","scheme":"unavez-institution","role":"key","classification":"public","doc":{"es":"Institución a la que se avisa","en":"Institution that is told"}},
      {"name":"request","type":"string","classification":"public","doc":{"es":"Identificador de la solicitud","en":"Id of the request"}},
      {"name":"evidenceType","type":"string","classification":"public","doc":{"es":"Tipo de evidencia","en":"Evidence type"}},
      {"name":"procedure","type":"string","classification":"public","doc":{"es":"Trámite","en":"Procedure"}},
      {"name":"requirement","type":"string","classification":"public","doc":{"es":"Requisito","en":"Requirement"}},
      {"name":"state","type":"string","classification":"public","doc":{"es":"Estado al que llegó","en":"State that it has come to"}},
    ],
  },
} as const satisfies EventDocument

export const evidenceSettledSample: EvidenceSettled = {
  institution: "css",
  request: "evr_aaaaaaaaaaaaaaaaaaaaaaaaaa",
  evidenceType: "pa.gob.civil.birth-certificate.v1",
  procedure: "css.newborn-enrolment",
  requirement: "birth-proof",
  state: "supplied",
}
