import type { IdsRow } from './ids-row.ts'

/** The events that were accepted here last: a repeat is answered at once, before the view `ids` has its row. */
export class RecentEvents {
  readonly #limit: number
  readonly #rows = new Map<string, IdsRow>()

  constructor(limit: number) {
    this.#limit = limit
  }

  get(key: string): IdsRow | undefined {
    return this.#rows.get(key)
  }

  /** Beyond the limit the oldest is forgotten: the view has it by then, or soon. */
  add(key: string, row: IdsRow): void {
    this.#rows.set(key, row)
    if (this.#rows.size <= this.#limit) return
    for (const oldest of this.#rows.keys()) {
      this.#rows.delete(oldest)
      return
    }
  }
}
