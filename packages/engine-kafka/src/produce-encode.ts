import type { NewHeaders, NewMessage } from '@unavez/engine'

/** Who writes a batch, and where its numbering stands: the broker refuses what comes twice or out of turn. */
export interface ProducerIdentity {
  readonly id: bigint
  readonly epoch: number
}

export interface BatchHead extends ProducerIdentity {
  readonly firstSequence: number
  readonly timestamp: number
}

/** baseOffset(8) length(4) leaderEpoch(4) magic(1) crc(4) attributes(2) lastOffsetDelta(4) firstTimestamp(8) maxTimestamp(8) producerId(8) producerEpoch(2) baseSequence(4) count(4) */
const headBytes = 61
const crcAt = 17
const crcFrom = 21
/** Length, attributes, time delta and offset delta of a record at their longest. */
const recordHeadBytesMax = 5 + 1 + 1 + 3

const zigzag = (value: number): number => ((value << 1) ^ (value >> 31)) >>> 0

function varintBytes(value: number): number {
  const bits = 32 - Math.clz32(zigzag(value))
  return bits === 0 ? 1 : Math.ceil(bits / 7)
}

const sizedBytes = (bytes: number): number => varintBytes(bytes) + bytes

/** Bytes of a header's value; text is written as UTF-8. */
export const valueBytes = (value: Buffer | string): number =>
  typeof value === 'string' ? Buffer.byteLength(value) : value.length

/** Bytes of key, value and headers as a record carries them. */
export function contentBytes({ key, value, headers }: Pick<NewMessage, 'key' | 'value' | 'headers'>): number {
  let total = key === null ? 1 : sizedBytes(key.length)
  total += value === null ? 1 : sizedBytes(value.length)
  let count = 0
  for (const name in headers) {
    count += 1
    total += sizedBytes(Buffer.byteLength(name)) + sizedBytes(valueBytes(headers[name] ?? ''))
  }
  return total + varintBytes(count)
}

/** What a broker must accept as one batch: the largest message, with room for the lengths of its headers. */
export const batchBytesLimit = 1_200_000

/** What one record with such content takes in a batch, at most. */
export const recordBytesMax = (content: number): number => content + recordHeadBytesMax

/** False for thousands of tiny headers, whose lengths take more than they do. */
export const fitsAlone = (content: number): boolean => headBytes + recordBytesMax(content) <= batchBytesLimit

/** A record batch of format 2, uncompressed. `contents` are the messages' `contentBytes`, in the same order. */
export function encodeBatch(
  messages: readonly { readonly message: NewMessage; readonly content: number }[],
  head: BatchHead,
  crc32c: (bytes: Buffer) => number,
): Buffer {
  const room = messages.reduce((sum, { content }) => sum + recordBytesMax(content), headBytes)
  const buffer = Buffer.allocUnsafe(room)
  const writer = new RecordWriter(buffer, headBytes)
  for (let delta = 0; delta < messages.length; delta++) {
    const one = messages[delta]
    if (one !== undefined) writer.record(one.message, one.content, delta)
  }
  const bytes = buffer.subarray(0, writer.offset)
  let at = bytes.writeBigInt64BE(0n, 0)
  at = bytes.writeInt32BE(bytes.length - 12, at)
  at = bytes.writeInt32BE(-1, at)
  bytes.writeInt8(2, at)
  at = bytes.writeInt16BE(0, crcFrom)
  at = bytes.writeInt32BE(messages.length - 1, at)
  at = bytes.writeBigInt64BE(BigInt(head.timestamp), at)
  at = bytes.writeBigInt64BE(BigInt(head.timestamp), at)
  at = bytes.writeBigInt64BE(head.id, at)
  at = bytes.writeInt16BE(head.epoch, at)
  at = bytes.writeInt32BE(head.firstSequence, at)
  bytes.writeInt32BE(messages.length, at)
  bytes.writeUInt32BE(crc32c(bytes.subarray(crcFrom)), crcAt)
  return bytes
}

/** length attributes(1) timestampDelta offsetDelta key value [name value], all numbers and lengths as zigzag varints. */
class RecordWriter {
  readonly #buffer: Buffer
  offset: number

  constructor(buffer: Buffer, offset: number) {
    this.#buffer = buffer
    this.offset = offset
  }

  record({ key, value, headers }: NewMessage, content: number, delta: number): void {
    this.#varint(2 + varintBytes(delta) + content)
    this.#buffer[this.offset++] = 0
    this.#buffer[this.offset++] = 0
    this.#varint(delta)
    this.#sized(key)
    this.#sized(value)
    this.#headers(headers)
  }

  #headers(headers: NewHeaders): void {
    const names = Object.keys(headers)
    this.#varint(names.length)
    for (const name of names) {
      this.#text(name)
      const value = headers[name] ?? ''
      if (typeof value === 'string') this.#text(value)
      else this.#sized(value)
    }
  }

  #text(text: string): void {
    this.#varint(Buffer.byteLength(text))
    this.offset += this.#buffer.write(text, this.offset)
  }

  #sized(bytes: Buffer | null): void {
    if (bytes === null) return this.#varint(-1)
    this.#varint(bytes.length)
    this.#buffer.set(bytes, this.offset)
    this.offset += bytes.length
  }

  #varint(value: number): void {
    let rest = zigzag(value)
    while (rest > 0x7f) {
      this.#buffer[this.offset++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.#buffer[this.offset++] = rest
  }
}
