import { isUtf8 } from 'node:buffer'

import type { Problem } from '@unavez/protocol'

import { refusal } from './reasons.ts'

/** Avro's binary encoding, read without trust: no length or count is believed beyond the bytes that are there. */
export class ByteReader {
  private readonly buffer: Buffer
  private at: number
  private readonly strict: boolean

  /** `strict`: bytes of a stranger, whose text may be no UTF-8. What the bus wrote needs no second look. */
  constructor(buffer: Buffer, at: number, strict = false) {
    this.buffer = buffer
    this.at = at
    this.strict = strict
  }

  get left(): number {
    return this.buffer.length - this.at
  }

  fault(): Problem {
    return refusal('data-invalid', '', 'not-avro')
  }

  byte(): number {
    const value = this.buffer[this.at]
    if (value === undefined) throw this.fault()
    this.at += 1
    return value
  }

  /** A zigzag varint of up to 32 bits. */
  int(): number {
    const first = this.byte()
    if (first < 0x80) return (first >>> 1) ^ -(first & 1)
    let rest = first & 0x7f
    for (let shift = 7; ; shift += 7) {
      const byte = this.byte()
      if (shift === 28 && byte > 0x0f) throw this.fault()
      rest |= (byte & 0x7f) << shift
      if (byte < 0x80) return (rest >>> 1) ^ -(rest & 1)
    }
  }

  /** A zigzag varint of up to 64 bits: a number while it is short, else a bigint. */
  long(): number | bigint {
    let low = 0
    for (let i = 0, unit = 1; i < 7; i += 1, unit *= 128) {
      const byte = this.byte()
      low += (byte & 0x7f) * unit
      if (byte < 0x80) return low % 2 === 0 ? low / 2 : -(low + 1) / 2
    }
    let rest = BigInt(low)
    for (let shift = 49n; ; shift += 7n) {
      const byte = this.byte()
      if (shift === 63n && byte > 1) throw this.fault()
      rest |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return (rest >> 1n) ^ -(rest & 1n)
    }
  }

  /** A length, never beyond the bytes left. */
  length(): number {
    const length = this.int()
    if (length < 0 || length > this.left) throw this.fault()
    return length
  }

  /** The items of the next block of an array or map, 0 at its end; never more than the bytes left can hold. */
  block(itemBytes: number): number {
    let count = this.int()
    if (count < 0) {
      count = -count
      this.length()
    }
    if (count * itemBytes > this.left) throw this.fault()
    return count
  }

  skip(bytes: number): undefined {
    if (bytes > this.left) throw this.fault()
    this.at += bytes
    return undefined
  }

  skipVarint(): undefined {
    for (let i = 0; i < 10; i += 1) if (this.byte() < 0x80) return undefined
    throw this.fault()
  }

  /** A view on the next bytes, not a copy. */
  bytes(length: number): Buffer {
    const start = this.at
    this.skip(length)
    return this.buffer.subarray(start, this.at)
  }

  string(): string {
    const length = this.length()
    const start = this.at
    this.at += length
    if (this.strict && !isUtf8(this.buffer.subarray(start, this.at))) throw this.fault()
    return this.buffer.toString('utf8', start, this.at)
  }

  float(): number {
    const start = this.at
    this.skip(4)
    return this.buffer.readFloatLE(start)
  }

  double(): number {
    const start = this.at
    this.skip(8)
    return this.buffer.readDoubleLE(start)
  }
}
