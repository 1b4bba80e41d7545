import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

import { type EventLog, isEngineError, type PartitionId } from '@unavez/engine'
import { theBus } from '@unavez/policy'

import { type ChangelogRecord, chunked, encodeRecord } from './changelog-record.ts'
import type { Entry } from './entry.ts'

const changelogLimits = {
  /** What is decided within this goes together. Milliseconds. */
  gatherMs: 10,
  /** Entries not durable yet; beyond them nothing new is begun. */
  waiting: 10_000,
  /** Pause after a write that failed. Milliseconds. */
  pauseMs: 200,
} as const

export interface ChangelogOptions {
  readonly log: Pick<EventLog, 'append'>
  readonly at: PartitionId
  /** Names this ownership; every one has another. */
  readonly owner: string
  /** The control offset that policy stands at. */
  readonly n: () => number
  readonly onError: (error: unknown) => void
  /** It can't be written to any more: somebody else will have to go on. */
  readonly onLost: () => void
  /** It was full, and is not any more. */
  readonly onRoom: () => void
  /** Ends retries: nothing more is written then. */
  readonly signal: AbortSignal
}

/** Writes the records of one ownership, one after the other: each is durable before the next is begun. */
export class Changelog {
  readonly #options: ChangelogOptions
  #waiting: Entry[] = []
  #seq = 0
  #writing: Promise<void> | undefined
  /** Bytes since the last snapshot. */
  grown = 0

  constructor(options: ChangelogOptions) {
    this.#options = options
  }

  get hasRoom(): boolean {
    return this.#waiting.length < changelogLimits.waiting
  }

  /** Fences everybody who owned the partition before; resolves to where the record stands. Rejects when the signal aborts first. */
  async takeOver(): Promise<number> {
    const { owner, signal } = this.#options
    const offset = await this.#append({ owner, seq: this.#seq++, tookOver: true, entries: [] })
    if (offset === undefined) throw signal.reason
    return offset
  }

  write(entries: readonly Entry[]): void {
    if (entries.length === 0) return
    for (const entry of entries) this.#waiting.push(entry)
    this.#writing ??= this.#write()
  }

  /** Entries that make all before them superfluous: from the first to the last of their records; undefined if one was not written. */
  async snapshot(entries: () => readonly Entry[]): Promise<{ first: number; last: number } | undefined> {
    await this.flush()
    // Asked for only now: what was decided meanwhile stands before it.
    const whole = [...this.#waiting, ...entries()]
    this.#waiting = []
    this.grown = 0
    const written = this.#records(whole)
    this.#writing = written.then(() => this.#write())
    const offsets = await written
    const [first, last] = [offsets[0], offsets.at(-1)]
    return first === undefined || last === undefined ? undefined : { first, last }
  }

  /** Until all that was written so far is durable, or the signal aborts. */
  async flush(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#options.signal.aborted) {
      await sleep(changelogLimits.gatherMs, undefined, { signal: this.#options.signal }).catch(() => undefined)
      const entries = this.#waiting
      const wasFull = !this.hasRoom
      this.#waiting = []
      await this.#records(entries)
      if (wasFull) this.#options.onRoom()
    }
    this.#writing = undefined
  }

  async #records(entries: readonly Entry[]): Promise<readonly (number | undefined)[]> {
    const { owner } = this.#options
    const offsets: (number | undefined)[] = []
    for (const chunk of chunked(entries)) offsets.push(await this.#append({ owner, seq: this.#seq++, entries: chunk }))
    return offsets
  }

  /** Until it is known to stand: a record that landed twice counts once, by its number. Undefined when the signal aborts first. */
  async #append(record: ChangelogRecord): Promise<number | undefined> {
    const { log, at, n, onError, onLost, signal } = this.#options
    const value = encodeRecord(record)
    this.grown += value.length
    // Told apart by its key, without being decoded.
    const key = Buffer.from(record.owner)
    const by = Buffer.from(JSON.stringify(theBus('delivery')))
    for (;;) {
      if (signal.aborted) return undefined
      const headers = { salt: randomBytes(16), n: Buffer.from(String(n())), by, traceparent: Buffer.alloc(0) }
      try {
        const { position } = await log.append({ ...at, key, value, headers })
        return position.offset
      } catch (error) {
        onError(error)
        if (!isEngineError(error, 'not-written', 'unknown')) {
          onLost()
          return undefined
        }
        await sleep(changelogLimits.pauseMs, undefined, { signal }).catch(() => undefined)
      }
    }
  }
}
