import {
  EngineError,
  type EventLog,
  limits,
  type NewMessage,
  type OwnedWork,
  type Page,
  type PartitionBounds,
  type PartitionId,
  type Position,
  type ReadLimits,
  type TopicSpec,
} from '@unavez/engine'

import type { Channel } from './channel.ts'
import type { Condition } from './condition.ts'
import { bytesOf, encodedRoom } from './content.ts'
import type { Ownership } from './ownership.ts'
import type { Partition, Partitions } from './partitions.ts'
import type { Reader } from './reader.ts'
import type { RingBudget, Slice } from './ring.ts'
import { sizes } from './sizes.ts'

type Appended = Awaited<ReturnType<EventLog['append']>>

export interface LogParts {
  readonly channel: Channel
  readonly reader: Reader
  readonly partitions: Partitions
  readonly ring: RingBudget
  readonly ownership: Ownership
  readonly condition: Condition
}

export class EmbeddedLog implements EventLog {
  readonly #parts: LogParts
  /** Partitions that the answers of one commit have touched. */
  readonly #grown = new Set<Partition>()
  #pagesThisTurn = 0
  /** One object for all messages of a commit. */
  #clock = new Date(0)

  constructor(parts: LogParts) {
    this.#parts = parts
  }

  async ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    this.#parts.condition.check('unavailable')
    await this.#parts.channel.command({ kind: 'ensure-topics', topics })
  }

  append(message: NewMessage): Promise<Appended> {
    return this.#parts.condition.ordinary ? this.#append(message) : this.#appendOnABadDay(message)
  }

  async #appendOnABadDay(message: NewMessage): Promise<Appended> {
    const { condition } = this.#parts
    condition.check('not-written')
    switch (condition.takeOutcome(message.topic)) {
      case undefined:
        return this.#append(message)
      case 'not-written':
        throw new EngineError('not-written', 'Not written, as was asked for.')
      case 'unknown-lands-later':
        condition.late.push(message)
        break
      case 'unknown-written':
        await this.#append(message)
    }
    throw new EngineError('unknown', 'Not known whether it was written, as was asked for.')
  }

  #append(message: NewMessage): Promise<Appended> {
    return new Promise((resolve, reject) => {
      const partition = this.#parts.partitions.one(message)
      if (encodedRoom(message) > limits.messageBytes && bytesOf(message) > limits.messageBytes) {
        const sentence = `A message may have ${limits.messageBytes} bytes with key and headers.`
        throw new EngineError('message-too-large', sentence)
      }
      this.#parts.channel.call(
        { kind: 'append', partition: partition.id, content: message },
        (result, at, content) => {
          const offset = Number(result)
          if (this.#clock.getTime() !== at) this.#clock = new Date(at)
          this.#landed(partition, offset, content)
          const { topic, partition: number } = partition
          resolve({ position: { topic, partition: number, offset }, appendedAt: this.#clock })
        },
        reject,
      )
    })
  }

  #landed(partition: Partition, offset: number, content: Slice | undefined): void {
    partition.next = Math.max(partition.next, offset + 1)
    this.#grown.add(partition)
    if (content === undefined) return
    partition.ring.push(offset, content, this.#clock)
    this.#parts.ring.push(partition.ring, offset, content.end - content.start)
  }

  /** Wakes those who wait for what a commit brought: once, whatever it brought. */
  committed(): void {
    for (const partition of this.#grown) partition.wake()
    this.#grown.clear()
  }

  async read(from: Position, asked: ReadLimits): Promise<Page> {
    const { condition, partitions } = this.#parts
    const deadline = performance.now() + Math.min(asked.waitMs, limits.readWaitMs)
    for (;;) {
      condition.check('unavailable')
      const partition = partitions.one(from)
      assertReadable(partition, from.offset)
      if (from.offset < partition.visible) {
        const page = this.#page(partition, from.offset, asked)
        await this.#letOthersRun()
        return page
      }
      const left = deadline - performance.now()
      if (left <= 0 || asked.signal?.aborted === true) return emptyPage(partition, from.offset)
      await partition.change(left, asked.signal)
      if (condition.isClosed) return emptyPage(partition, from.offset)
    }
  }

  /** Pages are at hand at once: a reader in a hurry would never leave a turn of the event loop to anyone else. */
  async #letOthersRun(): Promise<void> {
    if (this.#pagesThisTurn === 0) setImmediate(() => (this.#pagesThisTurn = 0))
    if (++this.#pagesThisTurn >= sizes.pagesAtOnce) await new Promise((resolve) => setImmediate(resolve))
  }

  #page(partition: Partition, offset: number, asked: ReadLimits): Page {
    const within = {
      end: partition.visible,
      messages: Math.max(1, Math.min(asked.messages, sizes.pageMessages)),
      bytes: asked.bytes,
    }
    const { ring } = partition
    const inRing = offset >= ring.first && offset < ring.next
    const messages = inRing ? ring.read(offset, within) : this.#parts.reader.messages(partition, offset, within)
    const last = messages.at(-1)
    if (last === undefined) throw new EngineError('unavailable', 'The messages could not be found in the database.')
    return { messages, next: last.offset + 1, end: partition.next }
  }

  async bounds(topic: string, at?: Date): Promise<readonly PartitionBounds[]> {
    this.#parts.condition.check('unavailable')
    return this.#parts.partitions.topic(topic).map((partition) => ({
      topic,
      partition: partition.partition,
      first: partition.first,
      next: partition.next,
      atTime: at === undefined ? partition.first : this.#parts.reader.offsetAt(partition, at.getTime()),
    }))
  }

  lowerBound(id: PartitionId): number {
    return this.#parts.partitions.one(id).next
  }

  async trim(id: PartitionId, before: number): Promise<void> {
    this.#parts.condition.check('unavailable')
    const partition = this.#parts.partitions.one(id)
    if (before > partition.next) throw new EngineError('position-ahead', `The partition ends at ${partition.next}.`)
    const { first } = partition
    if (before <= first) return
    // From now on nobody reads it, whatever the writer has deleted by then.
    partition.first = before
    partition.ring.forgetBefore(before)
    try {
      await this.#parts.channel.command({ kind: 'trim', partition: partition.id, before })
    } catch (error) {
      if (partition.first === before) partition.first = first
      throw error
    }
  }

  async own(group: string, topics: readonly string[], work: OwnedWork) {
    const { condition, partitions, ownership } = this.#parts
    condition.check('unavailable')
    const shared = topics.flatMap((topic) => partitions.topic(topic))
    return ownership.join(group, shared, work)
  }
}

const emptyPage = (partition: Partition, offset: number): Page => ({
  messages: [],
  next: offset,
  end: partition.next,
})

function assertReadable({ topic, partition, first, next }: Partition, offset: number): void {
  if (offset < first) {
    const message = `Offset ${offset} of ${topic}/${partition} was trimmed; ${first} is the first one.`
    throw new EngineError('position-gone', message, { first })
  }
  if (offset > next) {
    throw new EngineError('position-ahead', `Offset ${offset} of ${topic}/${partition} lies behind its end ${next}.`)
  }
}
