export interface Flight {
  readonly subject: string
  /** It asks whether a failing endpoint works again. */
  readonly isProbe: boolean
}

/** What is under way: never two of one subject. */
export class Flights {
  readonly #flights = new Map<number, Flight>()
  readonly #busy = new Set<string>()

  get size(): number {
    return this.#flights.size
  }

  get busy(): ReadonlySet<string> {
    return this.#busy
  }

  begin(offset: number, flight: Flight): void {
    this.#flights.set(offset, flight)
    this.#busy.add(flight.subject)
  }

  land(offset: number): Flight | undefined {
    const flight = this.#flights.get(offset)
    if (flight === undefined) return undefined
    this.#flights.delete(offset)
    this.#busy.delete(flight.subject)
    return flight
  }
}
