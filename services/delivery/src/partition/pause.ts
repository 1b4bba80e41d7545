/** After something failed here: each pause is twice the one before, from the first to the last. Milliseconds. */
const pauseMs = { first: 100, last: 5_000 } as const

/** How long a pump leaves what failed alone. */
export class Pause {
  until = 0
  #ms = 0

  begin(now: number): void {
    this.#ms = this.#ms === 0 ? pauseMs.first : Math.min(this.#ms * 2, pauseMs.last)
    this.until = now + this.#ms
  }

  reset(): void {
    this.#ms = 0
    this.until = 0
  }
}
