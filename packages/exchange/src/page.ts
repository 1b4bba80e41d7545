import { type EventLog, isEngineError, type Message, type Page, type ReadLimits, type ViewStore } from '@unavez/engine'

import { copiesBetween } from './copies.ts'
import { textOf } from './record-headers.ts'

/** What one page takes of one partition: the events chosen, and how far it looked. */
export interface Range {
  readonly partition: number
  readonly from: number
  readonly next: number
  /** The partition's end as known when it was read: more may be there if `next` is before it. */
  readonly end: number
  readonly messages: readonly Message[]
}

/** Where to read on in one partition. */
export interface PartitionOffset {
  readonly partition: number
  readonly offset: number
  /** Where the range is said to begin, if what lies before `offset` was passed over and told of nowhere yet. */
  readonly since?: number
  /** Nothing from here on is looked at. */
  readonly before?: number
}

export interface PageRequest {
  readonly log: EventLog
  readonly views: ViewStore
  readonly topic: string
  readonly from: readonly PartitionOffset[]
  /** Only events of this type; others of the domain are passed over. */
  readonly type: string
  /** Names the offsets of what is passed over as well. */
  readonly sieve?: (messages: readonly Message[]) => Promise<ReadonlySet<number>>
  readonly limit: number
  /** About so many bytes of records. */
  readonly bytes: number
  /** Whether to read on at the first offset that is kept; without it 'position-gone' is rejected. */
  readonly gone?: Gap
}

/** Asked when records behind a place are kept no more: whether nothing that mattered was among them. */
export type Gap = (at: PartitionOffset, first: number) => Promise<boolean>

const bounds = {
  /** Messages looked at for one page: a rare type among many others answers with fewer events, `more` and a cursor that moved. */
  scanned: 20_000,
  /** Events of one partition in one page: their disclosure stays below the message limit. */
  perPartition: 1_000,
  /** Bytes of the pseudonyms that the disclosure of one partition names: one event may have thousands of parties. */
  subjectBytes: 700_000,
}

interface Reading {
  readonly partition: number
  readonly from: number
  next: number
  end: number
  readonly before: number
  /** Bytes of the pseudonyms in its disclosure, and whether no more of them fit. */
  subjectBytes: number
  isFull: boolean
  readonly messages: Message[]
}

/**
 * Reads every partition a fair share at a time, so that a hot one starves no other, until the limit or the end. Known
 * copies and other types are skipped; their offsets belong to the range all the same.
 */
export async function readPage(request: PageRequest): Promise<readonly Range[]> {
  const readings = request.from.map(({ partition, offset, since = offset, before = Infinity }): Reading => ({
    partition,
    from: since,
    next: offset,
    end: before,
    before,
    subjectBytes: 0,
    isFull: false,
    messages: [],
  }))
  const { type } = request
  let wanted = request.limit
  let scanned = 0
  let bytes = 0
  while (wanted > 0 && scanned < bounds.scanned && bytes < request.bytes) {
    const open = readings.filter(
      ({ next, end, isFull, messages }) => next < end && !isFull && messages.length < bounds.perPartition,
    )
    if (open.length === 0) break
    const share = Math.ceil(wanted / open.length)
    const limits = { messages: Math.max(share, 16), bytes: Math.ceil(request.bytes / open.length), waitMs: 0 }
    const pages = await Promise.all(
      open.map(async (reading) => ({ reading, page: await readWithoutCopies(request, reading, limits) })),
    )
    for (const { reading, page } of pages) {
      scanned += page.messages.length
      const taken = take(reading, { ...page, type, most: Math.min(share, wanted) })
      wanted -= taken.count
      bytes += taken.bytes
    }
  }
  return readings
}

async function readWithoutCopies(
  { log, views, topic, sieve, gone }: PageRequest,
  { partition, next: offset }: Reading,
  limits: ReadLimits,
) {
  const page = await log.read({ topic, partition, offset }, limits).catch(async (error: unknown): Promise<Page> => {
    const first = isEngineError(error, 'position-gone') ? error.first : undefined
    if (first === undefined || gone === undefined || !(await gone({ partition, offset }, first))) throw error
    return { messages: [], next: first, end: Infinity }
  })
  if (page.messages.length === 0) return { ...page, copies: new Set<number>() }
  const copies = await copiesBetween(views, { topic, partition, from: offset, next: page.next })
  return { ...page, copies: sieve === undefined ? copies : copies.union(await sieve(page.messages)) }
}

/** Moves the reading over a page, choosing at most `most` events; stops before the first that it can't take. */
function take(
  reading: Reading,
  page: {
    messages: readonly Message[]
    next: number
    end: number
    copies: ReadonlySet<number>
    type: string
    most: number
  },
): { count: number; bytes: number } {
  reading.end = Math.min(page.end, reading.before)
  let count = 0
  let bytes = 0
  for (const message of page.messages) {
    if (message.offset >= reading.before) break
    if (page.copies.has(message.offset) || textOf(message, 'type') !== page.type) continue
    const subjects = subjectBytesOf(message)
    reading.isFull = reading.messages.length > 0 && reading.subjectBytes + subjects > bounds.subjectBytes
    if (count === page.most || reading.isFull) {
      reading.next = message.offset
      return { count, bytes }
    }
    reading.messages.push(message)
    reading.subjectBytes += subjects
    count += 1
    bytes += message.value?.length ?? 0
  }
  reading.next = Math.min(page.next, reading.before)
  return { count, bytes }
}

/** What the pseudonyms of an event take in a disclosure, at most: quotes and commas around each of them. */
const subjectBytesOf = (message: Message): number => 64 + 1.1 * (textOf(message, 'parties')?.length ?? 0)

/** Merges what is shown of each partition into one list: one of each in turn, each partition in its order. */
export function roundRobin<T>(partitions: readonly (readonly T[])[]): readonly T[] {
  const merged: T[] = []
  const longest = Math.max(0, ...partitions.map(({ length }) => length))
  for (let i = 0; i < longest; i += 1) {
    for (const partition of partitions) {
      const next = partition[i]
      if (next !== undefined) merged.push(next)
    }
  }
  return merged
}
