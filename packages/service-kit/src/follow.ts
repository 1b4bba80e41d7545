import { setTimeout as sleep } from 'node:timers/promises'

import {
  type Engine,
  isEngineError,
  type Message,
  type Page,
  type PartitionId,
  type Position,
  type ViewChange,
} from '@unavez/engine'

/** One follower: owns partitions, reads them from the view's checkpoint, and writes what `fold` makes of each page. */
export interface FollowOptions {
  readonly engine: Engine
  /** Group of the owners; also the first part of the checkpoint's name (`<name>/<topic>/<partition>`). */
  readonly name: string
  readonly topics: readonly string[]
  /** Deterministic: page in, rows out. */
  readonly fold: (
    messages: readonly Message[],
    partition: PartitionId,
  ) => readonly ViewChange[] | Promise<readonly ViewChange[]>
  /** Called after each page that was written, with the offset behind it. */
  readonly passed?: (partition: PartitionId, next: number) => void
  readonly onError: (error: unknown, partition: PartitionId) => void
  /** Once the end is reached, how long to let messages gather: fewer, larger pages for a view that nobody waits for. Default 0. */
  readonly gatherMs?: number
}

export interface Following {
  close(): Promise<void>
}

const followLimits = {
  messages: 1000,
  bytes: 2 * 1024 * 1024,
  /** Also how long a view that went back may go unnoticed while nothing is appended. */
  waitMs: 2000,
  /** After a failure the pause doubles from the first to the last. */
  firstPauseMs: 20,
  lastPauseMs: 5000,
} as const

/**
 * Own, read, fold, write. A checkpoint that another owner moved, or that went back with a restored view, is read again and
 * followed from there; so an overlap of owners costs work and never correctness. Rejects only if the group can't be joined.
 */
export async function follow(options: FollowOptions): Promise<Following> {
  const { engine, name, topics } = options
  const owning = await engine.log.own(name, topics, (partition, signal) => followPartition(options, partition, signal))
  return { close: () => owning.close() }
}

async function followPartition(options: FollowOptions, partition: PartitionId, signal: AbortSignal): Promise<void> {
  const pause = new Pause(signal)
  while (!signal.aborted) {
    try {
      await foldPages(options, partition, { signal, onPage: () => pause.reset() })
    } catch (error) {
      if (signal.aborted) return
      if (!isEngineError(error, 'checkpoint-moved')) options.onError(error, partition)
      await pause.next()
    }
  }
}

interface Round {
  readonly signal: AbortSignal
  readonly onPage: () => void
}

async function foldPages(options: FollowOptions, partition: PartitionId, { signal, onPage }: Round): Promise<void> {
  const { engine, name, fold, passed, gatherMs = 0 } = options
  const source = `${name}/${partition.topic}/${partition.partition}`
  let from = await engine.views.checkpoint(source)
  while (!signal.aborted) {
    const page = await readPage(options, { ...partition, offset: from }, signal)
    if (page.next === from) {
      // Nothing new: a view that went back meanwhile would else stay so until the next message.
      from = await engine.views.checkpoint(source)
      continue
    }
    const changes = page.messages.length === 0 ? [] : await fold(page.messages, partition)
    await engine.views.write(changes, { source, from, next: page.next })
    from = page.next
    onPage()
    passed?.(partition, from)
    if (gatherMs > 0 && from >= page.end) await sleep(gatherMs, undefined, { signal }).catch(() => undefined)
  }
}

/** What was trimmed before it was folded is told, and passed over: the page is empty and goes on at the first offset there is. */
async function readPage(options: FollowOptions, at: Position, signal: AbortSignal): Promise<Page> {
  const { messages, bytes, waitMs } = followLimits
  try {
    return await options.engine.log.read(at, { messages, bytes, waitMs, signal })
  } catch (error) {
    if (!isEngineError(error, 'position-gone') || error.first === undefined) throw error
    options.onError(error, { topic: at.topic, partition: at.partition })
    return { messages: [], next: error.first, end: Infinity }
  }
}

class Pause {
  readonly #signal: AbortSignal
  #ms: number = followLimits.firstPauseMs

  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  reset(): void {
    this.#ms = followLimits.firstPauseMs
  }

  /** Ends early when the signal aborts. */
  async next(): Promise<void> {
    const ms = this.#ms * (0.5 + Math.random() / 2)
    this.#ms = Math.min(this.#ms * 2, followLimits.lastPauseMs)
    await sleep(ms, undefined, { signal: this.#signal }).catch(() => undefined)
  }
}
