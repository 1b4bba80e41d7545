import { pushLimits } from './push-limits.ts'

/** Whether the endpoint is taken to work. While it is not, one attempt at a time asks. */
export class Circuit {
  #until: number | undefined
  #delayMs = 0
  /** Offset of the last event that asked. */
  lastProbe = -1
  readonly #failing = new Set<string>()

  /** `open`: as it was when somebody else looked last; the first attempt asks. */
  constructor(open: boolean) {
    if (open) this.#until = 0
  }

  get isOpen(): boolean {
    return this.#until !== undefined
  }

  /** When an attempt may ask, while it is open. */
  get until(): number | undefined {
    return this.#until
  }

  /** True if this closed it. */
  succeeded(): boolean {
    const wasOpen = this.isOpen
    this.#until = undefined
    this.#delayMs = 0
    this.#failing.clear()
    return wasOpen
  }

  /** The endpoint failed; `isProbe`: at the attempt that asked. True if this opened it. */
  failed(
    now: number,
    { isProbe, retryAfterMs = 0 }: { readonly isProbe: boolean; readonly retryAfterMs?: number },
  ): boolean {
    const wasOpen = this.isOpen
    // What was under way when it opened tells nothing new.
    if (wasOpen && !isProbe) return false
    const { first, last } = pushLimits.probeMs
    this.#delayMs = Math.min(this.#delayMs === 0 ? first : this.#delayMs * 2, last)
    this.#until = now + Math.min(Math.max(this.#delayMs, retryAfterMs), last)
    this.#failing.clear()
    return !wasOpen
  }

  /** One subject failed. True if too many different ones did, without a success between. */
  subjectFailed(subject: string): boolean {
    this.#failing.add(subject)
    return this.#failing.size >= pushLimits.failingSubjects
  }

  /** Somebody says that it may be tried again now. */
  askNow(now: number): void {
    if (this.#until === undefined) return
    this.#until = now
    this.#delayMs = 0
  }
}
