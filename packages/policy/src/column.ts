type Cells = Float64Array | Uint32Array

const firstCells = 1024

/** Numbers side by side, only ever added to: millions of them take no more than their bytes. */
export class Column<Kind extends Cells = Uint32Array> {
  readonly #make: (length: number) => Kind
  #cells: Kind
  #length = 0

  constructor(make: (length: number) => Kind) {
    this.#make = make
    this.#cells = make(firstCells)
  }

  get length(): number {
    return this.#length
  }

  at(place: number): number {
    return this.#cells[place] ?? 0
  }

  set(place: number, value: number): void {
    this.#cells[place] = value
  }

  push(value: number): number {
    if (this.#length === this.#cells.length) {
      const grown = this.#make(2 * this.#length)
      grown.set(this.#cells)
      this.#cells = grown
    }
    this.#cells[this.#length] = value
    return this.#length++
  }
}

export const integers = (): Column => new Column((length) => new Uint32Array(length))
export const doubles = (): Column<Float64Array> => new Column((length) => new Float64Array(length))
