import type { Message } from '@unavez/engine'
import type { SubscriptionState } from '@unavez/policy'
import { apiLimits, Problem } from '@unavez/protocol'
import type { Call, Surroundings } from '@unavez/service-kit'

import { committedCursor } from './committed.ts'
import { type Cursor, decodeCursor, encodeCursor, requireEpoch } from './cursor.ts'
import { disclosureBasis, recordDisclosure } from './disclosure.ts'
import { openLenses } from './lens.ts'
import { type Range, readPage, roundRobin } from './page.ts'
import { type Lens, type Shown, show, summarise } from './shown.ts'
import { openSieves } from './sieve.ts'
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

/** One page for one consumer: read, authorised, projected, disclosed, and only then answered. */
export function openPull(surroundings: Surroundings, undecodable: (message: Message, error: unknown) => void) {
  const { engine, control, keys } = surroundings
  const lensFor = openLenses(surroundings)
  const sieveFor = openSieves(engine, control.policy)
  const key = keys.of('cursor')

  return async function pull(call: Call, request: PullRequest): Promise<string> {
    const deadline = surroundings.clock.monotonic() + request.waitMs
    for (let tries = 0; tries < amendedMost; tries += 1) {
      const page = await onePage(call, { ...request, deadline })
      if (page !== undefined) return page
    }
    throw new Problem('unavailable', { retryAfter: 1 })
  }

  /** Undefined if the agreement was amended meanwhile: what was read under the terms of before does not leave. */
  async function onePage(call: Call, request: PullRequest & { deadline: number }): Promise<string | undefined> {
    const on = { kind: 'subscription', id: request.subscription } as const
    const { subscription, topic, agreement } = await dueOf(call, on)
    const cursor = await startOf(request, subscription)
    const sieve = sieveFor(agreement, await lensFor(agreement))
    const page = {
      log: engine.log,
      views: engine.views,
      topic,
      type: agreement.contract,
      limit: request.limit,
      ...(sieve === undefined ? {} : { sieve }),
    }
    let ranges = await readPage({ ...page, offsets: cursor.offsets })
    while (ranges.every((range) => range.messages.length === 0) && !moreIn(ranges)) {
      const waitMs = request.deadline - surroundings.clock.monotonic()
      if (waitMs <= 0 || call.gone.aborted) break
      await somethingNew({ surroundings, call, topic, ranges, waitMs, on })
      const read = await readPage({ ...page, offsets: ranges.map((range) => range.next) })
      ranges = read.map((range, i) => ({ ...range, from: ranges[i]?.from ?? range.from }))
    }
    // Asked again after every wait: what was allowed when the caller came may not be any more.
    const due = await dueOf(call, on)
    if (due.agreement.version !== agreement.version) return undefined
    requireEpoch(cursor, due.subscription.epoch)
    const lens = await lensFor(due.agreement)
    const shown = new Map(ranges.map((range) => [range.partition, decoded(range, lens)]))
    await disclose(call, due, { ranges, shown })
    // And once more after the disclosure, however long that took: what leaves is allowed when it leaves.
    await call.authorize('receive', on)
    if (control.policy.agreement(agreement.id)?.version !== agreement.version) return undefined
    return answer(key, cursor, { ranges, shown })
  }

  async function dueOf(call: Call, on: { kind: 'subscription'; id: string }) {
    const decision = await call.authorize('receive', on)
    const subscription = control.policy.subscription(on.id)
    const agreement = subscription && control.policy.agreement(subscription.agreement)
    const contract = agreement && control.policy.contract(agreement.contract)
    if (subscription === undefined || agreement === undefined || contract === undefined) throw new Problem('not-found')
    return { decision, subscription, agreement, topic: `events.${contract.domain}` }
  }

  async function startOf({ after }: PullRequest, subscription: SubscriptionState): Promise<Cursor> {
    if (after === undefined) return committedCursor(engine.registers, subscription)
    const cursor = decodeCursor(key, subscription.id, after)
    requireEpoch(cursor, subscription.epoch)
    return cursor
  }

  function decoded(range: Range, lens: Lens): readonly Shown[] {
    return range.messages.flatMap((message) => {
      try {
        return [show(message, lens)]
      } catch (error) {
        undecodable(message, error)
        return []
      }
    })
  }

  async function disclose(call: Call, due: Awaited<ReturnType<typeof dueOf>>, { ranges, shown }: Page): Promise<void> {
    const basis = disclosureBasis(due.subscription, due.agreement, due.decision)
    const context = { log: engine.log, actor: call.actor, traceparent: call.traceparent, topic: due.topic }
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

/** Amendments that one request outlives. */
const amendedMost = 5

/** Records passed over in one partition, none of them due, before they get a disclosure of their own: what is looked at again meanwhile. */
const passedOverMost = 256

/**
 * Whether a range gets a disclosure. The cursor moves over recorded ranges only, so that disclosures chain without a hole:
 * what was merely passed over belongs to the next range.
 */
const isRecorded = ({ messages, from, next }: Range): boolean => messages.length > 0 || next - from >= passedOverMost

/** The page as it leaves. */
function answer(key: Buffer, cursor: Cursor, { ranges, shown }: Page): string {
  const jsonOf = new Map([...shown.values()].flat().map(({ message, json }) => [message, json]))
  const events = roundRobin(ranges).flatMap((message) => jsonOf.get(message) ?? [])
  const offsets = ranges.map((range) => (isRecorded(range) ? range.next : range.from))
  const next = encodeCursor(key, { ...cursor, offsets })
  return `{"events":[${events.join(',')}],"from":"${encodeCursor(key, cursor)}","next":"${next}","more":${moreIn(ranges)}}`
}

const moreIn = (ranges: readonly Range[]): boolean => ranges.some((range) => range.next < range.end)

/** `wait` seconds of the query as milliseconds, within the named bound. */
export const waitOf = (seconds: number | undefined): number => Math.min(seconds ?? 0, apiLimits.waitSeconds) * 1000
