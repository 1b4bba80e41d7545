import type { By, Fact, Policy } from '@unavez/policy'

/** The control topic folded into this process: one replica, shared by all services of the process. */
export interface Control {
  /** The fold so far. Changes in place between awaits; read what belongs together without awaiting in between. */
  readonly policy: Policy
  /** Resolves once the replica is proven to have been at the end of `control` within the lease; awaits one read of the end
   *  if it is not. Rejects Problem 'policy-stale'. Returns synchronously (undefined) when already fresh: `await` only if needed. */
  fresh(): Promise<void> | undefined
  /** Whether the replica was at the end of `control` at or after a moment of the monotonic clock; awaits that as long as `fresh` does. */
  provenSince(moment: number): Promise<boolean>
  /** Waits until the replica has passed an offset. False if the time is over first. */
  reached(offset: number, waitMs: number): Promise<boolean>
  /** Calls back after each fold step that changed something, until the signal aborts: for waits that a suspension must end. */
  onChange(listener: () => void, signal: AbortSignal): void
  /** Decides by the optimistic rule: see architecture.md "Deciding". Rejects 'conflict', 'idempotency-key-reused', 'unavailable', or what `decide` threw. */
  submit(submission: Submission): Promise<Outcome>
}

export interface Submission {
  /** The command's id: caller's `Idempotency-Key` scoped to its system, or a random one. */
  readonly command: string
  /** Hash of the request that the id is bound to. */
  readonly hash: string
  readonly by: By
  readonly traceparent?: string
  /**
   * Pure: from the fold as it stands to facts, or throws a Problem. Called again after a lost race. `reads` names every
   * aggregate whose state it depended on (those that its facts change are added). No facts: accepted as it is, nothing is written.
   */
  decide(policy: Policy, at: Date): { readonly facts: readonly Fact[]; readonly reads: readonly string[] }
}

export interface Outcome {
  readonly facts: readonly Fact[]
  /** The control offset of the record: what `Unavez-At` carries. */
  readonly offset: number
  readonly at: Date
  /** The command had been accepted before; `facts` are those of then. */
  readonly repeated: boolean
}
