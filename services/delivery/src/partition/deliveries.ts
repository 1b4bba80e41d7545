import { setTimeout as sleep } from 'node:timers/promises'

import { isEngineError, limits, type Message } from '@unavez/engine'
import { Pages } from '@unavez/exchange'
import { follow, type Following, isWanted, type Notices, openNotices, type Surroundings } from '@unavez/service-kit'

import type { Sender } from '../endpoint/attempt.ts'
import { noticeOf } from '../notices.ts'
import { foldPush } from '../push-view.ts'
import { AttemptsUnderWay } from './attempts-under-way.ts'
import type { Entry } from './entry.ts'
import { Memory } from './memory.ts'
import { countDeliveries } from './metrics.ts'
import { Owner } from './owner.ts'
import { pushLimits } from './push-limits.ts'
import type { PushSurroundings } from './pump-surroundings.ts'
import { Roster } from './roster.ts'
import { Stopping } from './stopping.ts'

const retryMs = 500
/** Deliveries that are told within this are folded together. */
const viewGatherMs = 100

/** Owns partitions of every domain, and delivers from them. Domains are owned apart, so that a new one interrupts none. */
export class Deliveries {
  readonly #surroundings: Surroundings
  readonly #push: PushSurroundings
  readonly #roster: Roster
  readonly #owners: Set<Owner>
  readonly #owned = new Map<string, Following>()
  #wake = Promise.withResolvers<void>()
  /** What there was at the start is shared; a domain that appears later does not take it back. */
  #isReady = false
  readonly #running: Promise<void>
  #notices: Promise<Notices> | undefined

  constructor(surroundings: Surroundings, sender: Sender) {
    const { control, closing, log } = surroundings
    this.#surroundings = surroundings
    this.#roster = new Roster(control, closing)
    this.#owners = new Set()
    const stopping = new Stopping(surroundings)
    const attempts = countDeliveries(surroundings.metrics, this.#owners)
    const pages = new Pages(withPatientViews(surroundings), ({ topic, partition, offset }, error) => {
      attempts.inc({ outcome: 'undecodable' })
      log.error(
        { topic, partition, offset, reason: error instanceof Error ? error.message : '' },
        'a record can not be decoded',
      )
    })
    this.#push = {
      surroundings,
      pages,
      sender,
      memory: new Memory(pushLimits.memoryBytes),
      underWay: new AttemptsUnderWay(pushLimits.underWay),
      told: { attempt: (outcome) => attempts.inc({ outcome }), stopped: (id, why) => stopping.stop(id, why) },
      chance: Math.random,
    }
    control.onChange(() => this.#look(), closing)
    closing.addEventListener('abort', () => this.#look(), { once: true })
    this.#running = this.#run()
  }

  missing(): string | undefined {
    return this.#isReady ? undefined : 'the partitions of a domain are not shared yet'
  }

  /** After `closing` was aborted. */
  async close(): Promise<void> {
    await this.#running
    await Promise.all([...this.#owned.values()].map((owning) => owning.close()))
  }

  #look(): void {
    if (this.#surroundings.control.policy.domains().length !== this.#owned.size || this.#surroundings.closing.aborted)
      this.#wake.resolve()
  }

  async #run(): Promise<void> {
    const { control, closing, log } = this.#surroundings
    while (!closing.aborted) {
      const wanted = control.policy.domains().filter((domain) => !this.#owned.has(domain))
      try {
        for (const domain of wanted) this.#owned.set(domain, await this.#own(domain))
      } catch (error) {
        if (closing.aborted) return
        log.warn({ error }, 'the partitions of a domain can not be shared yet')
        await sleep(retryMs, undefined, { signal: closing }).catch(() => undefined)
        continue
      }
      this.#isReady = true
      await this.#wake.promise
      this.#wake = Promise.withResolvers()
    }
  }

  async #own(domain: string): Promise<Following> {
    const { log } = this.#surroundings.engine
    const events = `events.${domain}`
    const topics = [events, `deliveries.${domain}`, 'disclosures']
    await log.ensureTopics(topics.map((name) => ({ name, partitions: limits.partitions, cleanup: 'keep' })))
    const options = { ...this.#push, roster: this.#roster, owners: this.#owners }
    const following = await this.#follow(domain)
    const owning = await log.own(`delivery.${domain}`, [events], (partition, signal) =>
      new Owner(options, partition).work(signal),
    )
    return { close: async () => void (await Promise.all([owning.close(), following.close()])) }
  }

  /** Before the view goes on: what is folded again is the same notice again. */
  readonly #tell = async (entry: Entry, { partition, appendedAt: at }: Message): Promise<void> => {
    const { policy } = this.#surroundings.control
    const notice = noticeOf(policy, entry, { partition, at })
    if (notice !== undefined && isWanted(policy, notice)) await (await this.#door()).raise(notice, policy.offset)
  }

  async #door(): Promise<Notices> {
    try {
      return await (this.#notices ??= openNotices(this.#surroundings.engine))
    } catch (error) {
      this.#notices = undefined
      throw error
    }
  }

  /** The view by which others see where a push stands; no delivery depends on it. */
  #follow(domain: string): Promise<Following> {
    const { engine, log } = this.#surroundings
    return follow({
      engine,
      name: `push.${domain}`,
      topics: [`deliveries.${domain}`],
      fold: (messages, partition) => foldPush({ views: engine.views, told: this.#tell }, messages, partition),
      onError: (error, at) => log.warn({ error, ...at }, 'folding deliveries failed'),
      gatherMs: viewGatherMs,
    })
  }
}

/** Deliveries do without views: what says which records are copies may be lost for a while, and they are repeats then. */
function withPatientViews(surroundings: Surroundings): Surroundings {
  const { engine } = surroundings
  const { views } = engine
  return {
    ...surroundings,
    engine: {
      log: engine.log,
      registers: engine.registers,
      volatile: engine.volatile,
      ailments: () => engine.ailments(),
      close: () => engine.close(),
      views: {
        get: (key) => views.get(key),
        getMany: (keys) => views.getMany(keys),
        checkpoint: (source) => views.checkpoint(source),
        write: (changes, checkpoint) => views.write(changes, checkpoint),
        list: (list, range) =>
          views.list(list, range).catch((error: unknown) => {
            if (isEngineError(error, 'unavailable')) return []
            throw error
          }),
      },
    },
  }
}
