/** Writes Kafka's primitive types, big-endian, into a buffer that grows. */
export class Writer {
  #buffer: Buffer
  #length = 0

  constructor(capacity = 256) {
    this.#buffer = Buffer.allocUnsafe(capacity)
  }

  get length(): number {
    return this.#length
  }

  int8(value: number): this {
    this.#length = this.#room(1).writeInt8(value, this.#length)
    return this
  }

  bool(value: boolean): this {
    return this.int8(value ? 1 : 0)
  }

  int16(value: number): this {
    this.#length = this.#room(2).writeInt16BE(value, this.#length)
    return this
  }

  int32(value: number): this {
    this.#length = this.#room(4).writeInt32BE(value, this.#length)
    return this
  }

  int64(value: number | bigint): this {
    this.#length = this.#room(8).writeBigInt64BE(BigInt(value), this.#length)
    return this
  }

  /** Two bytes of length; −1 is null. */
  string(value: string | null): this {
    if (value === null) return this.int16(-1)
    return this.int16(Buffer.byteLength(value)).raw(Buffer.from(value))
  }

  /** Four bytes of length; −1 is null. */
  bytes(value: Buffer | null): this {
    return value === null ? this.int32(-1) : this.int32(value.length).raw(value)
  }

  raw(value: Buffer): this {
    this.#length += value.copy(this.#room(value.length), this.#length)
    return this
  }

  array<T>(items: readonly T[], write: (item: T, writer: this) => void): this {
    this.int32(items.length)
    for (const item of items) write(item, this)
    return this
  }

  /** What was written; the writer must not be used afterwards. */
  done(): Buffer {
    return this.#buffer.subarray(0, this.#length)
  }

  #room(bytes: number): Buffer {
    const needed = this.#length + bytes
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2))
      this.#buffer.copy(larger, 0, 0, this.#length)
      this.#buffer = larger
    }
    return this.#buffer
  }
}

/** Reads what `Writer` writes. Reading beyond the end throws a RangeError. */
export class Reader {
  readonly buffer: Buffer
  offset = 0

  constructor(buffer: Buffer) {
    this.buffer = buffer
  }

  int8(): number {
    return this.buffer.readInt8(this.#pass(1))
  }

  bool(): boolean {
    return this.int8() !== 0
  }

  int16(): number {
    return this.buffer.readInt16BE(this.#pass(2))
  }

  int32(): number {
    return this.buffer.readInt32BE(this.#pass(4))
  }

  /** Offsets and times: exact up to 2^53. */
  int64(): number {
    return Number(this.bigint())
  }

  bigint(): bigint {
    return this.buffer.readBigInt64BE(this.#pass(8))
  }

  string(): string | null {
    const length = this.int16()
    return length < 0 ? null : this.#take(length).toString()
  }

  /** A view into the answer, no copy. */
  bytes(): Buffer | null {
    const length = this.int32()
    return length < 0 ? null : this.#take(length)
  }

  array<T>(read: (reader: this) => T): T[] {
    const length = this.int32()
    const items: T[] = []
    for (let i = 0; i < length; i++) items.push(read(this))
    return items
  }

  #take(length: number): Buffer {
    const start = this.#pass(length)
    if (this.offset > this.buffer.length) throw new RangeError('The answer ends too early.')
    return this.buffer.subarray(start, this.offset)
  }

  #pass(length: number): number {
    const start = this.offset
    this.offset += length
    return start
  }
}
