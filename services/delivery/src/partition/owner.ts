import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

import { isEngineError, type PartitionId } from '@unavez/engine'
import { typeOf } from '@unavez/exchange'

import { Alarm } from './alarm.ts'
import { Changelog } from './changelog.ts'
import { snapshotOf } from './changelog-fold.ts'
import { noteSnapshot, readChangelog } from './changelog-read.ts'
import { passedTo } from './entry.ts'
import { Fence } from './fence.ts'
import { forgetChangelog } from './forget-changelog.ts'
import { Pump } from './pump.ts'
import type { PartitionSurroundings, PushSurroundings } from './pump-surroundings.ts'
import type { Roster } from './roster.ts'
import type { Standing } from './standing.ts'
import { Tail } from './tail.ts'

const ownerLimits = {
  /** Messages and bytes of one page at the end of the partition. */
  messages: 500,
  bytes: 1_000_000,
  /** How long one read waits there; also how often is looked whether a snapshot is due. Milliseconds. */
  waitMs: 1_000,
  pauseMs: 200,
  /** The changelog may grow so far before what stands is written anew, and so old may the last one get. */
  snapshotBytes: 8_000_000,
  snapshotAgeMs: 24 * 3_600_000,
  /** How long what is under way may take to end when the partition goes to somebody else. Milliseconds. */
  graceMs: 1_500,
} as const

export interface OwnerOptions extends PushSurroundings {
  readonly roster: Roster
  /** Who owns what right now, for the metrics. */
  readonly owners: Set<Owner>
}

/** Delivers from one partition for as long as it is owned: one reader at its end, and a pump for each subscription. */
export class Owner {
  readonly #options: OwnerOptions
  readonly #at: PartitionId
  readonly #changelogAt: PartitionId
  readonly #id = randomUUID()
  /** Aborted at once when nothing more may be begun; `ended` when nothing more is written. */
  readonly #stop = new AbortController()
  readonly #ended = new AbortController()
  readonly #alarm: Alarm
  readonly #changelog: Changelog
  readonly #pumps = new Map<string, Pump>()
  #partition: PartitionSurroundings | undefined
  #snapshotAt: number
  #snapshot: { readonly first: number; readonly last: number } | undefined
  #passed = 0

