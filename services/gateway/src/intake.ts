import { overloaded } from './publish-problems.ts'
import type { Quota } from './quota.ts'

/** What one process takes on at once, and one institution in a second. */
export class Intake {
  readonly #quota: Quota
  readonly #most: number
  #inFlight = 0

  constructor(quota: Quota, eventsInFlight: number) {
    this.#quota = quota
    this.#most = eventsInFlight
  }

  /** Runs the work on that many events. Refuses 'overloaded' and 'quota-exceeded' before it begins. */
  async admit<Result>(institution: string, events: number, work: () => Promise<Result>): Promise<Result> {
    if (this.#inFlight + events > this.#most) throw overloaded()
    this.#quota.take(institution, events)
    this.#inFlight += events
    try {
      return await work()
    } finally {
      this.#inFlight -= events
    }
  }
}
