import type { Message } from '@unavez/engine'
import type { Decision } from '@unavez/policy'
import { apiLimits, Problem } from '@unavez/protocol'
import type { Call, Surroundings } from '@unavez/service-kit'

import { committedCursor } from './committed.ts'
import { type Cursor, decodeCursor, encodeCursor, requireEpoch } from './cursor.ts'
import { disclosureBasis, recordDisclosure } from './disclosure.ts'
import { openLenses } from './lens.ts'
import { type Range, readPage, roundRobin } from './page.ts'
import { type Shown, show, summarise } from './shown.ts'
import { somethingNew } from './wait.ts'

export interface PullRequest {
  readonly subscription: string
  readonly after?: string
  readonly limit: number
  readonly waitMs: number
}

/** One page for one consumer: read, authorised, projected, disclosed, and only then answered. */
export function openPull(surroundings: Surroundings, undecodable: (message: Message, error: unknown) => void) {
  const { engine, control, keys } = surroundings
  const lensFor = openLenses(surroundings)
  const key = keys.of('cursor')

  return async function pull(call: Call, request: PullRequest): Promise<string> {
    const on = { kind: 'subscription', id: request.subscription } as const
    const { subscription, topic, agreement } = await dueOf(call, on)
    const cursor = await startOf(request, subscription)
    const page = { log: engine.log, views: engine.views, topic, type: agreement.contract, limit: request.limit }
    let ranges = await readPage({ ...page, offsets: cursor.offsets })
    const deadline = surroundings.clock.monotonic() + request.waitMs
    while (ranges.every((range) => range.messages.length === 0) && !moreIn(ranges)) {
      const waitMs = deadline - surroundings.clock.monotonic()
      if (waitMs <= 0 || call.gone.aborted) break
      await somethingNew({ surroundings, call, topic, ranges, waitMs, on })
      const read = await readPage({ ...page, offsets: ranges.map((range) => range.next) })
      ranges = read.map((range, i) => ({ ...range, from: ranges[i]?.from ?? range.from }))
    }
    // Asked again after every wait: what was allowed when the caller came may not be any more.
    const due = await dueOf(call, on)
    requireEpoch(cursor, due.subscription.epoch)
    const lens = await lensFor(due.agreement)
    const shown = new Map(ranges.map((range) => [range.partition, decoded(range, (message) => show(message, lens))]))
    await disclose(call, { due, ranges, shown })
    if (control.policy.offset !== due.decision.controlOffset) await call.authorize('receive', on)
    return answer(cursor, ranges, shown)
  }

  async function dueOf(call: Call, on: { kind: 'subscription'; id: string }) {
    const decision = await call.authorize('receive', on)
    const subscription = control.policy.subscription(on.id)
    const agreement = subscription && control.policy.agreement(subscription.agreement)
    const contract = agreement && control.policy.contract(agreement.contract)
    if (subscription === undefined || agreement === undefined || contract === undefined) throw new Problem('not-found')
    return { decision, subscription, agreement, topic: `events.${contract.domain}` }
  }

  async function startOf(request: PullRequest, subscription: Parameters<typeof committedCursor>[1]): Promise<Cursor> {
    if (request.after === undefined) return committedCursor(engine.registers, subscription)
    const cursor = decodeCursor(key, subscription.id, request.after)
    requireEpoch(cursor, subscription.epoch)
    return cursor
  }

  function decoded(range: Range, one: (message: Message) => Shown): readonly Shown[] {
    return range.messages.flatMap((message) => {
      try {
        return [one(message)]
      } catch (error) {
        undecodable(message, error)
        return []
      }
    })
  }

  async function disclose(
    call: Call,
    page: {
      due: { decision: Decision } & Awaited<ReturnType<typeof dueOf>>
      ranges: readonly Range[]
      shown: ReadonlyMap<number, readonly Shown[]>
    },
  ): Promise<void> {
    const { due, ranges, shown } = page
    const basis = disclosureBasis(due.subscription, due.agreement, due.decision)
    const context = { log: engine.log, actor: call.actor, traceparent: call.traceparent, topic: due.topic }
    const written = ranges
      .map((range) => ({ range, events: shown.get(range.partition) ?? [] }))
      .filter(({ events }) => events.length > 0)
      .map(({ range, events }) =>
        recordDisclosure(context, range.partition, {
          ...basis,
          from: range.from,
          next: range.next,
          ...summarise(events),
        }),
      )
    try {
      await Promise.all(written)
    } catch (cause) {
      throw new Problem('unavailable', { retryAfter: 1, cause })
    }
  }

  function answer(cursor: Cursor, ranges: readonly Range[], shown: ReadonlyMap<number, readonly Shown[]>): string {
    const jsonOf = new Map([...shown.values()].flat().map(({ message, json }) => [message, json]))
    const events = roundRobin(ranges).flatMap((message) => jsonOf.get(message) ?? [])
    const next = encodeCursor(key, { ...cursor, offsets: ranges.map((range) => range.next) })
    return `{"events":[${events.join(',')}],"from":"${encodeCursor(key, cursor)}","next":"${next}","more":${moreIn(ranges)}}`
  }
}

const moreIn = (ranges: readonly Range[]): boolean => ranges.some((range) => range.next < range.end)

/** `wait` seconds of the query as milliseconds, within the named bound. */
export const waitOf = (seconds: number | undefined): number => Math.min(seconds ?? 0, apiLimits.waitSeconds) * 1000
