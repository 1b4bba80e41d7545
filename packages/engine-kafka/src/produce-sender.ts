import type { PartitionQueue, Batch } from './produce-queue.ts'
import { answerKey, produce } from './produce-calls.ts'
import { type Link, type Purpose, type Wire } from './wire/index.ts'

const requestBytesMax = 4_000_000
/** Longer than the broker waits for its replicas: its own word is worth more than our clock. */
const answerMsMax = 5_000

export interface SenderOptions {
  readonly wire: Wire
  readonly broker: number
  readonly purpose: Purpose
  /** Hears of every partition whose try is over, or that is led by another broker now: it may have more to send. */
  readonly onDone: (queue: PartitionQueue, outcome: 'landed' | 'failed' | 'moved') => void
  readonly onAcknowledged: (queue: PartitionQueue, next: number) => void
}

/** The path to one leader: one request in flight, with the next batch of every partition that has one. */
export class LeaderSender {
  readonly #options: SenderOptions
  readonly #ready = new Set<PartitionQueue>()
  #running: Promise<void> | undefined

  constructor(options: SenderOptions) {
    this.#options = options
  }

  /** Ends when nothing is in flight. */
  get idle(): Promise<void> {
    return this.#running ?? Promise.resolve()
  }

  add(queue: PartitionQueue): void {
    this.#ready.add(queue)
    this.#running ??= this.#run()
  }

  drop(queue: PartitionQueue): void {
    this.#ready.delete(queue)
  }

  async #run(): Promise<void> {
    while (this.#ready.size > 0) {
      // What was called in this turn of the event loop travels together; there is no other linger.
      await new Promise((resolve) => setImmediate(resolve))
      await this.#sendOnce()
    }
    // In the same turn as the look at `ready`: what is added from now on starts anew.
    this.#running = undefined
  }

  async #sendOnce(): Promise<void> {
    const { wire, broker, purpose } = this.#options
    let link: Link
    try {
      link = await wire.connections.to(broker, purpose)
    } catch (error) {
      // Nothing was sent.
      return this.#park(error instanceof Error ? error.message : String(error))
    }
    const flights = this.#collect()
    if (flights.length > 0) await this.#send(link, flights)
  }

  #park(why: string): void {
    const waiting = [...this.#ready]
    this.#ready.clear()
    for (const queue of waiting) {
      queue.trouble = `Kafka broker ${why}.`
      queue.tries += 1
      this.#options.onDone(queue, 'failed')
    }
  }

  #collect(): [PartitionQueue, Batch][] {
    const { wire, broker, onDone } = this.#options
    const flights: [PartitionQueue, Batch][] = []
    let bytes = 0
    for (const queue of this.#ready) {
      if (flights.length > 0 && bytes + queue.nextBytes > requestBytesMax) break
      this.#ready.delete(queue)
      if (wire.metadata.partition(queue.topic, queue.partition)?.leader !== broker) {
        onDone(queue, 'moved')
        continue
      }
      try {
        const batch = queue.take(performance.now(), wire.kafkajs.crc32c)
        if (batch === undefined) continue
        bytes += batch.bytes.length
        flights.push([queue, batch])
      } catch (error) {
        // What can't be encoded must not take the lane with it: its time runs out where it is.
        queue.trouble = `A batch can't be encoded (${String(error)}).`
        queue.tries += 1
        onDone(queue, 'failed')
      }
    }
    return flights
  }

  async #send(link: Link, flights: readonly [PartitionQueue, Batch][]): Promise<void> {
    const { onDone, onAcknowledged } = this.#options
    const sent = flights.map(([queue, batch]) => ({
      topic: queue.topic,
      partition: queue.partition,
      bytes: batch.bytes,
    }))
    try {
      const answers = await link.send(produce(sent), answerMsMax)
      for (const [queue, batch] of flights) {
        const answer = answers.get(answerKey(queue.topic, queue.partition))
        if (answer === undefined) {
          link.destroy('an answer lacks a partition')
          queue.cut(batch, `Kafka said nothing about ${queue.topic}/${queue.partition}.`)
          onDone(queue, 'failed')
          continue
        }
        if (answer.code === 0) onAcknowledged(queue, answer.baseOffset + batch.count)
        onDone(queue, queue.answered(batch, answer) === 'landed' ? 'landed' : 'failed')
      }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      for (const [queue, batch] of flights) {
        queue.cut(batch, `The connection to a Kafka broker failed (${why}).`)
        onDone(queue, 'failed')
      }
    }
  }
}
