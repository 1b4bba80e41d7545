import type { PartitionAnswer } from '../src/produce-calls.ts'
import { takeMessages } from '../src/recordset.ts'

interface Producer {
  next: number
  recent: { readonly first: number; readonly count: number; readonly base: number }[]
}

const rememberedBatches = 5

/** One partition of a broker, as far as idempotent producers see it. */
export class ModelBroker {
  readonly log: string[] = []
  readonly #producers = new Map<bigint, Producer>()

  /** Appends a batch unless its numbering says that it was here before, or is out of turn. */
  append(bytes: Buffer): PartitionAnswer {
    const [id, first, count] = [bytes.readBigInt64BE(43), bytes.readInt32BE(53), bytes.readInt32BE(57)]
    const producer = this.#producers.get(id) ?? { next: 0, recent: [] }
    const twin = producer.recent.find((batch) => batch.first === first && batch.count === count)
    if (twin !== undefined) return { code: 0, baseOffset: twin.base, appendTime: 1 }
    if (first !== producer.next) return { code: 45, baseOffset: -1, appendTime: -1 }
    const base = this.log.length
    const from = { topic: '', partition: 0, offset: 0 }
    const { messages } = takeMessages({ bytes, aborted: [] }, from, { messages: count, bytes: 10_000_000 })
    this.log.push(...messages.map(({ value }) => value?.toString() ?? ''))
    producer.next = first + count
    producer.recent = [...producer.recent, { first, count, base }].slice(-rememberedBatches)
    this.#producers.set(id, producer)
    return { code: 0, baseOffset: base, appendTime: 1 }
  }

  /** Forgets who wrote what, as a broker does whose producer state was lost. */
  forgetProducers(): void {
    this.#producers.clear()
  }
}
