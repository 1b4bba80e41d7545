import { setTimeout as wait } from 'node:timers/promises'

import type { PartitionId } from '@unavez/engine'
import {
  type Binding,
  type Claim,
  type EventKey,
  type IdsRow,
  eventHeaders,
  idsKey,
  idsSource,
  readRow,
} from '@unavez/exchange'
import { Problem } from '@unavez/protocol'

import { bound, boundTo, inPartition } from './binding.ts'
import { findEvent } from './find-event.ts'
import { rowOfAppended, type Sent, type TriesPorts } from './first-tries.ts'
import { publishLimits } from './publish-limits.ts'
import { appendFailure, lookUpFailed, publishUnknown, rebuilding } from './publish-problems.ts'
import type { Candidate } from './offered.ts'

export interface ClaimedPorts extends TriesPorts {
  readonly appendBudgetMs: number
  readonly closing: AbortSignal
}

/** The event of an id; `first`: this call wrote it. */
export interface Outcome {
  readonly row: IdsRow
  readonly first: boolean
}

/** What can be looked for in the log. */
type Sought = EventKey & Binding & { readonly message: PartitionId }

/** Ids that somebody has offered before, and appends that took so long that somebody else may have made a copy. */
export class ClaimedIds {
  readonly #ports: ClaimedPorts

  constructor(ports: ClaimedPorts) {
    this.#ports = ports
  }

  /**
   * Others take a claim for old when a budget has passed since it was put, by their clock: long before that, nobody can
   * have written a copy in front of ours.
   */
  isSurelyFirst({ asked }: Sent): boolean {
    return this.#ports.clock.monotonic() - asked < this.#ports.appendBudgetMs / 2
  }

  /** The view did not know the id's position when we looked. */
  async settle(candidate: Candidate, claim: Claim): Promise<Outcome> {
    const { clock, instance, appendBudgetMs } = this.#ports
    const same = inPartition(boundTo(candidate, claim), claim.partition)
    // Ours, and not under way, or we would not be here: that append has failed, and its answer has been given.
    const ended = claim.instance === instance || clock.now().getTime() - claim.at > appendBudgetMs
    if (!ended) return { row: await this.#awaitRow(same), first: false }
    return this.#again(same)
  }

  /** The first record of the event from an offset up to our own: that one is the event, the rest are copies. */
  async firstOf(event: Sought, { from, own }: { from: number; own: IdsRow }): Promise<Outcome> {
    const folded = await this.#folded(event.message)
    const row = (await this.#row(event)) ?? (await this.#find(event, Math.max(from, folded))).row
    // Bound in another version it can be only if claims were lost: a repeat will be held against that one.
    if (row === undefined || row.version !== event.version) throw publishUnknown()
    if (row.hash !== event.hash) throw new Problem('event-id-reused', { pointer: '/id' })
    return { row, first: row.position === own.position }
  }

  /** Another instance is about to write it. */
  async #awaitRow(candidate: Candidate): Promise<IdsRow> {
    const { clock, appendBudgetMs, closing } = this.#ports
    const until = clock.monotonic() + appendBudgetMs
    const { pollFirstMs, pollLongestMs } = publishLimits
    for (let pause: number = pollFirstMs; clock.monotonic() < until; pause = Math.min(pause * 1.5, pollLongestMs)) {
      await wait(Math.min(pause, Math.max(1, until - clock.monotonic())), undefined, { signal: closing }).catch(
        () => undefined,
      )
      if (closing.aborted) break
      const row = await this.#row(candidate)
      if (row !== undefined) return bound(candidate, row)
    }
    throw publishUnknown()
  }

  /** An append of this event has failed, or may have: looks whether it is there, else writes it as a possible copy. */
  async #again(candidate: Candidate): Promise<Outcome> {
    const { log, ids, volatile } = this.#ports
    const { message } = candidate
    const memory = ids.complete(message.topic)
    // The checkpoint before the row: what stands before it is in the row, what stands behind it is found by reading. The
    // claim's `from` could shorten that, but one put while claims were being lost may lie behind the event.
    const folded = await this.#folded(message)
    const known = await this.#row(candidate)
    if (known !== undefined) return { row: bound(candidate, known), first: false }
    const found = await this.#find(candidate, folded)
    if (found.row !== undefined) return { row: found.row, first: false }
    if ((await volatile.memory().catch(lookUpFailed)).id !== memory) {
      ids.lost()
      throw rebuilding()
    }
    const marked = { ...message, headers: { ...message.headers, [eventHeaders.copy]: '1' } }
    const landed = await log.append(marked).catch(appendFailed)
    return this.firstOf(candidate, { from: found.next, own: rowOfAppended(candidate, landed) })
  }

  async #row(key: EventKey): Promise<IdsRow | undefined> {
    const value = await this.#ports.views.get(idsKey(key)).catch(lookUpFailed)
    return value === undefined ? undefined : readRow(value)
  }

  async #folded({ topic, partition }: PartitionId): Promise<number> {
    return this.#ports.views.checkpoint(idsSource(topic, partition)).catch(lookUpFailed)
  }

  #find(event: Sought, from: number): ReturnType<typeof findEvent> {
    const { log, clock, appendBudgetMs, closing } = this.#ports
    const end = clock.monotonic() + appendBudgetMs
    const over = (): boolean => closing.aborted || clock.monotonic() > end
    return findEvent(log, event, { from, over }).catch(lookUpFailed)
  }
}

function appendFailed(error: unknown): never {
  throw appendFailure(error)
}
