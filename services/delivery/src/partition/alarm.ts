import type { Clock } from '@unavez/service-kit'

/** However far the next time is, the clock is looked at again after this: it may be driven. Milliseconds. */
const lookMs = 1_000

/** Calls back at a time of day, several at one timer; none runs while nothing is to come. */
export class Alarm {
  readonly #clock: Clock
  readonly #times = new Map<() => void, number>()
  #timer: NodeJS.Timeout | undefined
  #ringsAt = Infinity

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** At most one time for each: a later call replaces the earlier. Undefined: none. */
  set(ring: () => void, at: number | undefined): void {
    if (at === undefined) {
      this.#times.delete(ring)
      return
    }
    this.#times.set(ring, at)
    if (at < this.#ringsAt) this.#start(at)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#times.clear()
    this.#ringsAt = Infinity
  }

  #start(at: number): void {
    clearTimeout(this.#timer)
    const inMs = Math.max(0, at - this.#clock.now().getTime())
    this.#ringsAt = at
    this.#timer = setTimeout(() => this.#ring(), Math.min(inMs, lookMs))
  }

  #ring(): void {
    const now = this.#clock.now().getTime()
    this.#ringsAt = Infinity
    for (const [ring, at] of this.#times) {
      if (at > now) continue
      this.#times.delete(ring)
      ring()
    }
    const next = Math.min(...this.#times.values())
    if (next !== Infinity && next < this.#ringsAt) this.#start(next)
  }
}
