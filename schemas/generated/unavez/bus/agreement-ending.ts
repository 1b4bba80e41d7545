// Made by schemas/generate.ts from unavez/bus/agreement-ending.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** The validity of an agreement of the institution, as consumer or as owner, will end soon. */
export interface AgreementEnding {
  /** Institution that is told */
  readonly institution: string
  /** Id of the agreement */
  readonly agreement: string
  /** Type of the contract */
  readonly contract: string
  /** The other side of the agreement */
  readonly counterpart: string
  /** When its validity ends */
  readonly endsAt: string
  /** How many days before the end this is told */
  readonly days: number
}

export const agreementEnding = {
  type: "unavez.bus.agreement-ending.v1",
  kind: "event",
  domain: "bus",
  owner: "unavez",
  retention: "P1Y",
  description: {"es":"Aviso: un acuerdo terminará pronto","en":"Notice: an agreement will end soon"},
  schema: {
    type: "record",
    name: "AgreementEnding",
    namespace: "unavez.bus.v1",
    doc: {"es":"La vigencia de un acuerdo de la institución, como consumidora o como dueña, terminará pronto.","en":"The validity of an agreement of the institution, as consumer or as owner, will end soon."},
    fields: [
      {"name":"institution","type":"string","identifies":"institution","scheme":"unavez-institution","role":"key","classification":"public","doc":{"es":"Institución a la que se avisa","en":"Institution that is told"}},
      {"name":"agreement","type":"string","classification":"public","doc":{"es":"Identificador del acuerdo","en":"Id of the agreement"}},
      {"name":"contract","type":"string","classification":"public","doc":{"es":"Tipo del contrato","en":"Type of the contract"}},
      {"name":"counterpart","type":"string","identifies":"institution","scheme":"unavez-institution","role":"party","classification":"public","doc":{"es":"La otra parte del acuerdo","en":"The other side of the agreement"}},
      {"name":"endsAt","type":{"type":"long","logicalType":"timestamp-millis"},"classification":"public","doc":{"es":"Cuándo termina su vigencia","en":"When its validity ends"}},
      {"name":"days","type":"int","classification":"public","doc":{"es":"Cuántos días antes del final se avisa","en":"How many days before the end this is told"}},
    ],
  },
} as const satisfies EventDocument

export const agreementEndingSample: AgreementEnding = {
  institution: "css",
  agreement: "agr_aaaaaaaaaaaaaaaaaaaaaaaaaa",
  contract: "pa.gob.civil.birth-registered.v1",
  counterpart: "te",
  endsAt: "2030-01-01T00:00:00Z",
  days: 60,
}
