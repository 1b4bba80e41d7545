// Made by schemas/generate.ts from unavez/bus/subscription-lagging.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** A subscription has not read for so long that it is going to be ended. */
export interface SubscriptionLagging {
  /** Institution that is told */
  readonly institution: string
  /** Id of the subscription */
  readonly subscription: string
  /** When */
  readonly endsAt: string
}

export const subscriptionLagging = {
  type: "unavez.bus.subscription-lagging.v1",
  kind: "event",
  domain: "bus",
  owner: "unavez",
  retention: "P90D",
  description: {"es":"Aviso: una suscripción quedó atrás y será terminada","en":"Notice: a subscription lags and is going to be ended"},
  schema: {
    type: "record",
    name: "SubscriptionLagging",
    namespace: "unavez.bus.v1",
    doc: {"es":"Una suscripción no lee desde hace tanto que será terminada.","en":"A subscription has not read for so long that it is going to be ended."},
    fields: [
      {"name":"institution","type":"string","identifies":"institution","scheme":"unavez-institution","role":"key","classification":"public","doc":{"es":"Institución a la que se avisa","en":"Institution that is told"}},
      {"name":"subscription","type":"string","classification":"public","doc":{"es":"Identificador de la suscripción","en":"Id of the subscription"}},
      {"name":"endsAt","type":{"type":"long","logicalType":"timestamp-millis"},"classification":"public","doc":{"es":"Cuándo","en":"When"}},
    ],
  },
} as const satisfies EventDocument

export const subscriptionLaggingSample: SubscriptionLagging = {
  institution: "css",
  subscription: "sub_aaaaaaaaaaaaaaaaaaaaaaaaaa",
  endsAt: "2030-01-01T00:00:00Z",
}
