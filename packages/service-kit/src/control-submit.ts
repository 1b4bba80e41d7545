import { type EventLog, isEngineError, limits } from '@unavez/engine'
import { advancesOnly, type ControlRecord, type Fact, type Policy } from '@unavez/policy'
import { Problem } from '@unavez/protocol'

import type { Clock } from './clock.ts'
import { controlLimits } from './control-limits.ts'
import {
  type ControlMessage,
  controlPartition,
  type DecodedControlRecord,
  decodeControlRecord,
  encodeControlRecord,
} from './control-record.ts'
import type { ControlReplica } from './control-replica.ts'
import type { Outcome, Submission } from './control.ts'

export interface SubmitterOptions {
  readonly events: EventLog
  readonly replica: ControlReplica
  readonly mac: Buffer
  readonly clock: Clock
  /** In which a command is accepted or refused, waits and retries included. Milliseconds. */
  readonly budgetMs: number
}

/** One decision on its way into the log. */
interface Attempt {
  readonly submission: Submission
  readonly facts: readonly Fact[]
  readonly at: Date
  readonly message: ControlMessage
  readonly deadline: number
}

/** Writes what was decided and finds out whether the log's order let it stand. */
export class Submitter {
  readonly #options: SubmitterOptions
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: SubmitterOptions) {
    this.#options = options
  }

  async submit(submission: Submission): Promise<Outcome> {
    const { replica, clock, budgetMs } = this.#options
    const begun = clock.monotonic()
    const deadline = begun + budgetMs
    await replica.fresh()
    try {
      return await this.#decide(submission, deadline)
    } catch (error) {
      // A no is said only by a replica that has heard all that was decided before it was asked, wherever that was.
      if (!isRefusal(error) || !(await replica.provenSince(begun, this.#leftMs(deadline)))) throw error
      return this.#decide(submission, deadline)
    }
  }

  async #decide(submission: Submission, deadline: number): Promise<Outcome> {
    return (await this.#try(submission, deadline)) ?? (await this.#inTurn(() => this.#tryAgain(submission, deadline)))
  }

  /** Those of this process that lost a race try again one after the other, so that they don't lose it to each other. */
  async #inTurn(work: () => Promise<Outcome>): Promise<Outcome> {
    const mine = this.#turn.then(work)
    this.#turn = mine.catch(() => undefined)
    return mine
  }

  async #tryAgain(submission: Submission, deadline: number): Promise<Outcome> {
    for (let tries = 1; tries < controlLimits.tries; tries++) {
      if (this.#leftMs(deadline) <= 0) throw unavailable()
      const outcome = await this.#try(submission, deadline)
      if (outcome !== undefined) return outcome
    }
    throw new Problem('conflict', { retryAfter: 1 })
  }

  /** Decides once. Undefined if what it was decided upon had moved on in the log. */
  async #try(submission: Submission, deadline: number): Promise<Outcome | undefined> {
    const { replica, clock, mac } = this.#options
    const { policy } = replica
    const { command, hash, by, traceparent } = submission
    const known = policy.outcome(command)
    if (known?.state === 'accepted') return this.#repeated(submission, known)
    const at = clock.now()
    const { facts, reads } = submission.decide(policy, at)
    // Whoever waits for this offset waits for what the answer was decided upon, not for a record to come.
    if (facts.length === 0) return { facts, offset: Math.max(0, policy.offset - 1), at, repeated: false }
    const versions = versionsOf(policy, [...reads, ...changedBy(facts)])
    if (!policy.readable(facts))
      throw new Error(`${facts.map(({ type }) => type).join(', ')} can't follow on what stands`)
    const record: ControlRecord = { command, hash, at: at.toISOString(), reads: versions, facts }
    const trace = traceparent === undefined ? {} : { traceparent }
    const message = encodeControlRecord(mac, { record, by, n: policy.offset, ...trace })
    return this.#land({ submission, facts, at, message, deadline })
  }

  /** Appends until the record's fate is known: an append whose outcome is unknown is repeated, the fold takes the command once. */
  async #land(attempt: Attempt): Promise<Outcome | undefined> {
    const { replica, events } = this.#options
    const { command } = attempt.submission
    let refused = false
    for (;;) {
      const sentAt = this.#options.clock.monotonic()
      try {
        const { position } = await events.append(attempt.message)
        const passed = await replica.reached(position.offset, this.#leftMs(attempt.deadline))
        if (!passed) throw unavailable()
        return await this.#conclude(attempt, position.offset)
      } catch (error) {
        if (isEngineError(error, 'message-too-large')) throw new Problem('body-too-large', { cause: error })
        if (!isEngineError(error, 'unknown', 'not-written')) throw isEngineError(error) ? unavailable(error) : error
        if (this.#leftMs(attempt.deadline) <= 0 || (error.code === 'not-written' && refused)) throw unavailable(error)
        if (error.code === 'not-written') refused = true
        else await replica.provenSince(sentAt, this.#leftMs(attempt.deadline))
        if (replica.policy.outcome(command)?.state === 'accepted') return await this.#conclude(attempt, undefined)
      }
    }
  }

  /** What became of the command, now that the replica has passed the record. */
  async #conclude(
    { submission, facts, at, message }: Attempt,
    landed: number | undefined,
  ): Promise<Outcome | undefined> {
    const known = this.#options.replica.policy.outcome(submission.command)
    if (known === undefined)
      throw new Error('A record of this bus was refused as foreign: is MASTER_KEY the same everywhere?')
    if (known.state === 'moved-on') return undefined
    if (known.offset === landed) return { facts, offset: landed, at, repeated: false }
    return this.#repeated(submission, known, message.headers['salt'])
  }

  /** The answer of then. `salt`: a record that carries it is this submission's own, however it got there. */
  async #repeated(
    { command, hash }: Submission,
    known: { readonly offset: number; readonly hash: string },
    salt?: Buffer,
  ): Promise<Outcome> {
    if (known.hash !== hash) throw new Problem('idempotency-key-reused')
    const { record, offset, own } = await this.#recordAt(known.offset, salt)
    if (record.command !== command) throw new Error(`The record of a command is not at offset ${offset}`)
    return { facts: record.facts, offset, at: new Date(record.at), repeated: !own }
  }

  async #recordAt(offset: number, salt: Buffer | undefined): Promise<DecodedControlRecord & { readonly own: boolean }> {
    const { events, mac } = this.#options
    const limit = { messages: 1, bytes: limits.messageBytes, waitMs: 0 }
    const page = await events.read({ ...controlPartition, offset }, limit).catch((error: unknown) => {
      throw isEngineError(error) ? unavailable(error) : error
    })
    const message = page.messages.find((each) => each.offset === offset)
    const decoded = message && decodeControlRecord(mac, message)
    if (message === undefined || decoded === undefined) throw unavailable()
    return { ...decoded, own: salt !== undefined && message.headers['salt']?.equals(salt) === true }
  }

  #leftMs(deadline: number): number {
    return this.#options.replica.closed ? 0 : deadline - this.#options.clock.monotonic()
  }
}

/** A decision has read what it changes, but for what it only advances. */
const changedBy = (facts: readonly Fact[]): readonly string[] =>
  facts.filter((fact) => !advancesOnly(fact)).map(({ aggregate }) => aggregate)

/** Nothing is decided upon what this code can't read. */
function versionsOf(policy: Policy, aggregates: readonly string[]): Readonly<Record<string, number>> {
  if (aggregates.some((aggregate) => policy.opaque(aggregate))) throw new Problem('policy-too-new')
  return Object.fromEntries(aggregates.map((aggregate) => [aggregate, policy.version(aggregate)]))
}

/** What a decider refuses; not what the log or a lost race does. */
const isRefusal = (error: unknown): boolean =>
  error instanceof Problem && error.status < 500 && error.code !== 'conflict' && error.code !== 'idempotency-key-reused'

const unavailable = (cause?: unknown): Problem => new Problem('unavailable', { retryAfter: 1, cause })
