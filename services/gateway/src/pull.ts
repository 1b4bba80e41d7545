import {
  committedCursor,
  type Cursor,
  decodeCursor,
  encodeCursor,
  type Pages,
  type PageWish,
  type PartitionOffset,
  requireEpoch,
  roundRobin,
  type ShownPage,
  topicOf,
  trimmedBefore,
} from '@unavez/exchange'
import { Problem } from '@unavez/protocol'
import type { Call, Chunk, Surroundings } from '@unavez/service-kit'

import { callRecipient } from './call-recipient.ts'
import { jsonPage, type LeavingPage, type StreamFormat } from './pull-format.ts'
import { requirePull } from './pull-only.ts'
import { streamLimits, Streams } from './streams.ts'

export interface PullRequest {
  readonly subscription: string
  readonly after?: string
  readonly limit: number
  readonly waitMs: number
}

/** Bytes of records in one page that is answered at once. */
const pageBytes = 4_000_000

/** Pages for one consumer, one at a time or as a stream: three writers of one loop. */
export class Pull {
  readonly streams = new Streams()
  readonly #surroundings: Surroundings
  readonly #pages: Pages
  readonly #key: Buffer

  constructor(surroundings: Surroundings, pages: Pages) {
    this.#surroundings = surroundings
    this.#pages = pages
    this.#key = surroundings.keys.of('cursor')
  }

  /** One page, as JSON. Rejects as `authorize` and the log do. */
  async page(call: Call, request: PullRequest): Promise<Buffer> {
    const { limit, waitMs } = request
    const until = this.#surroundings.clock.monotonic() + waitMs
    const recipient = callRecipient(this.#surroundings, call, request.subscription)
    const cursor = await this.#start(request)
    const page = await this.#pages.next({ recipient, ...this.#place(cursor), limit, bytes: pageBytes, until })
    return jsonPage(this.#leaving(cursor, page).page)
  }

  /**
   * Page after page until the limit is reached, the end of what there is has been silent for `waitMs`, or its life is over. What
   * fails on the way ends it. Nothing is read while the client does not take what it was given.
   */
  async *stream(call: Call, request: PullRequest, format: StreamFormat): AsyncGenerator<Chunk> {
    const leave = this.streams.enter(call.actor.institution)
    try {
      yield* this.#flow(call, request, format)
    } finally {
      leave()
    }
  }

  async *#flow(call: Call, request: PullRequest, format: StreamFormat): AsyncGenerator<Chunk> {
    const { clock } = this.#surroundings
    const recipient = callRecipient(this.#surroundings, call, request.subscription)
    const lifeUntil = clock.monotonic() + streamLimits.lifeMs
    let silentUntil = clock.monotonic() + request.waitMs
    let cursor = await this.#start(request)
    let left = request.limit
    // The first page waits for nothing, so that the caller hears at once whether it is heard.
    let until = clock.monotonic()
    for (let opening = format.opening; ; opening = '') {
      const wish = { recipient, ...this.#place(cursor), limit: Math.min(left, streamLimits.pageEvents), until }
      const shown = await this.#pages.next({ ...wish, bytes: streamLimits.pageBytes })
      const { page, next } = this.#leaving(cursor, shown)
      if (opening !== '') yield opening
      if (page.next === page.from) yield format.alive(page)
      else yield* this.#pieces(format.page(page), wish, shown)
      this.#goOn(call)
      cursor = next
      left -= page.events.length
      const now = clock.monotonic()
      if (page.events.length > 0) silentUntil = now + request.waitMs
      if (left === 0 || now >= lifeUntil || call.gone.aborted) return
      if (!page.more && now >= silentUntil) return
      until = Math.min(now + streamLimits.aliveMs, silentUntil, lifeUntil)
    }
  }

  /** While the client takes its time, policy may change its mind: asked before each piece but the first. */
  async *#pieces(
    pieces: Iterable<Buffer>,
    wish: Pick<PageWish, 'recipient' | 'epoch'>,
    shown: ShownPage,
  ): AsyncGenerator<Buffer> {
    let isFirst = true
    for (const piece of pieces) {
      if (!isFirst) await this.#pages.require(wish, shown)
      isFirst = false
      yield piece
      if (wish.recipient.gone.aborted) return
    }
  }

  /** A host that stops says so, and when to come again. */
  #goOn({ gone }: Call): void {
    if (gone.aborted && this.#surroundings.closing.aborted) throw new Problem('unavailable', { retryAfter: 1 })
  }

  async #start({ subscription: id, after }: PullRequest): Promise<Cursor> {
    const { control, engine } = this.#surroundings
    const subscription = control.policy.subscription(id)
    if (subscription === undefined) throw new Problem('not-found')
    requirePull(subscription)
    if (after === undefined) return committedCursor(engine.registers, subscription)
    const cursor = decodeCursor(this.#key, id, after)
    requireEpoch(cursor, subscription.epoch)
    return cursor
  }

  #leaving(cursor: Cursor, { ranges, more }: ShownPage): { readonly page: LeavingPage; readonly next: Cursor } {
    const next = { ...cursor, offsets: ranges.map((range) => range.next) }
    const events = roundRobin(ranges.map(({ shown }) => shown)).map(({ json }) => json)
    return {
      page: { events, from: encodeCursor(this.#key, cursor), next: encodeCursor(this.#key, next), more },
      next,
    }
  }

  #place(cursor: Cursor): Pick<PageWish, 'from' | 'epoch' | 'gone'> {
    const { epoch, offsets } = cursor
    return {
      epoch,
      from: offsets.map((offset, partition) => ({ partition, offset })),
      gone: (at, first) => this.#isOver(cursor.subscription, at, first),
    }
  }

  /** Retention lets go of nothing that is due behind what is committed: from there on, what is gone was not for this consumer. */
  async #isOver(id: string, { partition, offset }: PartitionOffset, first: number): Promise<boolean> {
    const { control, engine } = this.#surroundings
    const subscription = control.policy.subscription(id)
    if (subscription === undefined) return false
    const { offsets } = await committedCursor(engine.registers, subscription)
    if (offset < (offsets[partition] ?? Infinity)) return false
    const topic = topicOf(control.policy, subscription.agreement)
    return first <= (await trimmedBefore(engine.registers, { topic, partition }))
  }
}
