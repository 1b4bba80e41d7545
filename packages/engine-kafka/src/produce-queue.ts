import { EngineError, type NewMessage, type Position } from '@unavez/engine'

import type { PartitionAnswer } from './produce-calls.ts'
import { judge, mayHaveAppended, type Verdict } from './produce-answers.ts'
import { encodeBatch, type ProducerIdentity, recordBytesMax } from './produce-encode.ts'

export interface Appended {
  readonly position: Position
  readonly appendedAt: Date
}

/** One call of append that has not been answered yet. */
export interface Waiting {
  readonly message: NewMessage
  /** `contentBytes` of the message. */
  readonly content: number
  /** On the clock of `performance.now()`. */
  readonly deadline: number
  resolve(appended: Appended): void
  reject(error: EngineError): void
}

/** Frozen when it is made: every try sends the same bytes. */
export interface Batch {
  readonly bytes: Buffer
  readonly count: number
  /** By place in the batch; undefined once its caller has been answered. */
  readonly callers: (Waiting | undefined)[]
  maybeWritten: boolean
}

/** The broker's limit of a batch is larger (`batchBytesLimit`), so that one message of the largest size fits alone. */
const batchBytesMax = 900_000
const batchRecordsMax = 1_000
const sequenceMax = 2_000_000_000
const identityIdleMsMax = 3_600_000

const notWritten = (why: string): EngineError => new EngineError('not-written', why)
const unknown = (why: string): EngineError =>
  new EngineError('unknown', `${why} The message may have been written, or be written later.`)

/**
 * What waits for one partition. At most one batch is in the air, numbered under a producer id of its own, so the broker
 * itself refuses to write a batch twice or out of turn.
 */
export class PartitionQueue {
  readonly topic: string
  readonly partition: number
  /** Why the last try failed; undefined when all is well. */
  trouble: string | undefined
  /** Failed tries since the last that landed. */
  tries = 0
  identity: ProducerIdentity | undefined
  #sequence = 0
  #identityUsedAt = 0
  #waiting: Waiting[] = []
  #waitingBytes = 0
  #batch: Batch | undefined
  #flying: Batch | undefined
  readonly #onAnswered: (bytes: number) => void

  /** `onAnswered` hears the content bytes of each call that was answered. */
  constructor(topic: string, partition: number, onAnswered: (bytes: number) => void) {
    this.topic = topic
    this.partition = partition
    this.#onAnswered = onAnswered
  }

  get flying(): boolean {
    return this.#flying !== undefined
  }

  get empty(): boolean {
    return this.#batch === undefined && this.#waiting.length === 0
  }

  add(call: Waiting): void {
    this.#waiting.push(call)
    this.#waitingBytes += call.content
  }

  adopt(identity: ProducerIdentity, now: number): void {
    this.identity = identity
    this.#sequence = 0
    this.#identityUsedAt = now
  }

