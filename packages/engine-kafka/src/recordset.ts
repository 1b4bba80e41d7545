import { gunzipSync, zstdDecompressSync } from 'node:zlib'

import type { PartitionId } from '@unavez/engine'

import { FetchedMessage, HeaderNames } from './fetched-message.ts'
import { RecordCursor } from './record-cursor.ts'

/**
 * Kafka's record batch, format 2 (bytes from its start):
 *   0 base offset int64 · 8 length of what follows int32 · 12 leader epoch int32 · 16 magic int8 · 17 CRC-32C uint32
 *   21 attributes int16 (bits 0–2 codec, 3 append time, 4 transactional, 5 control) · 23 last offset delta int32
 *   27 base time int64 · 35 greatest time int64 · 43 producer id int64 · 51 epoch int16 · 53 sequence int32 · 57 count int32 · 61 records
 * Record: varints of length, attributes (int8), time delta, offset delta, key length, key, value length, value, headers.
 */
const headerBytes = 61
const prefixBytes = 12
/** What one batch may grow to when it is unpacked; a batch on the wire holds about 1 MB. */
const unpackedBytesMax = 64_000_000

export interface Aborted {
  readonly producerId: bigint
  readonly firstOffset: number
}

export interface RecordSet {
  readonly bytes: Buffer
  /** Transactions of foreign writers that came to nothing: their records don't count. */
  readonly aborted: readonly Aborted[]
}

export interface Taken {
  readonly messages: readonly FetchedMessage[]
  /** Behind the last message taken and behind whatever was skipped. */
  readonly next: number
  /** What the messages take in the log, unpacked. */
  readonly bytes: number
}

export interface TakeLimits {
  readonly messages: number
  readonly bytes: number
}

interface Batch {
  readonly base: number
  readonly last: number
  readonly attributes: number
  readonly producerId: bigint
  readonly bytes: Buffer
}

/** Messages from an offset on, up to the limits but at least one. They are views into the bytes given. */
export function takeMessages(set: RecordSet, from: PartitionId & { offset: number }, limits: TakeLimits): Taken {
  const page: Filling = {
    messages: [],
    messagesMax: Math.max(1, limits.messages),
    bytes: 0,
    bytesMax: Math.max(1, limits.bytes),
  }
  const isAborted = abortedBatches(set.aborted)
  let next = from.offset
  for (const batch of batchesOf(set.bytes)) {
    if (batch.last < from.offset) continue
    const skipped = isAborted(batch) || (batch.attributes & 0x20) !== 0
    if (!skipped && takeBatch(batch, from, page)) {
      next = (page.messages.at(-1)?.offset ?? next) + 1
      break
    }
    next = batch.last + 1
  }
  return { messages: page.messages, next, bytes: page.bytes }
}

function* batchesOf(set: Buffer): Generator<Batch> {
  let at = 0
  // A fetch answer may end in the middle of a batch: what is cut comes again with the next one.
  while (at + headerBytes <= set.length) {
    const end = at + prefixBytes + set.readInt32BE(at + 8)
    if (end > set.length) return
    const magic = set.readInt8(at + 16)
    if (magic !== 2) throw new Error(`a record batch has the unknown format ${magic}`)
    const base = readInt64(set, at)
    yield {
      base,
      last: base + set.readInt32BE(at + 23),
      attributes: set.readInt16BE(at + 21),
      producerId: set.readBigInt64BE(at + 43),
      bytes: set.subarray(at, end),
    }
    at = end
  }
}

/** Tells in offset order whether a batch belongs to an aborted transaction: from its first offset to the producer's next marker. */
function abortedBatches(aborted: readonly Aborted[]): (batch: Batch) => boolean {
  if (aborted.length === 0) return () => false
  const coming = aborted.toSorted((a, b) => a.firstOffset - b.firstOffset)
  const open = new Set<bigint>()
  return ({ attributes, last, producerId }) => {
    for (let head = coming[0]; head !== undefined && head.firstOffset <= last; head = coming[0]) {
      open.add(head.producerId)
      coming.shift()
    }
    if ((attributes & 0x10) === 0 || !open.has(producerId)) return false
    if ((attributes & 0x20) !== 0) open.delete(producerId)
    return true
  }
}

interface Filling {
  readonly messages: FetchedMessage[]
  readonly messagesMax: number
  bytes: number
  readonly bytesMax: number
}

/** Whether the page is full before the batch's end. */
function takeBatch(batch: Batch, from: PartitionId & { offset: number }, page: Filling): boolean {
  const { bytes, base, attributes } = batch
  const records = unpacked(bytes, attributes & 7)
  const cursor = new RecordCursor(records)
  const names = new HeaderNames(records)
  const appendTime = (attributes & 8) !== 0
  const baseTime = readInt64(bytes, appendTime ? 35 : 27)
  const shared = new Date(baseTime)
  for (let left = bytes.readInt32BE(57); left > 0; left--) {
    const length = cursor.varint()
    const end = cursor.at + length
    cursor.at += 1
    const timeDelta = cursor.varint()
    const offset = base + cursor.varint()
    if (offset >= from.offset) {
      if (page.messages.length >= page.messagesMax || page.bytes >= page.bytesMax) return true
      const appendedAt = appendTime ? shared : new Date(baseTime + timeDelta)
      page.messages.push(new FetchedMessage(from, { offset, appendedAt }, { records, names, start: cursor.at, end }))
      page.bytes += length
    }
    cursor.at = end
  }
  return false
}

function unpacked(batch: Buffer, codec: number): Buffer {
  const records = batch.subarray(headerBytes)
  if (codec === 0) return records
  if (codec === 1) return gunzipSync(records, { maxOutputLength: unpackedBytesMax })
  if (codec === 4) return zstdDecompressSync(records, { maxOutputLength: unpackedBytesMax })
  throw new Error(
    `a record batch is packed with ${codec === 2 ? 'snappy' : 'lz4'}, which is not read here: use gzip or zstd`,
  )
}

/** Offsets and times stay far below 2^53. */
const readInt64 = (bytes: Buffer, at: number): number =>
  bytes.readInt32BE(at) * 0x1_0000_0000 + bytes.readUInt32BE(at + 4)
