import type { Backlog } from './facts.ts'

/** How the bus signs in at an endpoint; what it signs in with is sealed, never in a fact. */
export const endpointAuthKinds = ['none', 'bearer', 'oauth2', 'mtls'] as const
export type EndpointAuthKind = (typeof endpointAuthKinds)[number]

/** Where push goes. */
export interface EndpointWish {
  readonly url: string
  readonly auth: EndpointAuthKind
  /** Names the register `endpoint-auth/<subscription>/<sealed>`, written before the fact; absent with `none`. */
  readonly sealed?: string
  /** Client id of the system that set it; absent if a person did. What it may receive no more is not sent there. */
  readonly system?: string
}

/** What pushed events are signed with. Its private half is the register `push-key/<subscription>/<sealed>`, written before the fact. */
export interface PushKey {
  /** `signing`: Ed25519 (`v1a`); `secret`: HMAC (`v1`). */
  readonly use: 'signing' | 'secret'
  readonly sealed: string
  /** `whpk_…`, of a signing key. */
  readonly public?: string
  /** Replaced: it signs beside its successor until then. RFC 3339 UTC. */
  readonly until?: string
}

/** Of held deliveries, those that all of it fits. */
export interface HeldFilter {
  readonly code?: string
  readonly status?: number
  /** Held before that time; RFC 3339 UTC. */
  readonly before?: string
}

/** What people ask of delivery. `held` names one held delivery; without it all that `filter` fits, without both all. */
export interface DeliveryWish {
  readonly kind: 'retry' | 'skip'
  readonly held?: string
  readonly filter?: HeldFilter
}

/** `n`: the control offset of its record, by which it is done once. */
export type DeliveryOrder = DeliveryWish & { readonly n: number; readonly reason?: string }

export const subscriptionLimits = {
  /** Orders that a subscription remembers, the newest. */
  orders: 256,
} as const

/** What becomes of a subscription (`subscription:<id>`). What is absent in facts of before: a pull without a filter, baseline included. */
export type SubscriptionFact =
  | {
      readonly type: 'subscription-created'
      readonly aggregate: string
      readonly id: string
      readonly agreement: string
      readonly consumer: string
      readonly mode: 'pull' | 'push'
      readonly start: readonly number[]
      readonly filter?: object
      readonly baseline?: Baseline
      readonly endpoint?: EndpointWish
      readonly keys?: readonly PushKey[]
    }
  /** Whoever has the endpoint wants it: by the handshake, or by somebody's word where a handshake can't be had. */
  | {
      readonly type: 'subscription-consented'
      readonly aggregate: string
      readonly endpointVersion: number
      readonly by: 'handshake' | 'confirmation'
      /** Requests in a minute that the receiver allowed; absent: as many as there are. */
      readonly ratePerMinute?: number
      readonly reason?: string
    }
  | { readonly type: 'subscription-endpoint-set'; readonly aggregate: string; readonly endpoint: EndpointWish }
  /** `null`: without one. */
  | { readonly type: 'subscription-filter-set'; readonly aggregate: string; readonly filter: object | null }
  | { readonly type: 'subscription-baseline-set'; readonly aggregate: string; readonly baseline: Baseline }
  /** `until`: when the key that it replaces signs no more. */
  | {
      readonly type: 'subscription-secret-rotated'
      readonly aggregate: string
      readonly key: PushKey
      readonly until: string
    }
  | { readonly type: 'subscription-rewound'; readonly aggregate: string; readonly to: readonly number[] }
  | { readonly type: 'subscription-paused'; readonly aggregate: string; readonly reason?: string }
  /** By the bus: more is held than it may hold. */
  | { readonly type: 'subscription-blocked'; readonly aggregate: string; readonly reason: string }
  | {
      readonly type: 'subscription-resumed'
      readonly aggregate: string
      readonly backlog: Backlog
      readonly skipTo?: readonly number[]
    }
  | {
      readonly type: 'delivery-ordered'
      readonly aggregate: string
      readonly order: DeliveryWish
      readonly reason?: string
    }
  | { readonly type: 'subscription-ended'; readonly aggregate: string; readonly reason?: string }

export type Baseline = 'include' | 'exclude'

export interface PushEndpoint extends EndpointWish {
  /** Grows with each change of address or auth. */
  readonly version: number
  /** Its address was consented to: nothing goes to one that was not. */
  readonly consented: boolean
  /** Requests in a minute that the receiver allowed with its consent. */
  readonly ratePerMinute?: number
}

export interface SubscriptionState {
  readonly id: string
  readonly agreement: string
  readonly consumer: string
  readonly mode: 'pull' | 'push'
  readonly state: 'awaiting-consent' | 'active' | 'paused' | 'blocked' | 'ended'
  /** Why it is paused or blocked, if that was told. */
  readonly reason?: string
  /** Grows whenever the cursor is moved by decision; older cursors are refused then, and what was held in it is let go. */
  readonly epoch: number
  /** Where the epoch begins: one offset per partition of the domain's topic. */
  readonly start: readonly number[]
  /** It began by going back: who stands before `start` in a partition stays there. */
  readonly back?: true
  /** CloudEvents Subscriptions filter over the envelope and the agreed fields, beside the agreement's. */
  readonly filter?: object
  /** Grows with each change of what is kept out: by the filter, or of the baseline. */
  readonly filterVersion: number
  /** Whether events of an initial load come too. */
  readonly baseline: Baseline
  /** Only of push. */
  readonly endpoint?: PushEndpoint
  /** Those in use first; at most one more of each use, that signs until its time. */
  readonly keys: readonly PushKey[]
  /** Oldest first. */
  readonly orders: readonly DeliveryOrder[]
}
