import type { Entry } from './entry.ts'

/** Deliveries that one entry names at most: it stays far below the limit of a message. */
const deliveredMost = 1_000

/** Entries not written yet, in their order. What only moves the cursor on is told once, by the last of them. */
export class Outbox {
  #entries: Entry[] = []

  add(entry: Entry): void {
    const last = this.#entries.at(-1)
    const merged = last === undefined ? undefined : together(last, entry)
    if (merged === undefined) this.#entries.push(entry)
    else this.#entries[this.#entries.length - 1] = merged
  }

  take(): readonly Entry[] {
    const taken = this.#entries
    this.#entries = []
    return taken
  }
}

function together(before: Entry, after: Entry): Entry | undefined {
  if (before.epoch !== after.epoch) return undefined
  if (before.type === 'settled' && after.type === 'settled') {
    const delivered = [...(before.delivered ?? []), ...(after.delivered ?? [])]
    if (delivered.length > deliveredMost) return undefined
    return { ...after, ...(delivered.length === 0 ? {} : { delivered }) }
  }
  if (before.type === 'followed' && after.type === 'followed' && before.subject === after.subject) {
    return { ...before, offsets: [...before.offsets, ...after.offsets] }
  }
  return undefined
}
