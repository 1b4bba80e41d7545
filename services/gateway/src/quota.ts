import type { Volatile } from '@unavez/engine'
import { Problem } from '@unavez/protocol'
import type { Clock } from '@unavez/service-kit'

interface Window {
  readonly second: number
  /** Events of this instance that the others have been told of, and those that they have not. */
  told: number
  untold: number
  /** Events of the other instances, as far as heard. */
  others: number
  telling: boolean
}

export interface QuotaOptions {
  readonly volatile: Pick<Volatile, 'count'>
  readonly clock: Clock
  readonly perSecond: number
  /** How many events an instance may take before it tells the others: what it can overdraw. */
  readonly step: number
}

/** Events of one institution in one second, over all instances. Counted here, told to the others in steps. */
export class Quota {
  readonly #options: QuotaOptions
  readonly #windows = new Map<string, Window>()
  #second = 0

  constructor(options: QuotaOptions) {
    this.#options = options
  }

  /** Refuses 'quota-exceeded' until the next second. */
  take(institution: string, events: number): void {
    const { clock, perSecond, step } = this.#options
    const second = Math.floor(clock.now().getTime() / 1000)
    if (second !== this.#second) {
      this.#windows.clear()
      this.#second = second
    }
    const window = this.#windows.get(institution) ?? { second, told: 0, untold: 0, others: 0, telling: false }
    this.#windows.set(institution, window)
    if (window.told + window.untold + window.others + events > perSecond)
      throw new Problem('quota-exceeded', { retryAfter: 1 })
    window.untold += events
    if (window.untold >= step && !window.telling) void this.#tell(institution, window)
  }

  /** While the counter can't be reached, each instance keeps to the quota alone. */
  async #tell(institution: string, window: Window): Promise<void> {
    const { volatile } = this.#options
    const amount = window.untold
    window.telling = true
    window.told += amount
    window.untold -= amount
    try {
      const sum = await volatile.count(`quota/${institution}/${window.second}`, amount, 10_000)
      window.others = Math.max(window.others, sum - window.told)
    } catch {
      window.told -= amount
      window.untold += amount
    } finally {
      window.telling = false
    }
  }
}
