import { setTimeout as pause } from 'node:timers/promises'

import { type Client, Problem, type PulledPage, Unreachable } from '@unavez/sdk'

export interface ReaderOptions {
  readonly consumers: readonly Client[]
  readonly subscription: string
  /** Where promises seen broken are noted. */
  readonly broken: string[]
}

const staleMost = 200

/** Reads from the committed cursor and commits after each page; what was committed must be where the next page begins. */
export class Reader {
  /** Ids handed out, with their position. */
  readonly seen = new Map<string, string>()
  pages = 0
  /** Pages in a row that began at a cursor committed before the newest. */
  #stale = 0
  readonly #before = new Set<string>()
  readonly #options: ReaderOptions
  #committed: string | undefined
  /** Commits without an answer: each of them may have been done. */
  readonly #attempted = new Set<string>()

  constructor(options: ReaderOptions) {
    this.#options = options
  }

  /** Until the signal, and then on to the end of what is there. */
  async run(signal: AbortSignal): Promise<void> {
    const { consumers, broken } = this.#options
    for (let turn = 0; ; turn += 1) {
      const consumer = consumers[turn % consumers.length]
      if (consumer === undefined) return
      try {
        const page = await this.#page(consumer)
        if (signal.aborted && page.events.length === 0 && !page.more) return
      } catch (error) {
        const unknown = error instanceof Unreachable || (error instanceof Problem && error.status === 503)
        // A commit without an answer was done after all, and by then we asked for an earlier one.
        const behind = error instanceof Problem && error.code === 'cursor-behind' && this.#attempted.size > 0
        if (!unknown && !behind) return void broken.push(`reader: ${String(error)}`)
        await pause(50)
      }
    }
  }

  async #page(consumer: Client): Promise<PulledPage> {
    const { subscription, broken } = this.#options
    const page = await consumer.pull(subscription, { limit: 100, wait: 1 })
    this.pages += 1
    // Another instance than the one that took the commit may learn of it a moment later.
    if (this.#before.has(page.from) && page.from !== this.#committed && this.#stale++ < staleMost) {
      await pause(50)
      return this.#page(consumer)
    }
    if (this.#committed !== undefined && page.from !== this.#committed && !this.#attempted.has(page.from))
      broken.push(`a committed cursor was lost after ${this.pages} pages`)
    this.#stale = 0
    this.#committed = page.from
    this.#before.add(page.from)
    for (const { id, position } of page.events) {
      const before = this.seen.get(id)
      if (before !== undefined && before !== position) broken.push(`${id} was read at ${before} and at ${position}`)
      this.seen.set(id, position)
    }
    this.#attempted.add(page.next)
    await consumer.commit(subscription, page.next)
    this.#attempted.delete(page.next)
    this.#committed = page.next
    this.#before.add(page.next)
    return page
  }
}
