import { setTimeout as wait } from 'node:timers/promises'

import { type Engine, limits, type PartitionBounds, type PartitionId } from '@unavez/engine'
import { idsFollower, idsSource } from '@unavez/exchange'
import type { Clock, Following, FollowOptions, Log } from '@unavez/service-kit'

import { foldIds } from './ids-fold.ts'
import { publishLimits } from './publish-limits.ts'
import { rebuilding } from './publish-problems.ts'
import type { IdsKnowledge } from './first-tries.ts'
import type { RecentEvents } from './recent-events.ts'

export interface IdsIndexOptions {
  readonly engine: Engine
  readonly clock: Clock
  readonly log: Log
  readonly closing: AbortSignal
  /** The publisher's own: what it accepted needs no look-up. */
  readonly recent: RecentEvents
  readonly follow: (options: FollowOptions) => Promise<Following> | Following
  /** Topics of the events that policy knows now; awaits that policy is fresh. */
  readonly topics: () => Promise<readonly string[]>
  readonly lossCheckMs?: number
}

/**
 * Keeps the views `ids` and `copies` folded, and knows whether `ids` is complete: every event whose claim this memory does
 * not hold is in it. A loss is noticed by a claim that another memory answers, or by a checkpoint lower than seen before.
 */
export class IdsIndex implements IdsKnowledge {
  readonly #options: IdsIndexOptions
  readonly #seen = new Map<string, number>()
  readonly #served = new Set<string>()
  readonly #running: Promise<void>
  #following: { readonly topics: string; readonly follower: Following } | undefined
  #completeUnder: string | undefined
  #wake = new AbortController()
  #changed = Promise.withResolvers<void>()

  constructor(options: IdsIndexOptions) {
    this.#options = options
    this.#running = this.#run()
  }

