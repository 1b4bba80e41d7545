// Made by schemas/generate.ts from unavez/bus/subscription-stopped.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** The bus has stopped a subscription: nothing is delivered until somebody decides. */
export interface SubscriptionStopped {
  /** Institution that is told */
  readonly institution: string
  /** Id of the subscription */
  readonly subscription: string
  /** Why */
  readonly reason: string
}

export const subscriptionStopped = {
  type: "unavez.bus.subscription-stopped.v1",
  kind: "event",
  domain: "bus",
  owner: "unavez",
  retention: "P90D",
  description: {"es":"Aviso: una suscripción está detenida","en":"Notice: a subscription is stopped"},
  schema: {
    type: "record",
    name: "SubscriptionStopped",
    namespace: "unavez.bus.v1",
    doc: {"es":"El bus detuvo una suscripción: nada se entrega hasta que alguien decida.","en":"The bus has stopped a subscription: nothing is delivered until somebody decides."},
    fields: [
      {"name":"institution","type":"string","identifies":"institution","scheme":"unavez-institution","role":"key","classification":"public","doc":{"es":"Institución a la que se avisa","en":"Institution that is told"}},
      {"name":"subscription","type":"string","classification":"public","doc":{"es":"Identificador de la suscripción","en":"Id of the subscription"}},
      {"name":"reason","type":"string","classification":"public","doc":{"es":"Por qué","en":"Why"}},
    ],
  },
} as const satisfies EventDocument

export const subscriptionStoppedSample: SubscriptionStopped = {
  institution: "css",
  subscription: "sub_aaaaaaaaaaaaaaaaaaaaaaaaaa",
  reason: "held-too-many",
}
