import { EngineError, limits as engineLimits } from '@unavez/engine'
import type { Page, PartitionBounds, PartitionId, Position, ReadLimits } from '@unavez/engine'

import { earliest, fetchCall, type FetchedPartition, latest } from './fetch.ts'
import { atLeader, expectFine, TryAgain } from './leader.ts'
import { Offsets } from './offsets.ts'
import { laneOf, type ReadLane, ReadLanes } from './readlanes.ts'
import { type Taken, takeMessages } from './recordset.ts'
import { type From, Rings } from './ring.ts'
import type { Seen } from './seen.ts'
import { Watch } from './watch.ts'
import type { Wire } from './wire/index.ts'

export interface ReaderOptions {
  readonly wire: Wire
  /** In front of every topic's name. */
  readonly prefix: string
  readonly seen: Seen
  /** How long a read tries again while a partition has no leader or brokers don't answer. Milliseconds. */
  readonly budgetMs?: number
  /** Memory for the newest messages of the partitions watched. */
  readonly ringBytes?: number
}

const ringBytesMax = 64_000_000
const answerMsMax = 3_000
/** One page on the wire: not so small that a page costs many answers, not so large that one answer holds up others. */
const fetchBytes = { least: 16_000, most: 4_000_000 }
/** A message's bytes until some of its partition were seen; and the share asked for on top. */
const sizeGuess = 1_200
const sizeMargin = 1.2
const sizesMax = 10_000
const outOfRange = 1

/** `read`, `bounds` and `lowerBound` of the log. Topics by the bus's own names outside, by their real ones inside. */
export class LogReader {
  readonly #options: ReaderOptions
  readonly #budgetMs: number
  readonly #lanes: ReadLanes
  readonly #offsets: Offsets
  readonly #rings: Rings
  readonly #watches: Readonly<Record<ReadLane, Watch>>
  readonly #closing = new AbortController()
  readonly #stops = new Set<() => void>()
  /** What a message takes on the wire, by partition, as seen last. */
  readonly #sizes = new Map<string, number>()

  constructor(options: ReaderOptions) {
    const { wire, seen, prefix, budgetMs = engineLimits.appendBudgetMs, ringBytes = ringBytesMax } = options
    const closing = this.#closing.signal
    this.#options = options
    this.#budgetMs = budgetMs
    this.#lanes = new ReadLanes(wire)
    this.#offsets = new Offsets({ wire, prefix, budgetMs, closing, lanes: this.#lanes })
    this.#rings = new Rings({ bytesMax: ringBytes, prefix })
    const watching = { wire, seen, closing, rings: this.#rings }
    this.#watches = {
      control: new Watch({ ...watching, lane: 'control' }),
      rest: new Watch({ ...watching, lane: 'rest' }),
    }
  }

