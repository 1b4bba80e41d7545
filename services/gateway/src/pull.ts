import type { Message } from '@unavez/engine'
import {
  type Cursor,
  type Lens,
  type Range,
  SchemaUnknown,
  type Shown,
  committedCursor,
  decodeCursor,
  disclosureBasis,
  encodeCursor,
  openLenses,
  openSieves,
  readPage,
  recordDisclosure,
  requireEpoch,
  roundRobin,
  show,
  summarise,
} from '@unavez/exchange'
import type { AgreementState, Decision, SubscriptionState } from '@unavez/policy'
import { apiLimits, Problem } from '@unavez/protocol'
import type { Call, Surroundings } from '@unavez/service-kit'

import { somethingNew } from './wait.ts'

export interface PullRequest {
  readonly subscription: string
  readonly after?: string
  readonly limit: number
  readonly waitMs: number
}

/** What was read of each partition, and what of it is shown, by partition. */
interface Page {
  readonly ranges: readonly Range[]
  readonly shown: ReadonlyMap<number, readonly Shown[]>
}

/** Under what it is shown. */
interface Due {
  readonly decision: Decision
  readonly subscription: SubscriptionState
  readonly agreement: AgreementState
  readonly topic: string
}

/** One page for one consumer: read, authorised, projected, disclosed, and only then answered. */
export class Pull {
  readonly #surroundings: Surroundings
  readonly #undecodable: (message: Message, error: unknown) => void
  readonly #lensFor: ReturnType<typeof openLenses>
  readonly #sieveFor: ReturnType<typeof openSieves>
  readonly #key: Buffer

  constructor(surroundings: Surroundings, undecodable: (message: Message, error: unknown) => void) {
    this.#surroundings = surroundings
    this.#undecodable = undecodable
    this.#lensFor = openLenses(surroundings)
    this.#sieveFor = openSieves(surroundings.engine, surroundings.control.policy)
    this.#key = surroundings.keys.of('cursor')
  }

  /** The answer's JSON. Rejects as `authorize` and the log do. */
  async page(call: Call, request: PullRequest): Promise<Buffer> {
    const deadline = this.#surroundings.clock.monotonic() + request.waitMs
    for (let tries = 0; tries < amendedMost; tries += 1) {
      const page = await this.#once(call, { ...request, deadline })
      if (page !== undefined) return page
    }
    throw new Problem('unavailable', { retryAfter: 1 })
  }

