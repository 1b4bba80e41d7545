import { Problem } from '@unavez/protocol'

/** Named limits of pulls that go on. */
export const streamLimits = {
  /** Open streams of one process, and of one institution in it; beyond them 429. */
  open: 500,
  perInstitution: 32,
  /** A stream ends after as long as a token lasts: whoever comes again has to show a new one. Milliseconds. */
  lifeMs: 600_000,
  /** Longest silence. */
  aliveMs: 15_000,
  /** Events and bytes of records of one page: what an open stream keeps in memory while its client is slow. */
  pageEvents: 500,
  pageBytes: 256 * 1024,
  /** `Retry-After` of a stream too many. Seconds. */
  retryAfterSeconds: 5,
} as const

/** Counts open streams, so that no institution takes the places of the others. */
export class Streams {
  readonly #byInstitution = new Map<string, number>()
  #open = 0

  get open(): number {
    return this.#open
  }

  /** Takes a place; the answer gives it back. Refuses 'streams-exceeded'. */
  enter(institution: string): () => void {
    const own = this.#byInstitution.get(institution) ?? 0
    if (this.#open >= streamLimits.open || own >= streamLimits.perInstitution) {
      throw new Problem('streams-exceeded', { retryAfter: streamLimits.retryAfterSeconds })
    }
    this.#open += 1
    this.#byInstitution.set(institution, own + 1)
    return () => {
      this.#open -= 1
      const left = (this.#byInstitution.get(institution) ?? 1) - 1
      if (left === 0) this.#byInstitution.delete(institution)
      else this.#byInstitution.set(institution, left)
    }
  }
}