  /** As `EventLog.read`. A page that reaches the end knows it from a request sent after this call. */
  async read(position: Position, limits: ReadLimits): Promise<Page> {
    if (this.#closing.signal.aborted) throw closed()
    const known = Math.max(position.offset, this.lowerBound(position))
    const nothing = { messages: [], next: position.offset, end: known }
    if (limits.signal?.aborted === true) return nothing
    const ending = new AbortController()
    const stopped = Promise.withResolvers<Page>()
    const stop = (): void => {
      if (this.#closing.signal.aborted) stopped.reject(closed())
      else stopped.resolve(nothing)
      ending.abort()
    }
    this.#stops.add(stop)
    limits.signal?.addEventListener('abort', stop, { once: true })
    try {
      return await Promise.race([this.#read(position, limits, ending.signal), stopped.promise])
    } finally {
      this.#stops.delete(stop)
      limits.signal?.removeEventListener('abort', stop)
    }
  }

  async bounds(topic: string, at?: Date): Promise<readonly PartitionBounds[]> {
    if (this.#closing.signal.aborted) throw closed()
    const name = `${this.#options.prefix}${topic}`
    const { partitions } = await this.#options.wire.metadata.topic(name)
    const numbers = [...partitions.keys()].toSorted((a, b) => a - b)
    const [firsts, nexts, times] = await Promise.all([
      this.#offsets.list(name, numbers, earliest),
      this.#offsets.list(name, numbers, latest),
      at === undefined ? undefined : this.#offsets.list(name, numbers, at.getTime()),
    ])
    return numbers.map((partition) => {
      const [first, next] = [firsts.get(partition) ?? 0, nexts.get(partition) ?? 0]
      this.#options.seen.raise({ topic: name, partition }, next)
      const found = times === undefined ? first : (times.get(partition) ?? -1)
      return { topic, partition, first, next, atTime: found < 0 ? next : Math.max(found, first) }
    })
  }

  lowerBound({ topic, partition }: PartitionId): number {
    return this.#options.seen.lowerBound({ topic: `${this.#options.prefix}${topic}`, partition })
  }

  /** After a trim by this process: nothing before `first` is read from memory any more. */
  trimmed({ topic, partition }: PartitionId, first: number): void {
    this.#rings.trimmed({ topic: `${this.#options.prefix}${topic}`, partition }, first)
  }

  /** Reads under way reject 'closed'. */
  close(): void {
    this.#closing.abort()
    for (const stop of this.#stops) stop()
  }

  async #read(position: Position, limits: ReadLimits, signal: AbortSignal): Promise<Page> {
    const until = performance.now() + Math.min(limits.waitMs, engineLimits.readWaitMs)
    let from: From = { ...position, topic: `${this.#options.prefix}${position.topic}` }
    const kept = this.#rings.take(from, limits, false)
    if (kept !== undefined) return kept
    for (;;) {
      const page = await this.#fetch(from, limits, signal)
      const moved = page.next > from.offset
      from = { ...from, offset: page.next }
      if (page.messages.length > 0) return page
      // Nothing but control records or forgotten ones: go on behind them.
      if (moved && page.next < page.end) continue
      const left = until - performance.now()
      if (left <= 0) return page
      await this.#watches[laneOf(from.topic, this.#options.prefix)].wait(from, left, signal)
      const news = this.#rings.take(from, limits, true)
      if (news !== undefined && news.messages.length > 0) return news
    }
  }

  async #fetch(from: From, limits: ReadLimits, signal: AbortSignal): Promise<Page> {
    const { wire, prefix, seen } = this.#options
    const key = `${from.topic}/${from.partition}`
    const wanted = Math.min(limits.bytes, limits.messages * (this.#sizes.get(key) ?? sizeGuess) * sizeMargin)
    const bytes = Math.round(Math.min(Math.max(wanted, fetchBytes.least), fetchBytes.most))
    const lane = laneOf(from.topic, prefix)
    const tries = { wire, until: performance.now() + this.#budgetMs, signal }
    const fetched = await atLeader(from, tries, async (broker) => {
      const call = fetchCall([{ ...from, bytes }], { waitMs: 0, bytes })
      const [answer] = await this.#lanes.send({ broker, lane }, call, answerMsMax)
      if (answer?.errorCode === outOfRange) await this.#offsets.explain(from, broker)
      // A new leader may not know yet that everything acknowledged is stable; it will in a moment.
      if (expectFine(answer).end < Math.max(from.offset, seen.lowerBound(from)))
        throw new TryAgain('its new leader is still catching up')
      return expectFine(answer)
    })
    const taken = take(fetched, { ...from, topic: from.topic.slice(prefix.length) }, limits)
    const { messages, next } = taken
    if (messages.length > 0 && (this.#sizes.size < sizesMax || this.#sizes.has(key)))
      this.#sizes.set(key, taken.bytes / messages.length)
    const end = Math.max(fetched.end, next)
    seen.raise(from, end)
    return { messages, next, end }
  }
}

function take({ records: bytes, aborted }: FetchedPartition, from: From, limits: ReadLimits): Taken {
  try {
    return takeMessages({ bytes, aborted }, from, limits)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    const where = `partition ${from.partition} of ${from.topic} from offset ${from.offset} on`
    throw new EngineError('unavailable', `Kafka's records in ${where} can't be read: ${why}.`, { cause })
  }
}

const closed = (): EngineError => new EngineError('closed', 'The engine is closed.')