  constructor(options: OwnerOptions, at: PartitionId) {
    const { engine, control, clock, log } = options.surroundings
    this.#options = options
    this.#at = at
    this.#changelogAt = { topic: `deliveries.${at.topic.slice('events.'.length)}`, partition: at.partition }
    this.#alarm = new Alarm(clock)
    this.#snapshotAt = clock.monotonic()
    this.#changelog = new Changelog({
      log: engine.log,
      at: this.#changelogAt,
      owner: this.#id,
      n: () => control.policy.offset,
      onError: (error) => log.warn({ error, ...at }, 'what was delivered is not written yet'),
      onLost: () => this.#stop.abort(),
      onRoom: () => this.#wakeAll(),
      signal: this.#ended.signal,
    })
  }

  get pumps(): ReadonlyMap<string, Pump> {
    return this.#pumps
  }

  get tail(): number {
    return this.#partition?.tail.next ?? 0
  }

  /** Until the signal aborts; rejects when somebody else took over, or the log says no. */
  async work(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#stop.abort(), { once: true })
    try {
      await this.#options.roster.somebody(this.#at.topic, signal)
      if (!signal.aborted) await this.#deliver()
    } finally {
      await this.#close()
    }
  }

  async #deliver(): Promise<void> {
    const { surroundings, roster, owners } = this.#options
    const { engine } = surroundings
    const { signal } = this.#stop
    const { topic, partition } = this.#at
    const tookOver = await this.#changelog.takeOver()
    const { standings } = await readChangelog(engine, this.#changelogAt, tookOver)
    const bounds = await engine.log.bounds(topic)
    const next = bounds.find((each) => each.partition === partition)?.next ?? 0
    if (signal.aborted) return
    const tail = new Tail(next)
    const shared = { changelog: this.#changelog, tail, alarm: this.#alarm, signal }
    this.#partition = { ...this.#options, ...shared, topic, partition }
    owners.add(this)
    this.#look(standings)
    roster.onChange(() => this.#look(), signal)
    const fence = new Fence(tookOver + 1)
    const watching = fence.watch(engine.log, this.#changelogAt, { owner: this.#id, signal })
    await Promise.all([
      watching.catch((error: unknown) => {
        // Whoever took over goes on: what is under way here is broken off at once.
        this.#stop.abort()
        for (const pump of this.#pumps.values()) pump.close(true)
        throw error
      }),
      this.#follow(tail, fence),
    ])
  }

  /** One pump for each that is pushed something of this topic; `standings`: as they were left. */
  #look(standings?: ReadonlyMap<string, Standing>): void {
    if (this.#partition === undefined) return
    const pushed = this.#options.roster.of(this.#at.topic)
    const wanted = new Set(pushed.map(({ subscription }) => subscription.id))
    for (const [id, pump] of this.#pumps) {
      if (wanted.has(id)) continue
      pump.close(true)
      this.#pumps.delete(id)
      this.#changelog.write([{ type: 'ended', of: id, epoch: pump.standing.epoch }])
    }
    for (const [of, { epoch }] of standings ?? [])
      if (!wanted.has(of)) this.#changelog.write([{ type: 'ended', of, epoch }])
    for (const each of pushed) {
      const { id } = each.subscription
      const pump = this.#pumps.get(id)
      if (pump !== undefined) pump.update(each.subscription)
      else this.#begin(new Pump(this.#partition, each, standings?.get(id)))
    }
  }

  #begin(pump: Pump): void {
    this.#pumps.set(pump.id, pump)
    pump.wake()
  }

  #wakeAll(): void {
    for (const pump of this.#pumps.values()) pump.wake()
  }

  /** The one reader at the end of the partition. */
  async #follow(tail: Tail, fence: Fence): Promise<void> {
    const { signal } = this.#stop
    const { log, clock } = this.#options.surroundings
    const { messages, bytes, waitMs, pauseMs } = ownerLimits
    while (!signal.aborted) {
      try {
        const { engine } = this.#options.surroundings
        const page = await engine.log.read({ ...this.#at, offset: tail.next }, { messages, bytes, waitMs, signal })
        if (page.next > tail.next) tail.arrived(new Set(page.messages.map(typeOf)), page.next)
        else this.#tell(tail)
        await this.#shorten(fence, clock.monotonic())
      } catch (error) {
        if (signal.aborted) return
        if (!isEngineError(error)) throw error
        if (error.code === 'position-gone' && error.first !== undefined) tail.arrived(new Set(), error.first)
        log.warn({ error, ...this.#at }, 'what arrives can not be read')
        await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  /** Once nothing arrives: that all who wait at the end stand there, in one entry. */
  #tell(tail: Tail): void {
    if (this.#passed === tail.next) return
    const except = [...this.#pumps.values()].filter((pump) => !pump.passed(tail.next)).map(({ id }) => id)
    this.#changelog.write([passedTo(tail.next, except)])
    this.#passed = tail.next
  }

  /** Writes what stands anew when the changelog has grown long, and notes where once it is proven that it counts. */
  async #shorten(fence: Fence, now: number): Promise<void> {
    if (this.#snapshot !== undefined && fence.proven > this.#snapshot.last) {
      const { first } = this.#snapshot
      await noteSnapshot(this.#options.surroundings.engine, this.#changelogAt, first)
      this.#snapshot = undefined
      void this.#forget(first)
    }
    const isDue =
      this.#changelog.grown > ownerLimits.snapshotBytes || now - this.#snapshotAt > ownerLimits.snapshotAgeMs
    if (!isDue || this.#snapshot !== undefined) return
    this.#snapshotAt = now
    this.#snapshot = await this.#changelog.snapshot(() =>
      snapshotOf([...this.#pumps].map(([id, pump]) => [id, pump.standing] as const)),
    )
  }

  /** Beside what arrives; what fails is tried again behind the next snapshot. */
  async #forget(snapshot: number): Promise<void> {
    const { engine, clock, log } = this.#options.surroundings
    await forgetChangelog(engine, this.#changelogAt, { snapshot, now: clock.now() }).catch((error: unknown) => {
      if (!this.#stop.signal.aborted) log.warn({ error, ...this.#at }, 'what was delivered long ago is still kept')
    })
  }

  /** What is under way may end; what is known then is written, if it still can be. */
  async #close(): Promise<void> {
    const { owners } = this.#options
    this.#stop.abort()
    this.#alarm.close()
    for (const pump of this.#pumps.values()) pump.close(false)
    const until = performance.now() + ownerLimits.graceMs
    while (this.#inFlight > 0 && performance.now() < until) await sleep(20)
    for (const pump of this.#pumps.values()) pump.close(true)
    while (this.#inFlight > 0) await sleep(20)
    await Promise.race([this.#changelog.flush(), sleep(ownerLimits.graceMs, undefined, { ref: false })])
    this.#ended.abort()
    await this.#changelog.flush()
    owners.delete(this)
  }

  get #inFlight(): number {
    return [...this.#pumps.values()].reduce((sum, { inFlight }) => sum + inFlight, 0)
  }
}
