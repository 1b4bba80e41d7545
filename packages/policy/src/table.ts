/** States by id, in the order in which the ids came. */
export class Table<State> {
  readonly #places = new Map<string, number>()
  readonly #states: (State | undefined)[] = []

  constructor(first: Iterable<readonly [id: string, state: State]> = []) {
    for (const [id, state] of first) this.set(id, state)
  }

  get(id: string): State | undefined {
    const place = this.#places.get(id)
    return place === undefined ? undefined : this.#states[place]
  }

  set(id: string, state: State): void {
    const place = this.#places.get(id)
    if (place === undefined) this.#places.set(id, this.#states.push(state) - 1)
    else this.#states[place] = state
  }

  delete(id: string): void {
    const place = this.#places.get(id)
    if (place !== undefined) this.#states[place] = undefined
  }

  values(): readonly State[] {
    return this.#states.filter((state) => state !== undefined)
  }

  /** Ids and states as they stand now, whatever is set while they are read: the states are copied here, the ids never change. */
  entries(): IteratorObject<readonly [id: string, state: State]> {
    return pairs(this.#places.keys(), this.#states.slice())
  }
}

function* pairs<State>(
  ids: Iterator<string>,
  states: readonly (State | undefined)[],
): Generator<readonly [id: string, state: State]> {
  for (const state of states) {
    const { value } = ids.next()
    if (state !== undefined && typeof value === 'string') yield [value, state]
  }
}
