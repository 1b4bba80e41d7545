import { setTimeout as sleep } from 'node:timers/promises'

import { type Engine, isEngineError, type Message } from '@unavez/engine'
import { Problem } from '@unavez/protocol'

import { idsKey, idsSource, keyOf, readRow } from './ids-row.ts'
import { decodePosition } from './position.ts'
import { headerText, institutionOf } from './record-headers.ts'

const correctionLimits = {
  /** How far a correction of a correction is followed back to what was first received. */
  followed: 8,
  /** How long `ids` may take to be folded up to what stands in the log: so many looks, so far apart. */
  waits: 100,
  waitMs: 20,
} as const

/** What corrects what, for one page. */
export class Corrections {
  readonly #engine: Pick<Engine, 'log' | 'views'>
  #folded: Promise<void> | undefined

  constructor(engine: Pick<Engine, 'log' | 'views'>) {
    this.#engine = engine
  }

  /** Whether it corrects, annuls or ends, at whatever remove, an event that fits. Rejects 'rebuilding' if that can't be told now. */
  async ofFitting(correction: Message, fits: (message: Message) => boolean): Promise<boolean> {
    let message = correction
    for (let followed = 0; followed < correctionLimits.followed; followed += 1) {
      const previous = await this.#previousOf(message)
      if (previous === undefined) return false
      if (fits(previous)) return true
      message = previous
    }
    return false
  }

  async #previousOf({ topic, headers }: Message): Promise<Message | undefined> {
    const id = headerText(headers, 'previouseventid')
    if (id === '') return undefined
    const { log, views } = this.#engine
    const key = idsKey({ institution: institutionOf(headerText(headers, 'source')), id })
    let row = await views.get(key)
    if (row === undefined) {
      this.#folded ??= this.#foldedIds(topic)
      await this.#folded
      row = await views.get(key)
    }
    const position = row && decodePosition(readRow(row).position)
    if (position === undefined) return undefined
    const limits = { messages: 1, bytes: 1, waitMs: 0 }
    const page = await log.read({ topic, ...position }, limits).catch((error: unknown) => {
      if (isEngineError(error, 'position-gone')) return { messages: [] }
      throw error
    })
    const [found] = page.messages
    return found !== undefined && keyOf(found)?.id === id ? found : undefined
  }

  /** Whatever stands in the topic now has its row: an id that has none then is no event. */
  async #foldedIds(topic: string): Promise<void> {
    const { log, views } = this.#engine
    const bounds = await log.bounds(topic)
    for (let waits = 0; waits < correctionLimits.waits; waits += 1) {
      const checkpoints = await Promise.all(
        bounds.map(({ partition }) => views.checkpoint(idsSource(topic, partition))),
      )
      if (bounds.every(({ next }, i) => (checkpoints[i] ?? 0) >= next)) return
      await sleep(correctionLimits.waitMs)
    }
    throw new Problem('rebuilding', { retryAfter: 1 })
  }
}