  complete(topic: string): string {
    if (this.#completeUnder === undefined || !this.#served.has(topic)) throw rebuilding()
    return this.#completeUnder
  }

  lost(): void {
    this.#completeUnder = undefined
    this.look()
  }

  /** Looks for losses and new topics now, instead of within `lossCheckMs`. */
  look(): void {
    this.#wake.abort()
  }

  /** Policy knows that many domains now: looks for the new ones. */
  expect(domains: number): void {
    if (domains !== this.#served.size) this.look()
  }

  /** A topic whose domain has just appeared: resolves when it is served, or the time is over. Undefined: no need to wait. */
  serving(topic: string, waitMs: number): Promise<void> | undefined {
    if (this.#completeUnder === undefined || this.#served.has(topic)) return undefined
    this.look()
    return this.#untilServed(topic, waitMs)
  }

  missing(): string | undefined {
    return this.#completeUnder === undefined ? 'the index of event ids is being folded' : undefined
  }

  /** After `closing` was aborted. */
  async close(): Promise<void> {
    this.look()
    await this.#running
    await this.#following?.follower.close()
  }

  async #untilServed(topic: string, waitMs: number): Promise<void> {
    const { clock } = this.#options
    const until = clock.monotonic() + waitMs
    for (;;) {
      const left = until - clock.monotonic()
      if (left <= 0 || this.#options.closing.aborted) return
      const over = new AbortController()
      await Promise.race([this.#changed.promise, wait(left, undefined, { signal: over.signal }).catch(() => undefined)])
      over.abort()
      if (this.#completeUnder !== undefined && this.#served.has(topic)) return
    }
  }

  async #run(): Promise<void> {
    const { closing, log, lossCheckMs = publishLimits.lossCheckMs, topics } = this.#options
    let starting = true
    while (!closing.aborted) {
      try {
        const wanted = await topics()
        if (this.#completeUnder === undefined) starting = !(await this.#rebuild(wanted, starting)) && starting
        else await this.#extend(wanted)
        if (this.#completeUnder !== undefined) await this.#checkLoss(this.#completeUnder)
      } catch (error) {
        if (!closing.aborted) log.warn({ error }, 'the index of event ids waits for the engine')
      }
      this.#tell()
      // However many callers ask to look, there is a pause.
      await this.#pause(publishLimits.lookMs, closing)
      if (this.#completeUnder !== undefined)
        await this.#pause(lossCheckMs, AbortSignal.any([closing, this.#wake.signal]))
      this.#wake = new AbortController()
    }
    this.#tell()
  }

  #tell(): void {
    this.#changed.resolve()
    this.#changed = Promise.withResolvers()
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    await wait(ms, undefined, { signal }).catch(() => undefined)
  }

  /** True once `ids` is folded to the end that was seen after every write begun before the loss has landed. */
  async #rebuild(topics: readonly string[], starting: boolean): Promise<boolean> {
    const { volatile } = this.#options.engine
    const memory = await volatile.memory()
    await this.#ensure(topics)
    await this.#follow(topics, !starting)
    const before = await this.#bounds(topics)
    await this.#pause(this.#settleMs(before, starting ? memory.since : undefined), this.#options.closing)
    await this.#folded(await this.#bounds(topics))
    if ((await volatile.memory()).id !== memory.id) return false
    for (const topic of topics) this.#served.add(topic)
    this.#completeUnder = memory.id
    this.#options.log.info({ topics: topics.length }, 'the index of event ids is complete')
    return true
  }

  /**
   * How long a write whose claim was lost may still land. `since` is given at a start: a memory that is older than that
   * has settled, and where a loss ends the writers there is nothing to wait for.
   */
  #settleMs(bounds: readonly PartitionBounds[], since: Date | undefined): number {
    const { settleMs } = this.#options.engine.volatile
    const whole = settleMs + publishLimits.claimUseMs
    if (since === undefined) return whole
    if (settleMs === 0 || bounds.every(({ next }) => next === 0)) return 0
    const age = this.#options.clock.now().getTime() - since.getTime()
    return Math.min(whole, Math.max(0, whole + publishLimits.clockSkewMs - age))
  }

  /** Domains that appeared. What was published there under this memory has its claims. */
  async #extend(topics: readonly string[]): Promise<void> {
    const added = topics.filter((topic) => !this.#served.has(topic))
    if (added.length === 0) return
    await this.#ensure(added)
    const bounds = await this.#bounds(added)
    const empty = added.filter((topic) => bounds.every((each) => each.topic !== topic || each.next === 0))
    for (const topic of empty) this.#served.add(topic)
    this.#tell()
    await this.#follow(topics, false)
    await this.#folded(bounds)
    for (const topic of added) this.#served.add(topic)
  }

  async #ensure(topics: readonly string[]): Promise<void> {
    const { log } = this.#options.engine
    await log.ensureTopics(topics.map((name) => ({ name, partitions: limits.partitions, cleanup: 'keep' })))
  }

  /** `anew`: checkpoints may have gone back, and only a new start reads them. */
  async #follow(topics: readonly string[], anew: boolean): Promise<void> {
    const names = topics.join(' ')
    if (this.#following?.topics === names && !anew) return
    await this.#following?.follower.close()
    this.#following = undefined
    if (topics.length === 0) return
    const { engine, follow, log, recent } = this.#options
    const follower = await follow({
      engine,
      name: idsFollower,
      topics,
      fold: (messages, partition) => foldIds({ views: engine.views, recent }, messages, partition),
      passed: (partition, next) => this.#passed(partition, next),
      gatherMs: publishLimits.gatherMs,
      onError: (error, { topic, partition }) => log.warn({ error, topic, partition }, 'folding event ids failed'),
    })
    this.#following = { topics: names, follower }
  }

  async #bounds(topics: readonly string[]): Promise<readonly PartitionBounds[]> {
    const { log } = this.#options.engine
    return (await Promise.all(topics.map((topic) => log.bounds(topic)))).flat()
  }

  async #checkpoint({ topic, partition }: PartitionId): Promise<number> {
    return this.#options.engine.views.checkpoint(idsSource(topic, partition))
  }

  /** Until the views have passed these ends. */
  async #folded(bounds: readonly PartitionBounds[]): Promise<void> {
    const { closing } = this.#options
    let open = bounds.filter(({ first, next }) => first < next)
    while (open.length > 0) {
      const at = await Promise.all(open.map((each) => this.#checkpoint(each)))
      open = open.filter(({ next }, i) => (at[i] ?? 0) < next)
      if (open.length > 0) await this.#pause(publishLimits.lookMs, closing)
      closing.throwIfAborted()
    }
  }

  #passed({ topic, partition }: PartitionId, next: number): void {
    const source = idsSource(topic, partition)
    this.#seen.set(source, Math.max(next, this.#seen.get(source) ?? 0))
  }

  async #checkLoss(memory: string): Promise<void> {
    const partitions = [...this.#served].flatMap((topic) =>
      Array.from({ length: limits.partitions }, (_, partition) => ({ topic, partition })),
    )
    // What was seen before the views are asked: a page that passes meanwhile is no loss.
    const seen = partitions.map(({ topic, partition }) => this.#seen.get(idsSource(topic, partition)) ?? 0)
    const [now, ...at] = await Promise.all([
      this.#options.engine.volatile.memory(),
      ...partitions.map((each) => this.#checkpoint(each)),
    ])
    const back = partitions.filter((_, i) => (at[i] ?? 0) < (seen[i] ?? 0))
    for (const { topic, partition } of back) this.#seen.delete(idsSource(topic, partition))
    for (const [i, each] of partitions.entries()) this.#passed(each, at[i] ?? 0)
    const lost = now.id !== memory || back.length > 0
    if (!lost) return
    this.#options.log.warn({}, 'claims or views were lost: the index of event ids is folded again')
    this.lost()
  }
}
