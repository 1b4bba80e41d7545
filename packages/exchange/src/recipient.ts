import type { Actor, Decision } from '@unavez/policy'

/** For whom pages are made, and how policy is asked about it: a caller of the API, or the bus that delivers. */
export interface Recipient {
  readonly subscription: string
  /** In whose name disclosures are written. */
  readonly actor: Actor
  readonly traceparent: string
  /** A yes by a policy that is proven fresh. Rejects with what the recipient is told of a no. */
  authorize(): Promise<Decision>
  /** What policy says here and now, however fresh: whether it makes sense to wait. */
  allowed(): boolean
  /** Aborted when nobody waits for the page any more. */
  readonly gone: AbortSignal
}
