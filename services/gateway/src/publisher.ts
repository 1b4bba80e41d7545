import { setTimeout as wait } from 'node:timers/promises'

import type { EventLog, NewMessage, ViewStore, Volatile } from '@unavez/engine'
import {
  type Binding,
  type Claim,
  type EventKey,
  type IdsRow,
  accepted,
  claimKey,
  encodePosition,
  eventHeaders,
  idsKey,
  idsSource,
  keyText,
  readClaim,
  readRow,
  writeJson,
} from '@unavez/exchange'
import { type AcceptedEvent, Problem } from '@unavez/protocol'
import type { Clock } from '@unavez/service-kit'

import { findEvent } from './find-event.ts'
import { publishLimits } from './publish-limits.ts'
import { appendFailed, lookUpFailed, publishUnknown, rebuilding } from './publish-problems.ts'
import type { RecentEvents } from './recent-events.ts'

/** A valid, authorised event, ready to be written. */
export interface Candidate extends EventKey, Binding {
  readonly source: string
  readonly traceId: string
  readonly message: NewMessage
  /** The same event by another version of its contract. Throws Problem if that version can't say it. */
  by(version: number): Candidate
}

/** What publishing knows of the view `ids`. */
export interface IdsKnowledge {
  /** The memory of claims under which `ids` is complete. Throws Problem 'rebuilding' while it is not, or not for this topic. */
  complete(topic: string): string
  /** A claim was answered by another memory: what was claimed before is lost. */
  lost(): void
}

export interface PublisherPorts {
  readonly log: EventLog
  readonly views: ViewStore
  readonly volatile: Volatile
  readonly ids: IdsKnowledge
  readonly recent: RecentEvents
  readonly clock: Clock
  /** Names this publisher among others; never reused. */
  readonly instance: string
  readonly appendBudgetMs: number
  readonly closing: AbortSignal
}

/** How a batch keeps its order per subject: appends issued one after the other for one partition land in that order. */
export interface Turn {
  /** Settles when the event before this one has been issued, or has ended otherwise. */
  readonly after: Promise<void> | undefined
  issued(): void
}

/** The event of an id; `first`: this call wrote it. */
interface Outcome {
  readonly row: IdsRow
  readonly first: boolean
}

interface UnderWay extends Binding {
  readonly outcome: Promise<Outcome>
}

/**
 * One id, one event: the `ids` protocol of formats.md. Every call ends within about two append budgets: with the one
 * position of the id, or with a Problem: 'event-id-reused', 'publish-unknown', 'rebuilding', 'unavailable'.
 */
export class Publisher {
  readonly #ports: PublisherPorts
  readonly #underWay = new Map<string, UnderWay>()

  constructor(ports: PublisherPorts) {
    this.#ports = ports
  }

  async publish(candidate: Candidate, turn?: Turn): Promise<AcceptedEvent> {
    if (turn?.after !== undefined) await turn.after
    const text = keyText(candidate)
    for (;;) {
      const row = this.#ports.recent.get(text)
      if (row !== undefined) return repeat(candidate, row)
      const underWay = this.#underWay.get(text)
      if (underWay === undefined) return await this.#lead(text, candidate, turn)
      if (isSame(candidate, underWay)) return repeat(candidate, (await underWay.outcome).row)
      await underWay.outcome.catch(() => undefined)
    }
  }

  /** The event of an id, as far as it is known without looking into the log. */
  async known(key: EventKey): Promise<IdsRow | undefined> {
    return this.#ports.recent.get(keyText(key)) ?? this.#row(key)
  }

