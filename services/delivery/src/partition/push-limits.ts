/** Named bounds of push: of one subscription in one partition, unless they say otherwise. */
export const pushLimits = {
  /** Events read and not settled yet. */
  window: 256,
  /** Subjects with a held delivery, and deliveries behind them: beyond either the subscription is blocked. */
  heldSubjects: 1_000,
  followers: 10_000,
  /** Different subjects that fail one after the other, without a success between, before the endpoint is taken to fail. */
  failingSubjects: 5,
  /** Times that an event makes the endpoint fail, others being delivered in between, before it is the event that is held. */
  strikes: 3,
  /** Pauses between probes of a failing endpoint double from the first to the last; a `Retry-After` may ask for the last at most. */
  probeMs: { first: 1_000, last: 30_000 },
  /** Events that may be read while the endpoint fails, so that another than the one that failed can be tried. */
  probeReads: 16,
  /** Events of one page, unless there is less room. */
  page: 64,
  /** After a no that nobody's decision may end, but the time of day. Milliseconds. */
  askAgainMs: 2_000,
  /** Attempts under way of one subscription, over all its partitions in this process. */
  underWay: 32,
  /** Bytes of events that were read and not settled, of all subscriptions in this process. */
  memoryBytes: 64 * 1024 * 1024,
} as const

export type PushBounds = { readonly [Name in 'window' | 'heldSubjects' | 'followers']: number }

/** Pauses before the retries of a held delivery; after the last it waits for an order. */
const retryMs = [5_000, 30_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 36_000_000] as const

/** Up to a tenth later than the schedule says, so that what failed together does not come back together. */
const jitter = 0.1

/** How long to wait after so many failures; undefined when no retry is left. `chance` is in [0, 1). */
export function retryDelayMs(failures: number, chance: number): number | undefined {
  const ms = retryMs[failures - 1]
  return ms === undefined ? undefined : Math.round(ms * (1 + jitter * chance))
}
