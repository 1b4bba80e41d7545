// Made by schemas/generate.ts from unavez/bus/delivery-held.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** A delivery was set aside with a reason; later ones of the same subject wait behind it. */
export interface DeliveryHeld {
  /** Institution that is told */
  readonly institution: string
  /** Id of the subscription */
  readonly subscription: string
  /** Id of the held delivery */
  readonly held: string
  /** Code of the reason */
  readonly reason: string
  /** HTTP status that the endpoint answered */
  readonly status?: number | null
  /** It is not retried by itself any more: it waits for an order */
  readonly needsOrder: boolean
}

export const deliveryHeld = {
  type: "unavez.bus.delivery-held.v1",
  kind: "event",
  domain: "bus",
  owner: "unavez",
  retention: "P90D",
  description: {"es":"Aviso: una entrega quedó retenida","en":"Notice: a delivery is held"},
  schema: {
    type: "record",
    name: "DeliveryHeld",
    namespace: "unavez.bus.v1",
    doc: {"es":"Una entrega se apartó con un motivo; las siguientes del mismo titular esperan detrás.","en":"A delivery was set aside with a reason; later ones of the same subject wait behind it."},
    fields: [
      {"name":"institution","type":"string","identifies":"institution","scheme":"unavez-institution","role":"key","classification":"public","doc":{"es":"Institución a la que se avisa","en":"Institution that is told"}},
      {"name":"subscription","type":"string","classification":"public","doc":{"es":"Identificador de la suscripción","en":"Id of the subscription"}},
      {"name":"held","type":"string","classification":"public","doc":{"es":"Identificador de la entrega retenida","en":"Id of the held delivery"}},
      {"name":"reason","type":"string","classification":"public","doc":{"es":"Código del motivo","en":"Code of the reason"}},
      {"name":"status","type":["null","int"],"default":null,"classification":"public","doc":{"es":"Estado HTTP que respondió el punto de entrega","en":"HTTP status that the endpoint answered"}},
      {"name":"needsOrder","type":"boolean","classification":"public","doc":{"es":"Ya no se reintenta solo: espera una orden","en":"It is not retried by itself any more: it waits for an order"}},
    ],
  },
} as const satisfies EventDocument

export const deliveryHeldSample: DeliveryHeld = {
  institution: "css",
  subscription: "sub_aaaaaaaaaaaaaaaaaaaaaaaaaa",
  held: "00000000000g1",
  reason: "http-422",
  status: 422,
  needsOrder: false,
}
