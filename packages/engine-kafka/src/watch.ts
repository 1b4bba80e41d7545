import type { PartitionId } from '@unavez/engine'

import { fetchCall, type FetchedPartition } from './fetch.ts'
import type { ReadLane } from './readlanes.ts'
import type { From, Rings } from './ring.ts'
import type { Seen } from './seen.ts'
import { pause, type Wire } from './wire/index.ts'

/** How long the broker holds one poll. */
const pollMs = 250
/** Pollers per broker: while one waits, a partition that somebody begins to watch is taken by the next. */
const pollersMax = 3
/** How long a partition stays watched after its last reader: one that follows is back within milliseconds. */
const lingerMs = 5_000
const answerMsMax = 3_000
const retryMs = 100
const partitionBytes = 1_000_000
const pollBytes = 4_000_000
const outOfRange = 1

interface Watched {
  readonly partition: PartitionId
  position: number
  polled: boolean
  lastWait: number
  readonly waiting: Set<() => void>
}

export interface WatchOptions {
  readonly wire: Wire
  readonly rings: Rings
  readonly seen: Seen
  readonly lane: ReadLane
  /** Ends every poll. */
  readonly closing: AbortSignal
}

/**
 * Long polls on connections of their own, over every partition that somebody waits on; what they bring goes into the
 * rings, and the waiting look there.
 */
export class Watch {
  readonly #options: WatchOptions
  readonly #watched = new Map<string, Watched>()
  readonly #pollers = new Set<string>()
  #tending = false

  constructor(options: WatchOptions) {
    this.#options = options
  }

  /**
   * Returns when there may be something at the offset, the time is over, or the signal aborts. Somebody has just seen that
   * the partition ends at (or before) the offset.
   */
  async wait(from: From, waitMs: number, signal: AbortSignal): Promise<void> {
    const watched = this.#watch(from)
    if (watched.position > from.offset) return
    const news = Promise.withResolvers<void>()
    const wake = (): void => news.resolve()
    const timer = setTimeout(wake, waitMs)
    signal.addEventListener('abort', wake, { once: true })
    watched.waiting.add(wake)
    // A poll under way brings our own appends by itself; until one is, the acknowledgement is the news.
    const silence = this.#options.seen.onAcknowledged(from, () => {
      if (!watched.polled) wake()
    })
    this.#spread()
    try {
      if (!signal.aborted) await news.promise
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', wake)
      silence()
      watched.waiting.delete(wake)
      watched.lastWait = performance.now()
    }
  }

  #watch(from: From): Watched {
    const key = `${from.topic}/${from.partition}`
    const partition = { topic: from.topic, partition: from.partition }
    const known = this.#watched.get(key)
    const watched = known ?? {
      partition,
      position: from.offset,
      polled: false,
      lastWait: performance.now(),
      waiting: new Set<() => void>(),
    }
    // Whoever waits at a later offset has seen that there is nothing before it to be fetched any more.
    watched.position = Math.max(watched.position, from.offset)
    this.#watched.set(key, watched)
    return watched
  }

  /** Sees to it that whatever is watched is polled at its leader. */
  #spread(): void {
    const { metadata } = this.#options.wire
    for (const { partition, polled } of this.#watched.values()) {
      if (polled) continue
      const leader = metadata.partition(partition.topic, partition.partition)?.leader ?? -1
      if (leader < 0) void this.#tend()
      else this.#startPoller(leader)
    }
  }

  /** Asks who leads until every partition watched has a leader. */
  async #tend(): Promise<void> {
    if (this.#tending) return
    this.#tending = true
    await pause(retryMs, this.#options.closing)
    await this.#options.wire.metadata.refresh().catch(() => undefined)
    this.#tending = false
    if (!this.#options.closing.aborted) this.#spread()
  }

  #startPoller(broker: number): void {
    for (let number = 0; number < pollersMax; number++) {
      const name = `${broker}/${number}`
      if (this.#pollers.has(name)) continue
      this.#pollers.add(name)
      void this.#poll(broker, number).finally(() => this.#pollers.delete(name))
      return
    }
  }

  /** Polls what no other poller polls, until there is nothing left for it. */
  async #poll(broker: number, number: number): Promise<void> {
    const { wire, rings, lane, closing } = this.#options
    // Those who begin to wait in the same turn go together.
    await Promise.resolve()
    while (!closing.aborted) {
      const mine = this.#take(broker)
      if (mine.length === 0) return
      const wishes = mine.map(({ partition, position }) => ({ ...partition, offset: position, bytes: partitionBytes }))
      let odd = false
      try {
        const link = await wire.connections.to(broker, `watch-${lane}-${number}`)
        const call = fetchCall(wishes, { waitMs: pollMs, bytes: pollBytes })
        const answers = await link.send(call, pollMs + answerMsMax)
        for (const answer of answers) odd = this.#settle(answer, mine, wishes) || odd
      } catch {
        odd = true
      } finally {
        for (const watched of mine) watched.polled = false
        rings.tidy()
      }
      if (!odd) continue
      await pause(retryMs, closing)
      await wire.metadata.refresh().catch(() => undefined)
      this.#spread()
    }
  }

  #take(broker: number): Watched[] {
    const { wire, rings } = this.#options
    const mine: Watched[] = []
    for (const [key, watched] of this.#watched) {
      const { topic, partition } = watched.partition
      if (watched.waiting.size === 0 && !watched.polled && performance.now() - watched.lastWait > lingerMs) {
        this.#watched.delete(key)
        rings.drop(watched.partition)
      } else if (!watched.polled && wire.metadata.partition(topic, partition)?.leader === broker) {
        watched.polled = true
        mine.push(watched)
      }
    }
    return mine
  }

  /** Whether the leader has to be looked for again. */
  #settle(answer: FetchedPartition, mine: readonly Watched[], wishes: readonly { offset: number }[]): boolean {
    const index = mine.findIndex(
      ({ partition }) => partition.partition === answer.partition && partition.topic === answer.topic,
    )
    const [watched, asked] = [mine[index], wishes[index]?.offset]
    if (watched === undefined || asked === undefined) return false
    if (answer.errorCode === 0) {
      // Somebody has looked further meanwhile.
      if (watched.position !== asked) return false
      watched.position = this.#options.rings.add(answer, asked)
      this.#options.seen.raise(watched.partition, watched.position)
    } else if (answer.errorCode === outOfRange) {
      this.#options.rings.drop(watched.partition)
      this.#watched.delete(`${answer.topic}/${answer.partition}`)
    }
    // Those who wait look for themselves, and are told in words what is wrong.
    if (watched.position > asked || answer.errorCode === outOfRange) for (const wake of watched.waiting) wake()
    return answer.errorCode !== 0 && answer.errorCode !== outOfRange
  }
}
