import { EngineError, isEngineError } from '@unavez/engine'

import { newProducerIdentity } from './produce-calls.ts'
import { PartitionQueue, type Waiting } from './produce-queue.ts'
import { LeaderSender } from './produce-sender.ts'
import { pause, type Wire } from './wire/index.ts'

/** What may wait in one lane; beyond it appends are refused at once. */
const queuedBytesMax = 64_000_000
const retryMsMin = 20
const retryMsMax = 250
const identityMsMax = 3_000
/** How long closing waits for answers to what is in the air. */
const closeMsMax = 2_000

export type LaneName = 'control' | 'events' | 'rest'

export interface LaneOptions {
  readonly wire: Wire
  readonly name: LaneName
  /** Before the callers hear of it: everything before `next` is durable. Real topic name. */
  readonly onAcknowledged: (partition: { readonly topic: string; readonly partition: number }, next: number) => void
}

interface Place {
  readonly queue: PartitionQueue
  /** A retry, a look-up or a producer id is under way; its end goes on. */
  busy: boolean
  timer: NodeJS.Timeout | undefined
}

/** Queues with connections of their own: what is slow or stuck in one lane is not felt in another. */
export class Lane {
  readonly #options: LaneOptions
  readonly #places = new Map<string, Place>()
  readonly #senders = new Map<number, LeaderSender>()
  readonly #closing = new AbortController()
  #queuedBytes = 0

  constructor(options: LaneOptions) {
    this.#options = options
  }

  add(topic: string, call: Waiting): void {
    if (this.#queuedBytes + call.content > queuedBytesMax) {
      const why = `More than ${queuedBytesMax} bytes wait to be written to Kafka.`
      return call.reject(new EngineError('not-written', why))
    }
    this.#queuedBytes += call.content
    const place = this.#place(topic, call.message.partition)
    place.queue.add(call)
    place.timer ??= this.#expiry(place, call.deadline)
    this.#kick(place)
  }

  /** One sentence about the partitions that can't be written to right now. */
  ailments(): readonly string[] {
    const stuck = [...this.#places.values()].filter(({ queue }) => !queue.empty && queue.trouble !== undefined)
    const [first] = stuck
    if (first === undefined) return []
    const { topic, partition, trouble } = first.queue
    const others = stuck.length > 1 ? ` and ${stuck.length - 1} more partitions` : ''
    return [`Appends to ${topic}/${partition}${others} are being tried again: ${trouble ?? ''}`]
  }

  async close(): Promise<void> {
    this.#closing.abort()
    const timeout = new AbortController()
    const flights = Promise.all([...this.#senders.values()].map((sender) => sender.idle))
    await Promise.race([flights, pause(closeMsMax, timeout.signal)])
    timeout.abort()
    for (const { queue, timer } of this.#places.values()) {
      clearTimeout(timer)
      queue.giveUp('The engine was closed before Kafka acknowledged the write.')
    }
  }

  #place(topic: string, partition: number): Place {
    const key = `${topic}/${partition}`
    const present = this.#places.get(key)
    if (present !== undefined) return present
    const queue = new PartitionQueue(topic, partition, (bytes) => (this.#queuedBytes -= bytes))
    const place: Place = { queue, busy: false, timer: undefined }
    this.#places.set(key, place)
    return place
  }

  /** One timer per partition, set to its oldest call, however many wait. */
  #expiry(place: Place, deadline: number): NodeJS.Timeout {
    return setTimeout(
      () => {
        const next = place.queue.expire(performance.now())
        place.timer = next === undefined ? undefined : this.#expiry(place, next)
      },
      Math.max(0, Math.ceil(deadline - performance.now())),
    )
  }

  /** Does the next thing that the partition needs to get on; nothing if it is on its way. */
  #kick(place: Place): void {
    const { queue } = place
    if (place.busy || queue.flying || queue.empty || this.#closing.signal.aborted) return
    const leader = this.#options.wire.metadata.partition(queue.topic, queue.partition)?.leader
    if (leader === undefined) return this.#during(place, () => this.#lookUp(place))
    if (leader === -1) {
      queue.trouble = `${queue.topic}/${queue.partition} has no leader.`
      return this.#during(place, () => this.#retry(queue))
    }
    if (queue.needsIdentity(performance.now())) return this.#during(place, () => this.#identify(queue, leader))
    this.#sender(leader).add(queue)
  }

  #during(place: Place, work: () => Promise<void>): void {
    place.busy = true
    // A failure has left its trouble with the queue; what to do next is decided anew.
    void work()
      .catch(() => undefined)
      .finally(() => {
        place.busy = false
        this.#kick(place)
      })
  }

  async #lookUp(place: Place): Promise<void> {
    const { queue } = place
    const missing = (why: string): void => {
      // A queue for a topic that does not exist must not stay: names could be many.
      this.#places.delete(`${queue.topic}/${queue.partition}`)
      clearTimeout(place.timer)
      queue.giveUp(why, new EngineError('unknown-topic', why))
    }
    try {
      const { partitions } = await this.#options.wire.metadata.topic(queue.topic)
      if (!partitions.has(queue.partition)) {
        if (partitions.size > 0) missing(`Topic ${queue.topic} has no partition ${queue.partition}.`)
        else await this.#retry(queue)
      }
    } catch (error) {
      if (isEngineError(error, 'unknown-topic')) return missing(error.message)
      queue.trouble = error instanceof Error ? error.message : String(error)
      await this.#retry(queue)
    }
  }

  async #retry(queue: PartitionQueue): Promise<void> {
    await pause(Math.min(retryMsMax, retryMsMin * 2 ** Math.min(queue.tries, 10)), this.#closing.signal)
    if (!this.#closing.signal.aborted) await this.#options.wire.metadata.refresh()
  }

  async #identify(queue: PartitionQueue, broker: number): Promise<void> {
    try {
      const link = await this.#options.wire.connections.to(broker, 'producer-ids')
      queue.adopt(await link.send(newProducerIdentity(), identityMsMax), performance.now())
    } catch (error) {
      queue.tries += 1
      queue.trouble = `Kafka gives no producer id (${error instanceof Error ? error.message : String(error)}).`
      await this.#retry(queue)
    }
  }

  #sender(broker: number): LeaderSender {
    const { wire, name, onAcknowledged } = this.#options
    const present = this.#senders.get(broker)
    if (present !== undefined) return present
    const sender = new LeaderSender({
      wire,
      broker,
      purpose: `produce-${name}`,
      onAcknowledged,
      onDone: (queue, outcome) => {
        const place = this.#place(queue.topic, queue.partition)
        if (outcome === 'failed') this.#during(place, () => this.#retry(queue))
        else this.#kick(place)
      },
    })
    this.#senders.set(broker, sender)
    return sender
  }
}
