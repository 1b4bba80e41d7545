import { limits } from '@unavez/engine'

import type { Entry } from './entry.ts'

const version = 1

/**
 * One record of `deliveries.<domain>`, JSON `{v, owner, seq, entries}`. The owner that wrote it counts its own from 0; its
 * first says `tookOver` and fences all others: what they write behind it does not count.
 */
export interface ChangelogRecord {
  readonly owner: string
  readonly seq: number
  readonly tookOver?: true
  readonly entries: readonly Entry[]
}

export const encodeRecord = (record: ChangelogRecord): Buffer => Buffer.from(JSON.stringify({ v: version, ...record }))

/** Undefined for what is no record of this version. */
export function decodeRecord(value: Buffer | null): ChangelogRecord | undefined {
  if (value === null) return undefined
  try {
    const read = JSON.parse(value.toString()) as Partial<ChangelogRecord> & { v?: unknown }
    const { v, owner, seq, entries } = read
    if (v !== version || typeof owner !== 'string' || typeof seq !== 'number' || !Array.isArray(entries))
      return undefined
    return { owner, seq, entries, ...(read.tookOver === true ? { tookOver: true } : {}) }
  } catch {
    return undefined
  }
}

/** Bytes of entries in one record: room is left for headers and for one entry that is longer than most. */
const entryBytes = limits.messageBytes * 0.4

/** Entries in their order, as records that each stay below the limit of a message. A single entry never exceeds it by its own bounds. */
export function* chunked(entries: readonly Entry[]): Generator<readonly Entry[]> {
  let chunk: Entry[] = []
  let bytes = 0
  for (const entry of entries) {
    const size = JSON.stringify(entry).length
    if (chunk.length > 0 && bytes + size > entryBytes) {
      yield chunk
      chunk = []
      bytes = 0
    }
    chunk.push(entry)
    bytes += size
  }
  if (chunk.length > 0) yield chunk
}
