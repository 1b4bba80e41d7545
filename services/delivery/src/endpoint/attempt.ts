import type { SubscriptionState } from '@unavez/policy'
import type { Effect } from '@unavez/protocol'

/** Of a subscription as policy has it at this moment: where it goes, and the names of what it is signed and signed in with. */
export type Recipient = Pick<SubscriptionState, 'id' | 'endpoint' | 'keys'>

/** One attempt of one event. */
export interface Attempt {
  readonly subscription: Recipient
  /** `<subscription>_<position>`: the same on each retry. */
  readonly webhookId: string
  /** The structured CloudEvent, as disclosed. */
  readonly body: Buffer
  readonly traceparent: string
}

/** Whom a refusal speaks about: this event's subject alone, the whole endpoint, the subscription (410), or the form (415). */
export type Blame = 'subject' | 'endpoint' | 'gone' | 'unsupported'

/** What became of an attempt; `code` is for people and machines, and holds nothing that the receiver chose. */
export type Answer =
  | { readonly kind: 'delivered'; readonly status: number; readonly ms: number; readonly effect?: Effect }
  | {
      readonly kind: 'refused'
      readonly status: number
      readonly ms: number
      readonly code: string
      readonly retryAfterMs?: number
      readonly blames: Blame
    }
  /** No answer: refused connection, reset, TLS, time over, an address that is not allowed, a token that was not to be had. */
  | { readonly kind: 'unreachable'; readonly ms: number; readonly code: string }

export interface Sender {
  /** Never rejects, save when the signal aborts. */
  send(attempt: Attempt, signal: AbortSignal): Promise<Answer>
  close(): Promise<void>
}
