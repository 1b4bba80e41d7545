import { contractLimits } from './limits.ts'
import { pointerStep } from './names.ts'
import { type ReasonCode, refusal } from './reasons.ts'
import type { Problem } from '@unavez/protocol'

const firstBytes = 1_024
/** Up to this many characters a loop is faster than a call into the runtime. */
const loopLength = 32
const plainKey = /^[A-Za-z_][A-Za-z0-9_]{0,99}$/

/** Avro's binary encoding into a buffer that grows up to the record limit, and the place in the JSON that is being written. */
export class ByteWriter {
  private buffer = Buffer.allocUnsafe(firstBytes)
  private at = 0
  private readonly path: (string | number)[] = []
  depth = 0
  prefix = ''

  /** Ready for the next record, whose pointers begin with `prefix`. */
  reset(prefix: string): void {
    this.at = 0
    this.depth = 0
    this.prefix = prefix
    if (this.buffer.length > 64 * firstBytes) this.buffer = Buffer.allocUnsafe(firstBytes)
  }

  /** Names the step of the JSON at a depth; deeper ones are forgotten by setting `depth` back. */
  step(depth: number, step: string | number): void {
    this.path[depth] = step
    this.depth = depth + 1
  }

  /** A refusal at the present place. A key that is no plain name is the caller's text: the pointer ends before it. */
  fault(reason: ReasonCode, code: 'data-invalid' | 'identifier-invalid' = 'data-invalid'): Problem {
    let pointer = this.prefix
    for (const step of this.path.slice(0, this.depth)) {
      if (typeof step === 'string' && !plainKey.test(step)) break
      pointer += pointerStep(step)
    }
    return refusal(code, pointer, reason)
  }

  /** A copy of what was written, behind `header` free bytes. */
  take(header: number): Buffer {
    const bytes = Buffer.allocUnsafe(header + this.at)
    this.buffer.copy(bytes, header, 0, this.at)
    return bytes
  }

  private room(bytes: number): void {
    const needed = this.at + bytes
    if (needed <= this.buffer.length) return
    if (needed > contractLimits.recordBytes + 4 * loopLength) throw this.tooLarge()
    const grown = Buffer.allocUnsafe(Math.max(needed, Math.min(this.buffer.length * 2, contractLimits.recordBytes)))
    this.buffer.copy(grown, 0, 0, this.at)
    this.buffer = grown
  }

  private tooLarge(): Problem {
    return refusal('event-too-large', this.prefix, 'record-too-large')
  }

  byte(value: number): void {
    this.room(1)
    this.buffer[this.at] = value
    this.at += 1
  }

  /** A safe integer as a zigzag varint. */
  integer(value: number): void {
    this.room(9)
    let rest = value < 0 ? -2 * value - 1 : 2 * value
    if (rest > Number.MAX_SAFE_INTEGER) {
      this.bigInteger(BigInt(value))
      return
    }
    while (rest > 0x7f) {
      this.buffer[this.at] = (rest % 128) | 0x80
      this.at += 1
      rest = Math.floor(rest / 128)
    }
    this.buffer[this.at] = rest
    this.at += 1
  }

  /** 64 bits at most. */
  bigInteger(value: bigint): void {
    let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))
    while (rest > 0x7fn) {
      this.byte(Number(rest & 0x7fn) | 0x80)
      rest >>= 7n
    }
    this.byte(Number(rest))
  }

  float(value: number): void {
    this.room(4)
    this.at = this.buffer.writeFloatLE(value, this.at)
  }

  double(value: number): void {
    this.room(8)
    this.at = this.buffer.writeDoubleLE(value, this.at)
  }

  raw(bytes: Buffer): void {
    this.room(bytes.length)
    this.at += bytes.copy(this.buffer, this.at)
  }

  bytes(bytes: Buffer): void {
    this.integer(bytes.length)
    this.raw(bytes)
  }

  /** Length and UTF-8. The caller has checked that the text is well-formed when it is not ASCII. */
  string(text: string): void {
    if (text.length > loopLength || !this.shortAscii(text)) this.longString(text)
  }

  private shortAscii(text: string): boolean {
    const { length } = text
    this.room(length + 1)
    const { buffer } = this
    const start = this.at + 1
    for (let i = 0; i < length; i += 1) {
      const code = text.charCodeAt(i)
      if (code > 0x7f) return false
      buffer[start + i] = code
    }
    buffer[this.at] = length << 1
    this.at = start + length
    return true
  }

  private longString(text: string): void {
    if (!text.isWellFormed()) throw this.fault('not-unicode')
    const length = Buffer.byteLength(text)
    this.integer(length)
    this.room(length)
    this.at += this.buffer.write(text, this.at)
  }
}
