/** An event that was read and is due: its place, and the root pseudonym of its key subject. */
export interface Due {
  readonly offset: number
  readonly subject: string
}

/** What was read and is not settled: a lane for each subject, in order. */
export class Window {
  /** In the order in which they were read, so the first is the oldest. */
  readonly #unsettled = new Set<number>()
  readonly #lanes = new Map<string, number[]>()

  get size(): number {
    return this.#unsettled.size
  }

  /** The first that is not settled. */
  get oldest(): number | undefined {
    return this.#unsettled.values().next().value
  }

  add({ offset, subject }: Due): void {
    this.#unsettled.add(offset)
    const lane = this.#lanes.get(subject)
    if (lane === undefined) this.#lanes.set(subject, [offset])
    else lane.push(offset)
  }

  head(subject: string): number | undefined {
    return this.#lanes.get(subject)?.[0]
  }

  lane(subject: string): readonly number[] {
    return this.#lanes.get(subject) ?? []
  }

  lanes(): Iterable<readonly [subject: string, offsets: readonly number[]]> {
    return this.#lanes
  }

  /** Takes the first of a lane out. */
  settle(subject: string): void {
    const lane = this.#lanes.get(subject)
    const offset = lane?.shift()
    if (offset !== undefined) this.#unsettled.delete(offset)
    if (lane?.length === 0) this.#lanes.delete(subject)
  }

  /** Takes a whole lane out, and answers with it. */
  takeLane(subject: string): readonly number[] {
    const lane = this.#lanes.get(subject) ?? []
    this.#lanes.delete(subject)
    for (const offset of lane) this.#unsettled.delete(offset)
    return lane
  }

  clear(): void {
    this.#unsettled.clear()
    this.#lanes.clear()
  }
}
