import type { Message, PartitionId } from '@unavez/engine'

import { sizes } from './sizes.ts'
import { StoredMessage } from './stored-message.ts'

/** A part of a buffer. A Buffer for each message in memory would be the most of what the garbage collector looks at. */
export interface Slice {
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
}

interface Kept extends Slice {
  readonly appendedAt: Date
}

/** The newest messages of one partition, without gaps. */
export class Ring {
  readonly #partition: PartitionId
  #kept: Kept[] = []
  /** How many at the beginning of the list have been forgotten. */
  #gone = 0
  /** The offset of the first that is kept. */
  first = 0

  constructor(partition: PartitionId) {
    this.#partition = partition
  }

  get next(): number {
    return this.first + this.#kept.length - this.#gone
  }

  push(offset: number, { bytes, start, end }: Slice, appendedAt: Date): void {
    if (offset !== this.next) {
      this.#kept = []
      this.#gone = 0
      this.first = offset
    }
    this.#kept.push({ bytes, start, end, appendedAt })
  }

  /** Forgets what stands before an offset. */
  forgetBefore(offset: number): void {
    const count = Math.min(offset - this.first, this.#kept.length - this.#gone)
    if (count <= 0) return
    this.#kept.fill(empty, this.#gone, this.#gone + count)
    this.#gone += count
    this.first += count
    if (this.#gone * 2 < this.#kept.length) return
    this.#kept = this.#kept.slice(this.#gone)
    this.#gone = 0
  }

  /** Messages from an offset on that is kept, before `end`, up to the limits; at least one. */
  read(offset: number, limits: { readonly end: number; readonly messages: number; readonly bytes: number }): Message[] {
    const found: Message[] = []
    const start = this.#gone + offset - this.first
    const count = Math.min(limits.messages, limits.end - offset, this.#kept.length - start)
    let bytes = 0
    for (let index = start; index < start + count; index++) {
      const kept = this.#kept[index]
      if (kept === undefined) break
      bytes += kept.end - kept.start
      if (bytes > limits.bytes && found.length > 0) break
      const { appendedAt } = kept
      const content = kept.bytes.subarray(kept.start, kept.end)
      found.push(new StoredMessage(this.#partition, { offset: offset + index - start, appendedAt, content }))
    }
    return found
  }
}

const empty: Kept = { bytes: Buffer.alloc(0), start: 0, end: 0, appendedAt: new Date(0) }

/** One budget for the rings of all partitions: beyond it the oldest commits go first. */
export class RingBudget {
  readonly #commits: { readonly ring: Ring; readonly before: number; readonly bytes: number }[] = []
  readonly #limit: number
  #gone = 0
  #bytes = 0

  constructor(limitBytes: number) {
    this.#limit = limitBytes
  }

  push(ring: Ring, offset: number, contentBytes: number): void {
    const bytes = contentBytes + sizes.ringEntryBytes
    this.#commits.push({ ring, before: offset + 1, bytes })
    this.#bytes += bytes
    while (this.#bytes > this.#limit) {
      const oldest = this.#commits[this.#gone]
      if (oldest === undefined) return
      oldest.ring.forgetBefore(oldest.before)
      this.#bytes -= oldest.bytes
      this.#gone++
    }
    if (this.#gone < 10_000 || this.#gone * 2 < this.#commits.length) return
    this.#commits.splice(0, this.#gone)
    this.#gone = 0
  }
}
