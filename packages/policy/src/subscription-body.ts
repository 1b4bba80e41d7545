import { isTime } from './envelope.ts'
import { anyObject, integer, list, object, oneOf, optional, type Shape, string } from './shape.ts'
import { endpointAuthKinds, type SubscriptionFact } from './subscription-facts.ts'

type FactOf<T extends SubscriptionFact['type']> = Omit<Extract<SubscriptionFact, { type: T }>, 'type' | 'aggregate'>
type Shapes = { readonly [T in SubscriptionFact['type']]: { readonly [Name in keyof Required<FactOf<T>>]: Shape } }

const offsets = list(integer)
const reason = optional(string)
const baseline = oneOf('include', 'exclude')
const endpoint = object({
  url: string,
  auth: oneOf(...endpointAuthKinds),
  sealed: optional(string),
  system: optional(string),
})
const key = object({
  use: oneOf('signing', 'secret'),
  sealed: string,
  public: optional(string),
  until: optional(isTime),
})
const aboutHeld = object({
  kind: oneOf('retry', 'skip'),
  held: optional(string),
  filter: optional(object({ code: optional(string), status: optional(integer), before: optional(isTime) })),
})

export const subscriptionShapes: Shapes = {
  'subscription-created': {
    id: string,
    agreement: string,
    consumer: string,
    mode: oneOf('pull', 'push'),
    start: offsets,
    filter: optional(anyObject),
    baseline: optional(baseline),
    endpoint: optional(endpoint),
    keys: optional(list(key)),
  },
  'subscription-consented': {
    endpointVersion: integer,
    by: oneOf('handshake', 'confirmation'),
    ratePerMinute: optional(integer),
    reason,
  },
  'subscription-endpoint-set': { endpoint },
  'subscription-filter-set': { filter: (value) => value === null || anyObject(value) },
  'subscription-baseline-set': { baseline },
  'subscription-secret-rotated': { key, until: isTime },
  'subscription-rewound': { to: offsets },
  'subscription-paused': { reason },
  'subscription-blocked': { reason: string },
  'subscription-resumed': { backlog: oneOf('deliver', 'skip'), skipTo: optional(offsets) },
  'delivery-ordered': { order: aboutHeld, reason },
  'subscription-ended': { reason },
}

export const isAboutSubscription = (fact: { readonly type: string }): fact is SubscriptionFact =>
  Object.hasOwn(subscriptionShapes, fact.type)
