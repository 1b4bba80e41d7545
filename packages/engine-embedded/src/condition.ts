import { EngineError, type EngineErrorCode, type NewMessage } from '@unavez/engine'

type Outcome = 'not-written' | 'unknown-written' | 'unknown-lands-later'

/**
 * Whether the ports answer at all: closed or not, and what misbehaviour has been asked for. One field tells the hot path that
 * nothing special goes on.
 */
export class Condition {
  /** Nothing but the ordinary. */
  ordinary = true
  #closed = false
  #unreachable = false
  readonly #outcomes = new Map<string, Outcome[]>()
  /** Messages told 'unknown' that have not landed yet. */
  readonly late: NewMessage[] = []

  get isUnreachable(): boolean {
    return this.#unreachable
  }

  get isClosed(): boolean {
    return this.#closed
  }

  close(): void {
    this.#closed = true
    this.#review()
  }

  unreachable(now: boolean): void {
    this.#unreachable = now
    this.#review()
  }

  outcomes(topic: string, outcomes: readonly Outcome[]): void {
    this.#outcomes.set(topic, [...(this.#outcomes.get(topic) ?? []), ...outcomes])
    this.#review()
  }

  /** The outcome of the next append to a topic, if one was asked for. */
  takeOutcome(topic: string): Outcome | undefined {
    const outcome = this.#outcomes.get(topic)?.shift()
    if (this.#outcomes.get(topic)?.length === 0) this.#outcomes.delete(topic)
    this.#review()
    return outcome
  }

  /** Throws 'closed', or the code given when out of reach. */
  check(code: EngineErrorCode): void {
    if (this.ordinary) return
    if (this.#closed) throw new EngineError('closed', 'The engine is closed.')
    if (this.#unreachable) throw new EngineError(code, outOfReach)
  }

  #review(): void {
    this.ordinary = !this.#closed && !this.#unreachable && this.#outcomes.size === 0
  }
}

export const outOfReach = 'The engine is out of reach, as was asked for.'
