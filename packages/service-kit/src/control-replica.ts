import type { EventLog, Message, Page } from '@unavez/engine'
import type { Policy } from '@unavez/policy'
import { Problem } from '@unavez/protocol'

import type { Clock } from './clock.ts'
import { controlLimits } from './control-limits.ts'
import { controlPartition, readControlMessage } from './control-record.ts'
import type { Log } from './log.ts'
import { placeOf, type SnapshotPlace } from './snapshot-store.ts'
import { replicate, type Replicating } from './replicate.ts'

export interface ReplicaOptions {
  readonly events: EventLog
  /** A fold of the log's beginning, or an empty one: this replica folds the rest into it. */
  readonly policy: Policy
  readonly mac: Buffer
  readonly clock: Clock
  readonly leaseMs: number
  readonly log: Log
  readonly closing: AbortSignal
}

interface Waiter {
  readonly condition: () => boolean
  readonly done: (met: boolean) => void
}

/** The control topic folded into this process, and the proof of how new it is. */
export class ControlReplica {
  readonly policy: Policy
  readonly #options: ReplicaOptions
  readonly #waiters = new Set<Waiter>()
  readonly #listeners = new Set<() => void>()
  readonly #closing = new AbortController()
  readonly #replicating: Replicating
  #provenAt = Number.NEGATIVE_INFINITY
  #proof: Promise<void> | undefined
  #last: Message | undefined

  constructor(options: ReplicaOptions) {
    this.#options = options
    this.policy = options.policy
    const signal = AbortSignal.any([this.#closing.signal, options.closing])
    signal.addEventListener('abort', () => this.#giveUp(), { once: true })
    this.#replicating = replicate({
      log: options.events,
      partition: controlPartition,
      from: options.policy.offset,
      clock: options.clock,
      onPage: (page, sentAt) => this.#fold(page, sentAt),
      onError: (error) => options.log.warn({ error: String(error) }, 'control could not be read; trying again'),
      signal,
    })
  }

  get closed(): boolean {
    return this.#closing.signal.aborted || this.#options.closing.aborted
  }

  /** What the fold stands on, if this replica has folded anything. */
  get place(): SnapshotPlace | undefined {
    return this.#last && placeOf(this.policy.offset, this.#last)
  }

  fresh(): Promise<void> | undefined {
    if (this.#isFresh()) return undefined
    this.#proof ??= this.#prove()
    return this.#proof
  }

  /** Whether the replica was at the end of `control` at or after a moment of the monotonic clock, within `waitMs` from now. */
  provenSince(moment: number, waitMs: number): Promise<boolean> {
    if (this.#provenAt < moment) this.#replicating.hurry()
    return this.until(() => this.#provenAt >= moment, waitMs)
  }

  reached(offset: number, waitMs: number): Promise<boolean> {
    return this.until(() => this.policy.offset > offset, waitMs)
  }

  /** Looks after each page whether the condition is met. False once the time is over or the replica closes. */
  until(condition: () => boolean, waitMs: number): Promise<boolean> {
    if (condition()) return Promise.resolve(true)
    if (this.closed || waitMs <= 0) return Promise.resolve(false)
    return new Promise((resolve) => {
      const done = (met: boolean): void => {
        clearTimeout(timer)
        this.#waiters.delete(waiter)
        resolve(met)
      }
      const waiter = { condition, done }
      const timer = Number.isFinite(waitMs) ? setTimeout(() => done(condition()), waitMs) : undefined
      this.#waiters.add(waiter)
    })
  }

  onChange(listener: () => void, signal: AbortSignal): void {
    if (signal.aborted || this.closed) return
    this.#listeners.add(listener)
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true })
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#replicating.ended
  }

  #isFresh(): boolean {
    return !this.closed && this.#options.clock.monotonic() - this.#provenAt <= this.#options.leaseMs
  }

  async #prove(): Promise<void> {
    try {
      this.#replicating.hurry()
      if (await this.until(() => this.#isFresh(), controlLimits.freshWaitMs)) return
    } finally {
      this.#proof = undefined
    }
    throw new Problem('policy-stale', { retryAfter: 1 })
  }

  #fold(page: Page, sentAt: number | undefined): void {
    const { mac, events, log } = this.#options
    let changed = false
    for (const message of page.messages) {
      const acceptance = this.policy.apply(readControlMessage(mac, message))
      if (acceptance.accepted) changed = true
      else if (acceptance.why === 'foreign')
        log.warn({ offset: message.offset }, 'a foreign record on control is refused')
    }
    this.policy.passed(page.next)
    this.#last = page.messages.at(-1) ?? this.#last
    // An end before something that this instance saw acknowledged is no end, whatever the read says.
    const end = Math.max(page.end, events.lowerBound(controlPartition))
    if (sentAt !== undefined && page.next >= end) this.#provenAt = Math.max(this.#provenAt, sentAt)
    if (changed) for (const listener of this.#listeners) this.#tell(listener)
    for (const waiter of this.#waiters) if (waiter.condition()) waiter.done(true)
  }

  /** What one listener throws is its own fault and stops no other, nor the fold. */
  #tell(listener: () => void): void {
    try {
      listener()
    } catch (error) {
      this.#options.log.error({ error: String(error) }, 'a listener to policy changes failed')
    }
  }

  #giveUp(): void {
    this.#listeners.clear()
    for (const waiter of this.#waiters) waiter.done(false)
  }
}
