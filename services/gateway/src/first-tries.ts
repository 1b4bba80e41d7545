import type { EventLog, NewClaim, PartitionId, ViewStore, Volatile } from '@unavez/engine'
import {
  type Binding,
  type Claim,
  type EventKey,
  type IdsRow,
  encodePosition,
  idsKey,
  readClaim,
  readRow,
  writeJson,
} from '@unavez/exchange'
import type { AcceptedEvent } from '@unavez/protocol'
import type { Clock } from '@unavez/service-kit'

import { publishLimits } from './publish-limits.ts'
import { appendFailure, lookUpFailure, publishUnknown, rebuilding } from './publish-problems.ts'
import type { Candidate, Turn } from './offered.ts'

/** What publishing knows of the view `ids`. */
export interface IdsKnowledge {
  /** The memory of claims under which `ids` is complete. Throws Problem 'rebuilding' while it is not, or not for this topic. */
  complete(topic: string): string
  /** A claim was answered by another memory: what was claimed before is lost. */
  lost(): void
}

export interface TriesPorts {
  readonly log: EventLog
  readonly views: ViewStore
  readonly volatile: Volatile
  readonly ids: IdsKnowledge
  readonly clock: Clock
  /** Names this publisher among others; never reused. */
  readonly instance: string
}

/** Who awaits what becomes of an event. */
export interface Caller {
  /** `claimKey` of the event. */
  readonly text: string
  readonly id: string
  readonly resolve: (accepted: AcceptedEvent) => void
  readonly reject: (error: unknown) => void
}

/** An event that nobody else offers here now. */
export interface Trial {
  readonly candidate: Candidate
  readonly turn: Turn | undefined
  readonly caller: Caller
}

/** An event whose record is on its way: what the record was made of can go. */
export interface Sent extends EventKey, Binding {
  readonly source: string
  readonly traceId: string
  readonly message: PartitionId
  readonly caller: Caller
  /** It stands at or behind this offset, as its claim says. */
  readonly from: number
  /** When the claim was asked for, by the monotonic clock. */
  readonly asked: number
}

/** What becomes of a trial: one of these is called, once. They don't throw. */
export interface Outcomes {
  /** The view has it already. */
  known(trial: Trial, row: IdsRow): void
  /** Somebody has offered this id before, and the view did not know its position when we looked. */
  claimed(trial: Trial, claim: Claim): void
  written(sent: Sent, row: IdsRow): void
  failed(caller: Caller, error: unknown): void
}

/**
 * The ordinary way of an event: not in the view, not claimed, appended. What is offered in one turn of the event loop goes it
 * together, with one look-up and one claiming for all.
 */
export class FirstTries {
  readonly #ports: TriesPorts
  readonly #outcomes: Outcomes
  #gathering: Trial[] = []

  constructor(ports: TriesPorts, outcomes: Outcomes) {
    this.#ports = ports
    this.#outcomes = outcomes
  }

  /** No two trials under way may have the same id. */
  add(trial: Trial): void {
    this.#gathering.push(trial)
    if (this.#gathering.length === 1) setImmediate(() => void this.#go())
  }

  async #go(): Promise<void> {
    const trials = this.#gathering
    this.#gathering = []
    const { complete, memory } = this.#complete(trials)
    const fresh = await this.#unknown(complete)
    if (fresh.length > 0) await this.#claim(fresh, memory)
  }

  /** Those for whose topics `ids` is complete, and the memory under which it is. */
  #complete(trials: readonly Trial[]): { readonly complete: readonly Trial[]; readonly memory: string } {
    let memory = ''
    const complete = trials.filter(({ candidate, caller }) => {
      try {
        memory = this.#ports.ids.complete(candidate.message.topic)
        return true
      } catch (error) {
        this.#outcomes.failed(caller, error)
        return false
      }
    })
    return { complete, memory }
  }

  /** Those that the view does not know. */
  async #unknown(trials: readonly Trial[]): Promise<readonly Trial[]> {
    if (trials.length === 0) return trials
    try {
      const rows = await this.#ports.views.getMany(trials.map(({ candidate }) => idsKey(candidate)))
      return trials.filter((trial, i) => {
        const row = rows[i]
        if (row !== undefined) this.#outcomes.known(trial, readRow(row))
        return row === undefined
      })
    } catch (error) {
      this.#fail(trials, lookUpFailure(error))
      return []
    }
  }

  async #claim(trials: readonly Trial[], memory: string): Promise<void> {
    const { volatile, ids, clock } = this.#ports
    const at = clock.now().getTime()
    const froms = trials.map(({ candidate }) => this.#ports.log.lowerBound(candidate.message))
    const claims = trials.map((trial, i) => this.#claimOf(trial, { from: froms[i] ?? 0, at }))
    const asked = clock.monotonic()
    try {
      const answer = await volatile.claimMany(claims, { ttlMs: publishLimits.idWindowMs })
      if (answer.memory.id !== memory) {
        ids.lost()
        return this.#fail(trials, rebuilding())
      }
      const late = clock.monotonic() - asked > publishLimits.claimUseMs
      for (const [i, trial] of trials.entries()) {
        const held = answer.held[i] ?? null
        if (held !== null) this.#outcomes.claimed(trial, readClaim(held))
        else if (late) this.#outcomes.failed(trial.caller, publishUnknown())
        else this.#append(trial, { from: froms[i] ?? 0, asked })
      }
    } catch (error) {
      this.#fail(trials, lookUpFailure(error))
    }
  }

  #claimOf({ candidate, caller }: Trial, when: { readonly from: number; readonly at: number }): NewClaim {
    const { hash, version, message } = candidate
    const { partition } = message
    const { instance } = this.#ports
    return { key: caller.text, value: writeJson({ hash, version, partition, ...when, instance }) }
  }

  #append(
    { candidate, turn, caller }: Trial,
    { from, asked }: { readonly from: number; readonly asked: number },
  ): void {
    const { institution, id, hash, version, source, traceId, message } = candidate
    const { topic, partition } = message
    const appending = this.#ports.log.append(message)
    turn?.issued()
    this.#await(appending, {
      institution,
      id,
      hash,
      version,
      source,
      traceId,
      message: { topic, partition },
      caller,
      from,
      asked,
    })
  }

  /** A function of its own, so that its closures keep `sent` alive and nothing of the candidate: most of what an event takes. */
  #await(appending: ReturnType<EventLog['append']>, sent: Sent): void {
    appending.then(
      (landed) => this.#outcomes.written(sent, rowOfAppended(sent, landed)),
      (error: unknown) => this.#outcomes.failed(sent.caller, appendFailure(error)),
    )
  }

  #fail(trials: readonly Trial[], error: unknown): void {
    for (const { caller } of trials) this.#outcomes.failed(caller, error)
  }
}

/** The row of an event that has just landed. */
export const rowOfAppended = (
  { hash, version, source, traceId }: Pick<Sent, 'hash' | 'version' | 'source' | 'traceId'>,
  { position, appendedAt }: Awaited<ReturnType<EventLog['append']>>,
): IdsRow => ({
  hash,
  version,
  position: encodePosition(position.partition, position.offset),
  acceptedAt: appendedAt.toISOString(),
  traceId,
  source,
})
