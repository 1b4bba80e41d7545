/** The last so many (source, id) pairs, oldest forgotten first. */
export class RecentIds {
  readonly #most: number
  readonly #ids = new Set<string>()

  constructor(most: number) {
    this.#most = most
  }

  has(source: string, id: string): boolean {
    return this.#ids.has(`${source} ${id}`)
  }

  add(source: string, id: string): void {
    this.#ids.add(`${source} ${id}`)
    if (this.#ids.size <= this.#most) return
    for (const oldest of this.#ids) {
      this.#ids.delete(oldest)
      return
    }
  }
}
