import type { Engine, Message } from '@unavez/engine'

import { EventsById } from './events-by-id.ts'
import { headerText, institutionOf } from './record-headers.ts'

/** How far a correction of a correction is followed back to what was first received. */
const followedMost = 8

/** What corrects what, for one page. */
export class Corrections {
  readonly #engine: Pick<Engine, 'log' | 'views'>
  #events: EventsById | undefined

  constructor(engine: Pick<Engine, 'log' | 'views'>) {
    this.#engine = engine
  }

  /** Whether it corrects, annuls or ends, at whatever remove, an event of which that holds. Rejects 'rebuilding' if that can't be told now. */
  async of(correction: Message, holds: (message: Message) => Promise<boolean>): Promise<boolean> {
    let message = correction
    for (let followed = 0; followed < followedMost; followed += 1) {
      const previous = await this.#previousOf(message)
      if (previous === undefined) return false
      if (await holds(previous)) return true
      message = previous
    }
    return false
  }

  async #previousOf({ topic, headers }: Message): Promise<Message | undefined> {
    const id = headerText(headers, 'previouseventid')
    if (id === '') return undefined
    this.#events ??= new EventsById(this.#engine, topic)
    return this.#events.find({ institution: institutionOf(headerText(headers, 'source')), id })
  }
}
