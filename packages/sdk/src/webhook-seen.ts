/**
 * How far each subject has been handled. Whoever keeps it in its own database, in the transaction that handles the event, handles
 * each event once for ever; `SeenInMemory` forgets with the process.
 */
export interface Seen {
  /** Position of the newest event handled under this key; undefined if none is known. */
  newest(key: string): Promise<string | undefined> | string | undefined
  /** An event was handled. `position` is newer than what stood there. */
  handled(key: string, position: string): Promise<void> | void
}

/** The subjects handled last, so many of them; repeats about a subject that was forgotten are handed out again. */
export class SeenInMemory implements Seen {
  readonly #most: number
  readonly #positions = new Map<string, string>()

  constructor(most = 100_000) {
    this.#most = most
  }

  newest(key: string): string | undefined {
    return this.#positions.get(key)
  }

  handled(key: string, position: string): void {
    this.#positions.delete(key)
    this.#positions.set(key, position)
    const [oldest] = this.#positions.keys()
    if (this.#positions.size > this.#most && oldest !== undefined) this.#positions.delete(oldest)
  }
}
