/** Bodies of events that were shown and not settled yet, of all subscriptions in this process. */
export class Memory {
  readonly #most: number
  #bytes = 0

  constructor(most: number) {
    this.#most = most
  }

  /** Then whoever reads takes one event at a time: nobody waits for another, and it grows by little. */
  get isFull(): boolean {
    return this.#bytes >= this.#most
  }

  take(bytes: number): void {
    this.#bytes += bytes
  }

  giveBack(bytes: number): void {
    this.#bytes -= bytes
  }
}
