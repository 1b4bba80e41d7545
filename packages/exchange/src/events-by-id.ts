import { setTimeout as sleep } from 'node:timers/promises'

import { type Engine, isEngineError, type Message } from '@unavez/engine'
import { Problem } from '@unavez/protocol'

import { type EventKey, idsKey, idsSource, keyOf, readRow } from './ids-row.ts'
import { decodePosition } from './position.ts'

/** How long `ids` may take to be folded up to what stands in the log: so many looks, so far apart. */
const foldLimits = { waits: 100, waitMs: 20 } as const

/** Events of one topic by their ids, for one page or request. */
export class EventsById {
  readonly #engine: Pick<Engine, 'log' | 'views'>
  readonly #topic: string
  #folded: Promise<void> | undefined

  constructor(engine: Pick<Engine, 'log' | 'views'>, topic: string) {
    this.#engine = engine
    this.#topic = topic
  }

  /** The record of an event; undefined if there is none, or none any more. Rejects 'rebuilding' if that can't be told now. */
  async find(key: EventKey): Promise<Message | undefined> {
    const { log, views } = this.#engine
    let row = await views.get(idsKey(key))
    if (row === undefined) {
      this.#folded ??= this.#foldedIds()
      await this.#folded
      row = await views.get(idsKey(key))
    }
    const position = row && decodePosition(readRow(row).position)
    if (position === undefined) return undefined
    const limits = { messages: 1, bytes: 1, waitMs: 0 }
    const page = await log.read({ topic: this.#topic, ...position }, limits).catch((error: unknown) => {
      // In another domain's topic the same place may not exist, or not any more.
      if (isEngineError(error, 'position-gone', 'position-ahead')) return { messages: [] }
      throw error
    })
    const [found] = page.messages
    return found !== undefined && keyOf(found)?.id === key.id ? found : undefined
  }

  /** Whatever stands in the topic now has its row: an id that has none then is no event. */
  async #foldedIds(): Promise<void> {
    const { log, views } = this.#engine
    const bounds = await log.bounds(this.#topic)
    for (let waits = 0; waits < foldLimits.waits; waits += 1) {
      const checkpoints = await Promise.all(
        bounds.map(({ partition }) => views.checkpoint(idsSource(this.#topic, partition))),
      )
      if (bounds.every(({ next }, i) => (checkpoints[i] ?? 0) >= next)) return
      await sleep(foldLimits.waitMs)
    }
    throw new Problem('rebuilding', { retryAfter: 1 })
  }
}
