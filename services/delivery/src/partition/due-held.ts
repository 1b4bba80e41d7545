import type { Standing } from './standing.ts'
import type { Due } from './window.ts'

type Of = Pick<Standing, 'held'>

/** The held deliveries that may be tried, of subjects with nothing under way. Remembers when the first is due. */
export class DueHeld {
  readonly #busy: ReadonlySet<string>
  /** Undefined: not known, look. */
  #firstAt: number | undefined

  constructor(busy: ReadonlySet<string>) {
    this.#busy = busy
  }

  /** What is held, or who is busy, is another than before. */
  changed(): void {
    this.#firstAt = undefined
  }

  at(now: number, { held }: Of): Due[] {
    if (this.firstAt({ held }) > now) return []
    const found: Due[] = []
    for (const [subject, { offset, nextAt = Infinity }] of held)
      if (nextAt <= now && !this.#busy.has(subject)) found.push({ offset, subject })
    return found
  }

  /** Infinity: none is due by time alone. */
  firstAt({ held }: Of): number {
    if (this.#firstAt !== undefined) return this.#firstAt
    let at = Infinity
    for (const [subject, { nextAt = Infinity }] of held) if (!this.#busy.has(subject)) at = Math.min(at, nextAt)
    this.#firstAt = at
    return at
  }
}
