import type { Headers, NewHeaders } from '@unavez/engine'

/** Key, value and headers of one message. */
export interface Content {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: NewHeaders
}

const valueBytes = (value: Buffer | string): number =>
  typeof value === 'string' ? Buffer.byteLength(value) : value.length

/*
 * How they stand in the file and on the way to the writer: key and value each behind an int32 of length (-1: null), then per
 * header an uint16 of length with the name and an uint32 of length with the bytes. Little endian.
 */

/** What counts towards `limits.messageBytes`. */
export function bytesOf({ key, value, headers }: Content): number {
  let bytes = (key?.length ?? 0) + (value?.length ?? 0)
  for (const name in headers) bytes += Buffer.byteLength(name) + valueBytes(headers[name] ?? '')
  return bytes
}

/** A UTF-16 unit becomes three bytes of UTF-8 at most: to count them would cost as much as to write them. */
export const textRoom = (text: string): number => text.length * 3

const valueRoom = (value: Buffer | string): number => (typeof value === 'string' ? textRoom(value) : value.length)

/** Room that is enough for the encoded form. */
export function encodedRoom({ key, value, headers }: Content): number {
  let bytes = 8 + (key?.length ?? 0) + (value?.length ?? 0)
  for (const name in headers) bytes += 6 + textRoom(name) + valueRoom(headers[name] ?? '')
  return bytes
}

/** Writes the encoded form and answers with the place behind it. */
export function encodeContent({ key, value, headers }: Content, into: Buffer, start: number): number {
  let at = encodeNullable(key, into, start)
  at = encodeNullable(value, into, at)
  for (const name in headers) {
    const value = headers[name]
    if (value === undefined) continue
    const length = into.write(name, at + 2)
    at = into.writeUInt16LE(length, at) + length
    if (typeof value === 'string') {
      const bytes = into.write(value, at + 4)
      at = into.writeUInt32LE(bytes, at) + bytes
    } else {
      at = into.writeUInt32LE(value.length, at)
      into.set(value, at)
      at += value.length
    }
  }
  return at
}

/** The buffers are parts of `from`, which therefore may not change. */
export function decodeHeaders(from: Buffer, start: number): Headers {
  // Without a prototype, a header may have any name.
  const headers: Record<string, Buffer> = Object.create(null)
  let at = start
  while (at < from.length) {
    const nameEnd = at + 2 + from.readUInt16LE(at)
    const name = from.toString('utf8', at + 2, nameEnd)
    at = nameEnd + 4 + from.readUInt32LE(nameEnd)
    headers[name] = from.subarray(nameEnd + 4, at)
  }
  return headers
}

export function encodeNullable(bytes: Uint8Array | null, into: Buffer, at: number): number {
  if (bytes === null) return into.writeInt32LE(-1, at)
  into.writeInt32LE(bytes.length, at)
  into.set(bytes, at + 4)
  return at + 4 + bytes.length
}

/** The bytes at a place, and the place behind them. */
export function decodeNullable(from: Buffer, at: number): readonly [Buffer | null, number] {
  const length = from.readInt32LE(at)
  if (length < 0) return [null, at + 4]
  return [from.subarray(at + 4, at + 4 + length), at + 4 + length]
}