  /** A producer id that is used up or long idle is dropped before the next batch, never under one that was sent. */
  needsIdentity(now: number): boolean {
    if (this.#batch !== undefined) return false
    const stale = this.#sequence >= sequenceMax || now - this.#identityUsedAt > identityIdleMsMax
    if (stale) this.identity = undefined
    return this.identity === undefined
  }

  /** The batch to send now: the one that was sent before, or a new one. It is in the air from here on. */
  take(now: number, crc32c: (bytes: Buffer) => number): Batch | undefined {
    if (this.#flying !== undefined) return undefined
    const batch = this.#batch ?? this.#freeze(crc32c)
    this.#batch = batch
    this.#flying = batch
    this.#identityUsedAt = now
    return batch
  }

  /** Bytes that `take` will about give. */
  get nextBytes(): number {
    return this.#batch?.bytes.length ?? Math.min(batchBytesMax, this.#waitingBytes)
  }

  /** The connection failed while the batch was in the air: nobody knows what became of it. */
  cut(batch: Batch, why: string): void {
    batch.maybeWritten = true
    this.#failed(batch, why)
  }

  /** The broker's word on the batch. 'again' and 'renumber' leave its callers waiting. */
  answered(batch: Batch, answer: PartitionAnswer): Verdict {
    batch.maybeWritten ||= mayHaveAppended(answer)
    const verdict = judge(answer, batch.maybeWritten)
    const why = `Kafka refused to write to ${this.topic}/${this.partition} (error ${answer.code}).`
    if (verdict === 'landed') this.#landed(batch, answer)
    else if (verdict === 'again') this.#failed(batch, why)
    else if (verdict === 'renumber') {
      this.#failed(batch, why)
      if (this.#batch === batch) this.#unfreeze(batch)
      this.identity = undefined
    } else this.#give(batch, verdict, why)
    return verdict
  }

  /** Answers the calls whose time is over. Returns when the next one's will be; undefined if nothing waits. */
  expire(now: number): number | undefined {
    const why = `${this.trouble ?? `Kafka did not acknowledge a write to ${this.topic}/${this.partition}.`} The time for it is over.`
    const batch = this.#batch
    if (batch !== undefined && batch.callers.some((call) => call !== undefined && call.deadline <= now)) {
      const ambiguous = batch.maybeWritten || this.#flying === batch
      // What nobody can have written yet must not be written later: the rest gets a batch of its own.
      if (!ambiguous) this.#unfreeze(batch)
      else this.#expireBatch(batch, now, unknown(why))
    }
    const over = this.#waiting.findIndex(({ deadline }) => deadline > now)
    for (const call of this.#first(over === -1 ? this.#waiting.length : over)) this.#reject(call, notWritten(why))
    return this.#nextDeadline()
  }

  /** Answers everything: 'unknown' what may have been written, the rest with the error given or 'not-written'. */
  giveUp(why: string, error: EngineError = notWritten(why)): void {
    const batch = this.#batch
    if (batch !== undefined) {
      const ambiguous = batch.maybeWritten || this.#flying === batch
      if (ambiguous) this.#give(batch, 'unknown', why)
      else this.#unfreeze(batch)
    }
    for (const call of this.#first(this.#waiting.length)) this.#reject(call, error)
  }

  #first(count: number): Waiting[] {
    const calls = this.#waiting.splice(0, count)
    for (const { content } of calls) this.#waitingBytes -= content
    return calls
  }

  #nextDeadline(): number | undefined {
    const first = this.#batch?.callers.find((call) => call !== undefined) ?? this.#waiting[0]
    return first?.deadline
  }

  #freeze(crc32c: (bytes: Buffer) => number): Batch | undefined {
    const { identity } = this
    if (identity === undefined || this.#waiting.length === 0) return undefined
    let bytes = 0
    let count = 0
    for (const { content } of this.#waiting) {
      bytes += recordBytesMax(content)
      if (count > 0 && (bytes > batchBytesMax || count >= batchRecordsMax)) break
      count += 1
    }
    const callers = this.#waiting.slice(0, count)
    const head = { ...identity, firstSequence: this.#sequence, timestamp: Date.now() }
    const encoded = encodeBatch(callers, head, crc32c)
    this.#first(count)
    return { bytes: encoded, count, callers, maybeWritten: false }
  }

  #unfreeze(batch: Batch): void {
    const back = batch.callers.filter((call) => call !== undefined)
    this.#waiting = [...back, ...this.#waiting]
    this.#waitingBytes += back.reduce((sum, { content }) => sum + content, 0)
    this.#batch = undefined
  }

  #landed(batch: Batch, { baseOffset, appendTime }: PartitionAnswer): void {
    this.#land(batch)
    const own = this.#batch === batch
    if (own) this.#sequence += batch.count
    this.#forget(batch)
    this.trouble = undefined
    this.tries = 0
    const appendedAt = appendTime < 0 ? new Date() : new Date(appendTime)
    for (let index = 0; index < batch.callers.length; index++) {
      const call = batch.callers[index]
      if (call === undefined) continue
      this.#onAnswered(call.content)
      const { topic, partition } = call.message
      call.resolve({ position: { topic, partition, offset: baseOffset + index }, appendedAt })
    }
  }

  /** The end for all callers of a batch. Its numbering is not used again: what follows must not be taken for it. */
  #give(batch: Batch, verdict: Verdict, why: string): void {
    this.#land(batch)
    if (this.#batch === batch) this.identity = undefined
    this.#forget(batch)
    this.trouble = why
    const error =
      verdict === 'unknown'
        ? unknown(why)
        : verdict === 'too-large' && batch.count === 1
          ? new EngineError('message-too-large', why)
          : notWritten(why)
    for (const call of batch.callers) if (call !== undefined) this.#reject(call, error)
  }

  #expireBatch(batch: Batch, now: number, error: EngineError): void {
    for (let index = 0; index < batch.callers.length; index++) {
      const call = batch.callers[index]
      if (call === undefined || call.deadline > now) continue
      batch.callers[index] = undefined
      this.#reject(call, error)
    }
    if (batch.callers.every((call) => call === undefined)) {
      // Nobody waits for it any more; it may still land. The next batch must not be numbered after it.
      this.identity = undefined
      this.#forget(batch)
    }
  }

  #failed(batch: Batch, why: string): void {
    this.#land(batch)
    this.trouble = why
    this.tries += 1
  }

  #land(batch: Batch): void {
    if (this.#flying === batch) this.#flying = undefined
  }

  #forget(batch: Batch): void {
    if (this.#batch === batch) this.#batch = undefined
  }

  #reject(call: Waiting, error: EngineError): void {
    this.#onAnswered(call.content)
    call.reject(error)
  }
}
