// Made by schemas/generate.ts from unavez/bus/endpoint-failing.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** The endpoint of a subscription does not answer, or answers with errors; events wait at the cursor. */
export interface EndpointFailing {
  /** Institution that is told */
  readonly institution: string
  /** Id of the subscription */
  readonly subscription: string
  /** The hour in which it began: one notice for each */
  readonly hour: string
}

export const endpointFailing = {
  type: "unavez.bus.endpoint-failing.v1",
  kind: "event",
  domain: "bus",
  owner: "unavez",
  retention: "P90D",
  description: {"es":"Aviso: un punto de entrega falla","en":"Notice: an endpoint fails"},
  schema: {
    type: "record",
    name: "EndpointFailing",
    namespace: "unavez.bus.v1",
    doc: {"es":"El punto de entrega de una suscripción no responde o responde con error; los eventos esperan en el cursor.","en":"The endpoint of a subscription does not answer, or answers with errors; events wait at the cursor."},
    fields: [
      {"name":"institution","type":"string","identifies":"institution","scheme":"unavez-institution","role":"key","classification":"public","doc":{"es":"Institución a la que se avisa","en":"Institution that is told"}},
      {"name":"subscription","type":"string","classification":"public","doc":{"es":"Identificador de la suscripción","en":"Id of the subscription"}},
      {"name":"hour","type":{"type":"long","logicalType":"timestamp-millis"},"classification":"public","doc":{"es":"La hora en que empezó: un aviso por hora","en":"The hour in which it began: one notice for each"}},
    ],
  },
} as const satisfies EventDocument

export const endpointFailingSample: EndpointFailing = {
  institution: "css",
  subscription: "sub_aaaaaaaaaaaaaaaaaaaaaaaaaa",
  hour: "2030-01-01T00:00:00Z",
}
