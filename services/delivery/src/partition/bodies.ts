import { randomBytes } from 'node:crypto'

import { isEngineError } from '@unavez/engine'
import { type EffectRow, encodePosition, keptEffect, type Recipient, type Shown } from '@unavez/exchange'
import type { SubscriptionState } from '@unavez/policy'

import type { Answer, Attempt } from '../endpoint/attempt.ts'
import { busRecipient } from './bus-recipient.ts'
import type { Entry } from './entry.ts'
import type { PartitionSurroundings } from './pump-surroundings.ts'
import type { Due } from './window.ts'

/** What leaves: disclosed already, under the terms that stood then. */
export interface Body {
  readonly json: Buffer
  readonly traceparent: string
  readonly terms: string
  readonly of: Pick<EffectRow, 'event' | 'source' | 'position'>
}

export const attemptOf = (subscription: SubscriptionState, { json, traceparent, of }: Body): Attempt => ({
  subscription,
  webhookId: `${subscription.id}_${of.position}`,
  body: json,
  traceparent,
})

/** What an answer says that was done with the event; it is kept before what settles the delivery, so that it can't be lost. */
export function toldIn(
  answer: Answer,
  { of }: Body,
  { subscription, now }: { readonly subscription: SubscriptionState; readonly now: number },
): readonly Entry[] {
  if (answer.kind !== 'delivered' || answer.effect === undefined) return []
  const row = { ...of, ...keptEffect(answer.effect), at: new Date(now).toISOString() }
  return [{ type: 'told', of: subscription.id, epoch: subscription.epoch, row }]
}

/** What was found in a partition, and how far that is. */
export interface Found {
  readonly due: readonly Due[]
  readonly read: number
  readonly isDisclosed: boolean
}

/** Bytes of records in one page. */
const pageBytes = 512 * 1024

/** A trace of its own for what nobody's request began. */
const newTrace = (): string => `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`

/** The events of one subscription that were shown and have not left yet. */
export class Bodies {
  readonly #partition: PartitionSurroundings
  readonly #bodies = new Map<number, Body>()

  constructor(partition: PartitionSurroundings) {
    this.#partition = partition
  }

  get(offset: number): Body | undefined {
    return this.#bodies.get(offset)
  }

  forget(offset: number): void {
    const body = this.#bodies.get(offset)
    if (body === undefined) return
    this.#bodies.delete(offset)
    this.#partition.memory.giveBack(body.json.length)
  }

  clear(): void {
    for (const offset of this.#bodies.keys()) this.forget(offset)
  }

  /** Reads on, discloses, and keeps what is due. Rejects as pages do. */
  async read(
    { id, epoch }: SubscriptionState,
    from: { readonly offset: number; readonly since: number; readonly limit: number },
    gone: AbortSignal,
  ): Promise<Found> {
    const { pages, partition, memory, surroundings } = this.#partition
    const { offset, since } = from
    const limit = memory.isFull ? 1 : from.limit
    const wish = { epoch, bytes: pageBytes, until: 0, recipient: this.#recipient(id, gone) }
    const page = await pages.next({ ...wish, limit, from: [{ partition, offset, since }] }).catch((error: unknown) => {
      if (!isEngineError(error, 'position-gone') || error.first === undefined) throw error
      // Retention is over for what it did not get in time: that is told, and passed over.
      surroundings.log.error(
        { subscription: id, offset, to: error.first },
        'events are gone before they were delivered',
      )
      return error.first
    })
    gone.throwIfAborted()
    if (typeof page === 'number') return { due: [], read: page, isDisclosed: false }
    const [range] = page.ranges
    if (range === undefined) throw new Error('a page has no range of the partition that was asked for')
    for (const shown of range.shown) this.#keep(shown, page.terms)
    const due = range.shown.map((shown) => ({ offset: shown.offset, subject: shown.roots[0] ?? '' }))
    return { due, read: range.read, isDisclosed: range.next === range.read }
  }

  /** Reads and discloses one again, alone; undefined if it is not due any more. */
  async readAgain({ id, epoch }: SubscriptionState, offset: number, gone: AbortSignal): Promise<Body | undefined> {
    const { pages, partition } = this.#partition
    const wish = { epoch, bytes: pageBytes, until: 0, recipient: this.#recipient(id, gone) }
    const page = await pages.next({ ...wish, limit: 1, from: [{ partition, offset, before: offset + 1 }] })
    gone.throwIfAborted()
    const [shown] = page.ranges[0]?.shown ?? []
    return shown?.offset === offset ? this.#keep(shown, page.terms) : undefined
  }

  #recipient(subscription: string, gone: AbortSignal): Recipient {
    return busRecipient(this.#partition.surroundings, { subscription, traceparent: newTrace(), gone })
  }

  #keep({ offset, id, source, json, traceparent }: Shown, terms: string): Body {
    this.forget(offset)
    const { memory, partition } = this.#partition
    const of = { event: id, source, position: encodePosition(partition, offset) }
    const body = { json, terms, of, traceparent: traceparent === '' ? newTrace() : traceparent }
    this.#bodies.set(offset, body)
    memory.take(json.length)
    return body
  }
}
