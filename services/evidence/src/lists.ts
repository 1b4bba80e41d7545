import { setTimeout as sleep } from 'node:timers/promises'

import type { PartitionBounds } from '@unavez/engine'
import { Problem } from '@unavez/protocol'
import type { ListRequest, Surroundings } from '@unavez/service-kit'

import type { RequestStatus } from './facts.ts'
import { added, type Counted, meterList, nothingCounted } from './meter.ts'
import { evidenceTopic } from './record.ts'
import { evidenceSource, listOf, readRow, type Side, type StateRow, stateKey } from './views.ts'

const bounds = {
  /** How long a list waits until the view has passed what stood in the log when it was asked for. Milliseconds. */
  waitMs: 5000,
  lookMs: 10,
  /** Rows looked at for one page, where a state is rare. */
  scanned: 5000,
} as const

export interface Listed extends ListRequest {
  readonly side: Side
  readonly institution: string
  readonly state?: 'open' | RequestStatus
  readonly type?: string
}

export interface ListedPage {
  readonly items: readonly StateRow[]
  readonly next: string | null
}

/** Lists and counts from the views, never older than the question. */
export class Lists {
  readonly #surroundings: Surroundings

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings
  }

  async page({ side, institution, state, type, after, limit = 50 }: Listed): Promise<ListedPage> {
    await this.#caughtUp()
    const { views } = this.#surroundings.engine
    const list = listOf(side, institution, state === 'open' ? 'open' : undefined)
    const items: StateRow[] = []
    let from = after === undefined ? undefined : `${after} `
    for (let scanned = 0; scanned < bounds.scanned;) {
      const rows = await views.list(list, { limit: limit + 1, ...(from === undefined ? {} : { from }) })
      for (const { sort, value } of rows) {
        if (state !== undefined && state !== 'open' && value.toString() !== JSON.stringify(state)) continue
        if (items.length === limit) return { items, next: lastOf(items) }
        const row = await views.get(stateKey(idIn(sort)))
        const known = row === undefined ? undefined : readRow<StateRow>(row)
        if (known !== undefined && (type === undefined || known.state.evidenceType === type)) items.push(known)
      }
      if (rows.length <= limit) return { items, next: null }
      scanned += rows.length
      from = `${rows.at(-1)?.sort} `
    }
    return { items, next: from?.trimEnd() ?? null }
  }

  /** The same, once there is something on it or the time is over. */
  async pageWithin(listed: Listed, { waitMs, signal }: { waitMs: number; signal: AbortSignal }): Promise<ListedPage> {
    const { clock, engine } = this.#surroundings
    const deadline = clock.monotonic() + waitMs
    for (;;) {
      const ends = await engine.log.bounds(evidenceTopic)
      const page = await this.page(listed)
      const leftMs = deadline - clock.monotonic()
      if (page.items.length > 0 || leftMs <= 0 || signal.aborted) return page
      await this.#anythingBehind(ends, leftMs, signal)
    }
  }

  /** Until a record stands behind one of the ends, the time is over, or nobody waits any more. */
  async #anythingBehind(ends: readonly PartitionBounds[], waitMs: number, signal: AbortSignal): Promise<void> {
    const stop = new AbortController()
    const limits = { messages: 1, bytes: 1, waitMs, signal: AbortSignal.any([stop.signal, signal]) }
    const waits = ends.map(async ({ topic, partition, next: offset }) => {
      const page = await this.#surroundings.engine.log.read({ topic, partition, offset }, limits)
      if (page.next > offset) stop.abort()
    })
    try {
      await Promise.all(waits)
    } finally {
      stop.abort()
    }
  }

  /** Of each procedure, over all partitions. */
  async counted(procedures: readonly string[]): Promise<readonly Counted[]> {
    await this.#caughtUp()
    const { views } = this.#surroundings.engine
    const lists = await Promise.all(procedures.map(async (id) => views.list(meterList(id), { limit: 100 })))
    return lists.map((rows) => rows.map(({ value }) => readRow<Counted>(value)).reduce(added, nothingCounted))
  }

  async #caughtUp(): Promise<void> {
    const { engine, clock } = this.#surroundings
    const ends = await engine.log.bounds(evidenceTopic)
    const deadline = clock.monotonic() + bounds.waitMs
    for (const { partition, next } of ends) {
      while ((await engine.views.checkpoint(evidenceSource(partition))) < next) {
        if (clock.monotonic() > deadline) throw new Problem('rebuilding', { retryAfter: 1 })
        await sleep(bounds.lookMs)
      }
    }
  }
}

const idIn = (sort: string): string => sort.slice(sort.indexOf(' ') + 1)

const lastOf = (items: readonly StateRow[]): string | null => {
  const state = items.at(-1)?.state
  return state === undefined ? null : `${new Date(state.askedAt).toISOString()} ${state.id}`
}
