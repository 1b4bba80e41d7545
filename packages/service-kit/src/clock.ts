/** Time as an argument, so that tests drive it. */
export interface Clock {
  now(): Date
  /** Milliseconds that only ever grow; unrelated to the time of day. */
  monotonic(): number
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
}
