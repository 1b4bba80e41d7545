import type { IdsRow } from '@unavez/exchange'

/**
 * The events that were accepted here last: a repeat is answered at once, before the view `ids` has its row. Two
 * generations, each at most half of the limit: when the younger is full, the older is forgotten.
 */
export class RecentEvents {
  readonly #half: number
  #young = new Map<string, IdsRow>()
  #old: ReadonlyMap<string, IdsRow> = new Map()

  constructor(limit: number) {
    this.#half = limit / 2
  }

  get(key: string): IdsRow | undefined {
    return this.#young.get(key) ?? this.#old.get(key)
  }

  add(key: string, row: IdsRow): void {
    if (this.#young.size >= this.#half) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, row)
  }
}
