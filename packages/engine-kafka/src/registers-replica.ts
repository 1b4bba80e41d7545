import { type EventLog, isEngineError } from '@unavez/engine'

import { type Entry, RegistersFold, type Verdict } from './registers-fold.ts'
import { pause } from './wire/index.ts'

export interface ReplicaOptions {
  readonly log: Pick<EventLog, 'read'>
  readonly topic: string
  readonly partition: number
  readonly signal: AbortSignal
  /** Called for each register record, in order. */
  readonly onVerdict: (verdict: Verdict) => void
}

const page = { messages: 2_000, bytes: 2_000_000, waitMs: 30_000 }
const retryMs = 200

/** One partition of the registers, followed into memory. */
export class PartitionReplica {
  readonly fold = new RegistersFold()
  readonly partition: number
  /** Everything before it is folded. */
  next = 0
  /** When a record was last seen, by `performance.now()`. */
  lastSeenAt = performance.now()
  readonly #options: ReplicaOptions
  readonly #waiting = new Set<{ readonly next: number; readonly done: () => void }>()
  readonly #loaded = Promise.withResolvers<void>()
  /** Everything before it was there when this process came; undefined until that is known. */
  #past: number | undefined
  #failure: string | undefined

  constructor(options: ReplicaOptions) {
    this.#options = options
    this.partition = options.partition
  }

  get isLoaded(): boolean {
    return this.#past !== undefined && this.next >= this.#past
  }

  /** Resolves once everything that was there at the start is folded. */
  get loaded(): Promise<void> {
    return this.#loaded.promise
  }

  get failure(): string | undefined {
    return this.#failure
  }

  entry(key: string): Entry | undefined {
    return this.fold.entry(key)
  }

  /** Returns once everything before `next` is folded, or when the signal aborts. */
  async reached(next: number, signal: AbortSignal): Promise<void> {
    if (this.next >= next || signal.aborted) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const done = (): void => resolve()
    const entry = { next, done }
    this.#waiting.add(entry)
    signal.addEventListener('abort', done, { once: true })
    await promise
    signal.removeEventListener('abort', done)
    this.#waiting.delete(entry)
  }

  async follow(): Promise<void> {
    const { log, topic, partition, signal } = this.#options
    while (!signal.aborted) {
      try {
        const waitMs = this.isLoaded ? page.waitMs : 0
        const from = { topic, partition, offset: this.next }
        const { messages, next, end } = await log.read(from, { ...page, waitMs, signal })
        if (signal.aborted) return
        this.#past ??= end
        for (const message of messages) {
          const reading = { nowMs: Date.now(), past: message.offset < this.#past }
          const verdict = this.fold.apply(message, reading)
          if (verdict !== undefined) this.#options.onVerdict(verdict)
        }
        if (messages.length > 0) this.lastSeenAt = performance.now()
        this.#failure = undefined
        this.#passed(next)
        if (this.isLoaded) this.#loaded.resolve()
      } catch (error) {
        if (isEngineError(error, 'closed')) return
        if (isEngineError(error, 'position-gone')) this.next = error.first ?? this.next
        this.#failure = error instanceof Error ? error.message : String(error)
        await pause(retryMs, signal)
      }
    }
  }

  #passed(next: number): void {
    this.next = next
    for (const { next: wanted, done } of this.#waiting) if (wanted <= next) done()
  }
}
