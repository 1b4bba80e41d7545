/** Named limits of publishing in one process. */
export const publishLimits = {
  /** Events between their validation and their answer; beyond it 503 'overloaded'. */
  eventsInFlight: 10_000,
  /** Events of one institution in one second, over all instances; beyond it 429. */
  quotaPerSecond: 50_000,
  /** The share of the quota after which an instance tells the others; what may be overdrawn per instance. */
  quotaSteps: 50,
  /** Accepted events remembered here until the view `ids` has them. */
  recentEvents: 20_000,
  /** How long events gather before they are folded into `ids`: meanwhile the instance that accepted them knows them itself. */
  gatherMs: 250,
  /** An append may begin at most this long after its claim was asked for: later, a loss of the claim could go unseen. */
  claimUseMs: 1_000,
  /** How far the clocks of an instance and of the claims' memory may be apart. */
  clockSkewMs: 5_000,
  /** ID_WINDOW (P35D): how long a claim is remembered. */
  idWindowMs: 35 * 24 * 60 * 60 * 1000,
  /** Between looks for a position that another instance is about to write: first and longest. */
  pollFirstMs: 10,
  pollLongestMs: 250,
  /** Between looks whether the views or the claims were lost. */
  lossCheckMs: 1_000,
  /** Between looks at how far the views are folded. */
  lookMs: 25,
  /** How long a publish waits for the topic of a domain that has just appeared, or for a rebuild that is nearly done. */
  servingMs: 5_000,
  /** Messages and bytes of one read when looking for an event among its possible copies. */
  scanMessages: 2_000,
  scanBytes: 2_000_000,
  /** `Retry-After` when the caller can only wait for us. Seconds. */
  retryAfterSeconds: 1,
} as const
