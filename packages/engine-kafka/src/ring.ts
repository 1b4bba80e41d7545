import type { Page, PartitionId, ReadLimits } from '@unavez/engine'

import type { FetchedPartition } from './fetch.ts'
import type { FetchedMessage } from './fetched-message.ts'
import { takeMessages } from './recordset.ts'

interface Chunk {
  readonly ring: Ring
  readonly from: number
  next: number
  readonly messages: FetchedMessage[]
  /** Bytes that the chunk keeps in memory, about. */
  size: number
  /** When it was begun, by `performance.now()`. */
  readonly since: number
}

interface Ring {
  chunks: Chunk[]
  /** Behind the newest chunk. */
  next: number
  /** The end of the partition as last heard of. */
  end: number
}

interface Addition {
  readonly offset: number
  readonly next: number
  readonly messages: readonly FetchedMessage[]
  readonly bytes: number
}

export interface From extends PartitionId {
  readonly offset: number
}

const unlimited = { messages: Infinity, bytes: Infinity }
/** Small answers are put together up to this, so that a slow stream does not become a thousand chunks. */
const chunkBytes = 64_000
/** Nothing stays longer, so that what the log has forgotten or a register destroyed is not kept here. */
const ageMsMax = 60_000
/** A message's objects, beside its bytes. */
const messageBytes = 200

/**
 * The newest messages of the partitions being watched, under one budget of memory: the oldest chunk goes first, whosever it is.
 * Partitions by the topic's real name, messages by the bus's own.
 */
export class Rings {
  readonly #bytesMax: number
  readonly #prefix: string
  readonly #rings = new Map<string, Ring>()
  readonly #byAge = new Set<Chunk>()
  #bytes = 0

  constructor({ bytesMax, prefix }: { bytesMax: number; prefix: string }) {
    this.#bytesMax = bytesMax
    this.#prefix = prefix
  }

  /** Adds what was fetched from an offset at the ring's end; from any other one the ring begins anew. Answers with the offset to fetch next. */
  add(fetched: FetchedPartition, offset: number): number {
    const ring = this.#ringAt(fetched, offset)
    const from = { topic: fetched.topic.slice(this.#prefix.length), partition: fetched.partition, offset }
    const { messages, next } = takeMessages({ bytes: fetched.records, aborted: fetched.aborted }, from, unlimited)
    ring.end = Math.max(ring.end, fetched.end, next)
    if (next > offset) this.#keep(ring, { offset, next, messages, bytes: fetched.records.length })
    this.trimmed(fetched, fetched.first)
    this.tidy()
    return next
  }

  /**
   * A page from memory, or undefined. Only with `atEnd` may it reach the ring's end: there somebody must have asked the
   * broker after the read began, else the page would claim to know the partition's end and only know an old one.
   */
  take(from: From, limits: Pick<ReadLimits, 'messages' | 'bytes'>, atEnd: boolean): Page | undefined {
    const ring = this.#rings.get(`${from.topic}/${from.partition}`)
    const start = ring?.chunks.findLastIndex((chunk) => chunk.from <= from.offset) ?? -1
    if (ring === undefined || start < 0 || from.offset >= ring.next) return undefined
    const messages: FetchedMessage[] = []
    let [bytes, next] = [limits.bytes, from.offset]
    for (const chunk of ring.chunks.slice(start)) {
      for (const message of chunk.messages) {
        if (message.offset < from.offset) continue
        const full = messages.length >= limits.messages || bytes <= 0
        if (messages.length > 0 && full) return { messages, next, end: ring.end }
        messages.push(message)
        bytes -= message.bytes
        next = message.offset + 1
      }
      next = chunk.next
    }
    return atEnd || next < ring.end ? { messages, next, end: ring.end } : undefined
  }

  /** What was trimmed must not be read from memory either. */
  trimmed({ topic, partition }: PartitionId, first: number): void {
    const chunks = this.#rings.get(`${topic}/${partition}`)?.chunks ?? []
    for (let chunk = chunks[0]; chunk !== undefined && chunk.from < first; chunk = chunks[0]) this.#forget(chunk)
  }

  drop({ topic, partition }: PartitionId): void {
    const key = `${topic}/${partition}`
    for (const chunk of this.#rings.get(key)?.chunks.slice() ?? []) this.#forget(chunk)
    this.#rings.delete(key)
  }

  #ringAt(partition: PartitionId, offset: number): Ring {
    const key = `${partition.topic}/${partition.partition}`
    const known = this.#rings.get(key)
    if (known !== undefined && known.next === offset) return known
    this.drop(partition)
    const ring = { chunks: [], next: offset, end: offset }
    this.#rings.set(key, ring)
    return ring
  }

  #keep(ring: Ring, { offset, next, messages, bytes }: Addition): void {
    const size = bytes + messages.length * messageBytes
    let chunk = ring.chunks.at(-1)
    if (chunk === undefined || chunk.size + size > chunkBytes) {
      chunk = { ring, from: offset, next, messages: [], size: 0, since: performance.now() }
      ring.chunks.push(chunk)
      this.#byAge.add(chunk)
    }
    for (const message of messages) chunk.messages.push(message)
    chunk.size += size
    chunk.next = next
    ring.next = next
    this.#bytes += size
  }

  /** Forgets what is beyond the budget or too old. */
  tidy(): void {
    const oldestSince = performance.now() - ageMsMax
    for (const oldest of this.#byAge) {
      if (this.#bytes <= this.#bytesMax && oldest.since >= oldestSince) return
      this.#forget(oldest)
    }
  }

  /** Always the first chunk of its ring: rings have no holes. */
  #forget(chunk: Chunk): void {
    chunk.ring.chunks.shift()
    this.#byAge.delete(chunk)
    this.#bytes -= chunk.size
  }
}