  /** Who asks, for what, under which agreement; asked anew whenever time has passed. */
  async #due(call: Call, id: string): Promise<Due> {
    const { policy } = this.#surroundings.control
    const decision = await call.authorize('receive', { kind: 'subscription', id })
    const subscription = policy.subscription(id)
    const agreement = subscription && policy.agreement(subscription.agreement)
    const contract = agreement && policy.contract(agreement.contract)
    if (subscription === undefined || agreement === undefined || contract === undefined) throw new Problem('not-found')
    return { decision, subscription, agreement, topic: `events.${contract.domain}` }
  }

  /** Undefined if the agreement was amended meanwhile: what was read under the terms of before does not leave. */
  async #once(call: Call, request: PullRequest & { deadline: number }): Promise<Buffer | undefined> {
    const { control } = this.#surroundings
    const before = await this.#due(call, request.subscription)
    const cursor = await this.#start(request, before.subscription)
    const ranges = await this.#read(call, { due: before, cursor, request })
    // Asked again after every wait: what was allowed when the caller came may not be any more.
    const due = await this.#due(call, request.subscription)
    const { id, version } = before.agreement
    if (due.agreement.version !== version) return undefined
    requireEpoch(cursor, due.subscription.epoch)
    const lens = await this.#lensFor(due.agreement)
    const shown = await this.#shown(ranges, lens)
    await this.#disclose(call, due, { ranges, shown })
    // And once more after the disclosure, however long that took: what leaves is allowed when it leaves.
    await call.authorize('receive', { kind: 'subscription', id: request.subscription })
    return control.policy.agreement(id)?.version === version ? answer(this.#key, cursor, { ranges, shown }) : undefined
  }

  async #start({ after }: PullRequest, subscription: SubscriptionState): Promise<Cursor> {
    if (after === undefined) return committedCursor(this.#surroundings.engine.registers, subscription)
    const cursor = decodeCursor(this.#key, subscription.id, after)
    requireEpoch(cursor, subscription.epoch)
    return cursor
  }

  /** What stands behind the cursor; waits for a first event as long as the request allows. */
  async #read(call: Call, { due, cursor, request }: Reading): Promise<readonly Range[]> {
    const { engine, clock } = this.#surroundings
    const { agreement, topic } = due
    const sieve = this.#sieveFor(agreement, await this.#lensFor(agreement))
    const sieved = sieve === undefined ? {} : { sieve }
    const page = {
      log: engine.log,
      views: engine.views,
      topic,
      type: agreement.contract,
      limit: request.limit,
      ...sieved,
    }
    const on = { kind: 'subscription', id: request.subscription } as const
    let ranges = await readPage({ ...page, offsets: cursor.offsets })
    while (ranges.every((range) => range.messages.length === 0) && !moreIn(ranges)) {
      const waitMs = request.deadline - clock.monotonic()
      if (waitMs <= 0 || call.gone.aborted) break
      await somethingNew({ surroundings: this.#surroundings, call, topic, ranges, waitMs, on })
      const read = await readPage({ ...page, offsets: ranges.map((range) => range.next) })
      ranges = read.map((range, i) => ({ ...range, from: ranges[i]?.from ?? range.from }))
    }
    return ranges
  }

  /** What another instance has just accepted may be by a version that is not folded here yet: that is waited for, not passed over. */
  async #shown(ranges: readonly Range[], lens: Lens): Promise<Page['shown']> {
    const { control, clock } = this.#surroundings
    const all = (isFolded: boolean): Page['shown'] =>
      new Map(ranges.map((range) => [range.partition, this.#decoded(range, lens, isFolded)]))
    try {
      return all(false)
    } catch (error) {
      if (!(error instanceof SchemaUnknown)) throw error
    }
    if (!(await control.provenSince(clock.monotonic()))) throw new Problem('policy-stale', { retryAfter: 1 })
    return all(true)
  }

  /** Passes over what can't be decoded; rejects SchemaUnknown unless `isFolded`, when no version can still be on its way. */
  #decoded(range: Range, lens: Lens, isFolded: boolean): readonly Shown[] {
    return range.messages.flatMap((message) => {
      try {
        return [show(message, lens)]
      } catch (error) {
        if (error instanceof SchemaUnknown && !isFolded) throw error
        this.#undecodable(message, error)
        return []
      }
    })
  }

  async #disclose(call: Call, due: Due, { ranges, shown }: Page): Promise<void> {
    const basis = disclosureBasis(due.subscription, due.agreement, due.decision)
    const { log } = this.#surroundings.engine
    const context = { log, actor: call.actor, traceparent: call.traceparent, topic: due.topic }
    const written = ranges.filter(isRecorded).map((range) => {
      const events = shown.get(range.partition) ?? []
      const withheld = range.messages.length - events.length
      const bounds = { from: range.from, next: range.next, ...(withheld === 0 ? {} : { withheld }) }
      return recordDisclosure(context, range.partition, { ...basis, ...bounds, ...summarise(events) })
    })
    await Promise.all(written).catch((cause: unknown) => {
      throw new Problem('unavailable', { retryAfter: 1, cause })
    })
  }
}

interface Reading {
  readonly due: Due
  readonly cursor: Cursor
  readonly request: PullRequest & { readonly deadline: number }
}

/** Amendments that one request outlives. */
const amendedMost = 5

/** Records passed over in one partition, none of them due, before they get a disclosure of their own: what is looked at again meanwhile. */
const passedOverMost = 256

/**
 * Whether a range gets a disclosure. The cursor moves over recorded ranges only, so that disclosures chain without a hole:
 * what was merely passed over belongs to the next range.
 */
const isRecorded = ({ messages, from, next }: Range): boolean => messages.length > 0 || next - from >= passedOverMost

const comma = Buffer.from(',')

/** The page as it leaves: the very bytes that its disclosure tells the hash of. */
function answer(key: Buffer, cursor: Cursor, { ranges, shown }: Page): Buffer {
  const events = roundRobin(ranges.map(({ partition }) => shown.get(partition) ?? []))
  const offsets = ranges.map((range) => (isRecorded(range) ? range.next : range.from))
  const next = encodeCursor(key, { ...cursor, offsets })
  const parts: Buffer[] = [Buffer.from('{"events":[')]
  for (const { json } of events) parts.push(json, comma)
  if (events.length > 0) parts.pop()
  parts.push(Buffer.from(`],"from":"${encodeCursor(key, cursor)}","next":"${next}","more":${moreIn(ranges)}}`))
  return Buffer.concat(parts)
}

const moreIn = (ranges: readonly Range[]): boolean => ranges.some((range) => range.next < range.end)

/** `wait` seconds of the query as milliseconds, within the named bound. */
export const waitOf = (seconds: number | undefined): number => Math.min(seconds ?? 0, apiLimits.waitSeconds) * 1000
