/** A pump that has read all there is, until something of its type arrives. */
export interface Waiting {
  /** Of the events that it wants. */
  readonly type: string
  /** Something of its type stands at or behind this offset. */
  arrived(from: number): void
}

/** The end of one partition as its one reader sees it, and who waits there: waiting costs nothing but a place in a set. */
export class Tail {
  /** Behind the last that was read. */
  next: number
  readonly #waiting = new Map<string, Set<Waiting>>()

  constructor(next: number) {
    this.next = next
  }

  wait(pump: Waiting): void {
    const ofType = this.#waiting.get(pump.type)
    if (ofType === undefined) this.#waiting.set(pump.type, new Set([pump]))
    else ofType.add(pump)
  }

  has(pump: Waiting): boolean {
    return this.#waiting.get(pump.type)?.has(pump) ?? false
  }

  leave(pump: Waiting): void {
    const ofType = this.#waiting.get(pump.type)
    ofType?.delete(pump)
    if (ofType?.size === 0) this.#waiting.delete(pump.type)
  }

  /** Events of these types stand between here and there: whoever waits for one reads from here. */
  arrived(types: ReadonlySet<string>, next: number): void {
    const from = this.next
    this.next = next
    for (const type of types) {
      const woken = this.#waiting.get(type)
      this.#waiting.delete(type)
      for (const pump of woken ?? []) pump.arrived(from)
    }
  }
}
