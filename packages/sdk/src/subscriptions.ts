import type { Effect, EndpointAuth } from '@unavez/protocol'

/** CloudEvents Subscriptions: one of `exact`, `prefix`, `suffix`, `all`, `any`, `not`, over the envelope and the agreed fields (`data.<field>`). */
export type SubscriptionFilter = Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[]

export interface SubscriptionWish {
  readonly agreement: string
  readonly mode: 'pull' | 'push'
  readonly start: 'now' | 'earliest' | { readonly time: string }
  readonly filter?: SubscriptionFilter
  /** Whether events of an initial load come too; `include` unless told. */
  readonly baseline?: 'include' | 'exclude'
  /** Of a push; nothing goes there before it consents. */
  readonly endpoint?: { readonly url: string; readonly auth?: EndpointAuth }
}

/** What is other from now on; what is absent stays. */
export interface SubscriptionChange {
  readonly endpoint?: { readonly url?: string; readonly auth?: EndpointAuth }
  readonly filter?: SubscriptionFilter | null
  readonly baseline?: 'include' | 'exclude'
  readonly rotate?: 'secret' | 'signing-key'
  /** How long what is replaced signs too; a day unless told. */
  readonly overlapSeconds?: number
}

export interface Subscription {
  readonly id: string
  readonly state: 'awaiting-consent' | 'active' | 'paused' | 'blocked' | 'ended'
  readonly mode: 'pull' | 'push'
  readonly agreement: string
  readonly contract?: string
  readonly filter?: SubscriptionFilter
  readonly baseline: 'include' | 'exclude'
  readonly endpoint?: { readonly url: string; readonly version: number; readonly consented: boolean }
  /** `whpk_…`: verifies the `v1a` signatures of webhooks. */
  readonly signingKey?: string
  /** `whsec_…`: verifies their `v1` signatures. Told once, in the answer that made it. */
  readonly secret?: string
}

/** Where a subscription goes back to: what was accepted since a time, or a cursor that was kept. */
export type RewindTo = { readonly time: string } | { readonly cursor: string }

export interface Rewound {
  /** Events that come again, at most; `more`: not all were counted. */
  readonly events: number
  readonly more: boolean
  /** Absent if it was only counted. */
  readonly epoch?: number
}

/** What was done with an event. `source`: where another than the contract's owner published it. */
export interface ReportedEffect extends Effect {
  readonly event: string
  readonly source?: string
}