  /** The first of its id on this instance; others that come meanwhile await its outcome. */
  async #lead(text: string, candidate: Candidate, turn?: Turn): Promise<AcceptedEvent> {
    const { hash, version } = candidate
    const outcome = this.#settle(candidate, turn)
    this.#underWay.set(text, { hash, version, outcome })
    try {
      const { row, first } = await outcome
      this.#ports.recent.add(text, row)
      return accepted(candidate.id, row, !first)
    } finally {
      this.#underWay.delete(text)
    }
  }

  async #settle(candidate: Candidate, turn?: Turn): Promise<Outcome> {
    const { log, volatile, ids, clock, instance } = this.#ports
    const memory = ids.complete(candidate.message.topic)
    const known = await this.#row(candidate)
    if (known !== undefined) return { row: bound(candidate, known), first: false }

    const { hash, version, message } = candidate
    const { partition } = message
    const claim: Claim = {
      hash,
      version,
      partition,
      from: log.lowerBound(message),
      at: clock.now().getTime(),
      instance,
    }
    const asked = clock.monotonic()
    const answer = await volatile
      .claim(claimKey(candidate), writeJson(claim), { ttlMs: publishLimits.idWindowMs })
      .catch(lookUpFailed)
    if (answer.memory.id !== memory) throw this.#lost()
    if (answer.held !== null) return this.#claimed(candidate, readClaim(answer.held))
    if (clock.monotonic() - asked > publishLimits.claimUseMs) throw publishUnknown()
    const row = await this.#append(candidate, turn)
    // Others take a claim for old when a budget has passed since it was put, by their clock: long before that, nobody
    // can have written a copy in front of ours.
    if (clock.monotonic() - asked < this.#ports.appendBudgetMs / 2) return { row, first: true }
    return this.#firstOf(candidate, { from: claim.from, own: row })
  }

  #lost(): Problem {
    this.#ports.ids.lost()
    return rebuilding()
  }

  async #row(key: EventKey): Promise<IdsRow | undefined> {
    const value = await this.#ports.views.get(idsKey(key)).catch(lookUpFailed)
    return value === undefined ? undefined : readRow(value)
  }

  async #append({ message, hash, version, source, traceId }: Candidate, turn?: Turn): Promise<IdsRow> {
    const appending = this.#ports.log.append(message)
    turn?.issued()
    const { position, appendedAt } = await appending.catch(appendFailed)
    return {
      hash,
      version,
      position: encodePosition(position.partition, position.offset),
      acceptedAt: appendedAt.toISOString(),
      traceId,
      source,
    }
  }

  /** Somebody has offered this id before, and the view did not know its position when we looked. */
  async #claimed(candidate: Candidate, claim: Claim): Promise<Outcome> {
    const { clock, instance, appendBudgetMs } = this.#ports
    const same = boundTo(candidate, claim)
    // Ours, and not under way, or we would not be here: that append has failed, and its answer has been given.
    const ended = claim.instance === instance || clock.now().getTime() - claim.at > appendBudgetMs
    if (!ended) return { row: await this.#awaitRow(same), first: false }
    return this.#again(same)
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
    const memory = ids.complete(candidate.message.topic)
    // The checkpoint before the row: what stands before it is in the row, what stands behind it is found by reading. The
    // claim's `from` could shorten that, but one put while claims were being lost may lie behind the event.
    const folded = await this.#folded(candidate)
    const known = await this.#row(candidate)
    if (known !== undefined) return { row: bound(candidate, known), first: false }
    const found = await findEvent(log, candidate, { from: folded, over: this.#deadline() }).catch(lookUpFailed)
    if (found.row !== undefined) return { row: found.row, first: false }
    if ((await volatile.memory().catch(lookUpFailed)).id !== memory) throw this.#lost()
    const { message } = candidate
    const marked = { ...message, headers: { ...message.headers, [eventHeaders.copy]: Buffer.from('1') } }
    const own = await this.#append({ ...candidate, message: marked })
    return this.#firstOf(candidate, { from: found.next, own })
  }

  /** The first record of the event from an offset up to our own: that one is the event, the rest are copies. */
  async #firstOf(candidate: Candidate, { from, own }: { from: number; own: IdsRow }): Promise<Outcome> {
    const folded = await this.#folded(candidate)
    const known = await this.#row(candidate)
    const { row } =
      known === undefined
        ? await findEvent(this.#ports.log, candidate, { from: Math.max(from, folded), over: this.#deadline() }).catch(
            lookUpFailed,
          )
        : { row: known }
    if (row === undefined) throw publishUnknown()
    return { row: bound(candidate, row), first: row.position === own.position }
  }

  async #folded({ message }: Candidate): Promise<number> {
    return this.#ports.views.checkpoint(idsSource(message.topic, message.partition)).catch(lookUpFailed)
  }

  #deadline(): () => boolean {
    const { clock, appendBudgetMs, closing } = this.#ports
    const end = clock.monotonic() + appendBudgetMs
    return () => closing.aborted || clock.monotonic() > end
  }
}

/** The answer that was given first, if it is the same event. */
const repeat = (candidate: Candidate, row: IdsRow): AcceptedEvent => accepted(candidate.id, bound(candidate, row), true)

function bound<B extends Binding>(candidate: Candidate, binding: B): B {
  boundTo(candidate, binding)
  return binding
}

/** The event by the version that its id is bound to. Refuses another payload. */
function boundTo(candidate: Candidate, binding: Binding): Candidate {
  let same: Candidate
  try {
    same = candidate.version === binding.version ? candidate : candidate.by(binding.version)
  } catch {
    throw new Problem('event-id-reused', { pointer: '/id' })
  }
  if (same.hash !== binding.hash) throw new Problem('event-id-reused', { pointer: '/id' })
  return same
}

function isSame(candidate: Candidate, binding: Binding): boolean {
  try {
    boundTo(candidate, binding)
    return true
  } catch {
    return false
  }
}
