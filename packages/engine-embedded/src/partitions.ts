import { EngineError, type PartitionId, type TopicSpec } from '@unavez/engine'

import type { State } from './messages.ts'
import { Ring } from './ring.ts'

/** What the engine's own thread knows of one partition. */
export class Partition implements PartitionId {
  readonly topic: string
  readonly partition: number
  /** The engine's own number. */
  readonly id: number
  readonly ring: Ring
  first = 0
  /** The offset behind the last acknowledged message. */
  next = 0
  /** Where a frozen partition seems to end. */
  frozenAt: number | undefined
  readonly #waiting = new Set<() => void>()

  constructor(topic: string, partition: number, id: number) {
    this.topic = topic
    this.partition = partition
    this.id = id
    this.ring = new Ring({ topic, partition })
  }

  /** The offset behind the last message that may be shown. */
  get visible(): number {
    return this.frozenAt === undefined ? this.next : Math.min(this.frozenAt, this.next)
  }

  /** Resolves when something may have changed, the time is over, or the signal aborts. */
  change(waitMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(done)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, waitMs)
      this.#waiting.add(done)
      signal?.addEventListener('abort', done)
    })
  }

  wake(): void {
    for (const done of this.#waiting) done()
  }
}

/** All partitions of all topics. */
export class Partitions {
  readonly #topics = new Map<string, { readonly spec: TopicSpec; readonly partitions: readonly Partition[] }>()

  /** Takes over what the writer knows. Bounds only ever grow. */
  update({ topics }: State): void {
    for (const { spec, base, bounds } of topics) {
      const topic = this.#topics.get(spec.name) ?? {
        spec,
        partitions: bounds.map((_, index) => new Partition(spec.name, index, base + index)),
      }
      this.#topics.set(spec.name, topic)
      for (const [index, { first, next }] of bounds.entries()) {
        const partition = topic.partitions[index]
        if (partition === undefined) continue
        partition.first = Math.max(partition.first, first)
        const grew = next > partition.next
        partition.next = Math.max(partition.next, next)
        if (grew) partition.wake()
      }
    }
  }

  /** Rejects by throwing 'unknown-topic'. */
  topic(name: string): readonly Partition[] {
    const topic = this.#topics.get(name)
    if (topic === undefined) throw new EngineError('unknown-topic', `There is no topic ${name}.`)
    return topic.partitions
  }

  one({ topic, partition }: PartitionId): Partition {
    const found = this.topic(topic)[partition]
    if (found === undefined) throw new EngineError('unknown-topic', `Topic ${topic} has no partition ${partition}.`)
    return found
  }

  all(): readonly Partition[] {
    return [...this.#topics.values()].flatMap(({ partitions }) => partitions)
  }
}
