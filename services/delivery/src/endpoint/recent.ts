/** The values used last, so many of them; the one used longest ago is let go. */
export class Recent<Value> {
  readonly #most: number
  readonly #forget: (value: Value) => void
  readonly #values = new Map<string, Value>()

  constructor(most: number, forget: (value: Value) => void = () => undefined) {
    this.#most = most
    this.#forget = forget
  }

  get(key: string): Value | undefined {
    const value = this.#values.get(key)
    if (value === undefined) return undefined
    this.#values.delete(key)
    this.#values.set(key, value)
    return value
  }

  /** Lets go of what stood there before. */
  set(key: string, value: Value): void {
    this.delete(key)
    this.#values.set(key, value)
    const [oldest] = this.#values.keys()
    if (this.#values.size > this.#most && oldest !== undefined) this.delete(oldest)
  }

  /** Only if it is this one, where one is given. */
  delete(key: string, only?: Value): void {
    const value = this.#values.get(key)
    if (value === undefined || (only !== undefined && only !== value)) return
    this.#values.delete(key)
    this.#forget(value)
  }

  clear(): void {
    for (const key of this.#values.keys()) this.delete(key)
  }
}
