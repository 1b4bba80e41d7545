/** Walks the records of a batch. Throws RangeError where they end too early. */
export class RecordCursor {
  at: number
  readonly #bytes: Buffer

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes
    this.at = at
  }

  /** Zigzag; exact to 2^53, which time deltas may need. */
  varint(): number {
    let byte = this.#next()
    if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1)
    let value = byte & 0x7f
    let scale = 0x80
    do {
      byte = this.#next()
      value += (byte & 0x7f) * scale
      scale *= 0x80
    } while (byte >= 0x80)
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  /** Behind bytes with their length in front. */
  skip(): void {
    const length = this.varint()
    this.at += Math.max(0, length)
    if (this.at > this.#bytes.length) throw cutShort()
  }

  bytes(): Buffer | null {
    const length = this.varint()
    if (length < 0) return null
    const start = this.at
    this.at += length
    if (this.at > this.#bytes.length) throw cutShort()
    return this.#bytes.subarray(start, this.at)
  }

  #next(): number {
    const byte = this.#bytes[this.at++]
    if (byte === undefined) throw cutShort()
    return byte
  }
}

const cutShort = (): RangeError => new RangeError('a record is cut short')
