interface Entry<T> {
  readonly value: T
  readonly putAt: number
  readonly expiresAt: number
}

/** A bounded map whose entries forget themselves. Each put looks at two old entries, so it needs no timer. */
export class ExpiringMap<T> {
  readonly #entries = new Map<string, Entry<T>>()
  readonly #limit: number
  #sweep: MapIterator<[string, Entry<T>]>

  constructor(limit: number) {
    this.#limit = limit
    this.#sweep = this.#entries.entries()
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: string): T | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    if (entry.expiresAt > Date.now()) return entry.value
    this.#entries.delete(key)
    return undefined
  }

  /** Puts a new entry. Where the map is full its oldest goes, and the answer tells when that had been put. */
  put(key: string, value: T, ttlMs: number): number | undefined {
    const now = Date.now()
    this.#sweepSome(now)
    this.#entries.set(key, { value, putAt: now, expiresAt: now + ttlMs })
    if (this.#entries.size <= this.#limit) return undefined
    for (const [oldest, { putAt }] of this.#entries) {
      this.#entries.delete(oldest)
      return putAt
    }
    return undefined
  }

  /** Another value until the same moment. */
  replace(key: string, value: T): void {
    const entry = this.#entries.get(key)
    if (entry !== undefined) this.#entries.set(key, { ...entry, value })
  }

  #sweepSome(now: number): void {
    for (let looked = 0; looked < 2; looked++) {
      const next = this.#sweep.next()
      if (next.done === true) {
        this.#sweep = this.#entries.entries()
        return
      }
      const [key, { expiresAt }] = next.value
      if (expiresAt <= now) this.#entries.delete(key)
    }
  }
}
