import { pushLimits } from './push-limits.ts'

/** Which events made the endpoint fail, while others were delivered in between. */
export class Strikes {
  readonly #strikes = new Map<number, { readonly count: number; readonly delivered: number }>()
  #delivered = 0

  delivered(offset: number): void {
    this.#delivered += 1
    this.#strikes.delete(offset)
  }

  /** One more failure at an event. True if it is not the endpoint: others were delivered each time between its failures. */
  isItsOwnFault(offset: number): boolean {
    const { count, delivered } = this.#strikes.get(offset) ?? { count: 0, delivered: -1 }
    if (delivered === this.#delivered) return false
    this.#strikes.set(offset, { count: count + 1, delivered: this.#delivered })
    return count + 1 >= pushLimits.strikes
  }

  forget(offset: number): void {
    this.#strikes.delete(offset)
  }

  clear(): void {
    this.#strikes.clear()
  }
}
