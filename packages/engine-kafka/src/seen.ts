import type { PartitionId } from '@unavez/engine'

/**
 * What this process has seen of each partition: acknowledged by its own appends, or read. A lower bound of the next
 * offset, and the bell that wakes a waiting read as soon as one of our own appends is acknowledged.
 * Topics by their real names, prefix included.
 */
export class Seen {
  readonly #next = new Map<string, number>()
  readonly #bells = new Map<string, Set<() => void>>()

  lowerBound({ topic, partition }: PartitionId): number {
    return this.#next.get(`${topic}/${partition}`) ?? 0
  }

  /** From reads: everything before `next` is in the log. */
  raise({ topic, partition }: PartitionId, next: number): void {
    const key = `${topic}/${partition}`
    if (next > (this.#next.get(key) ?? 0)) this.#next.set(key, next)
  }

  /** From appends, before their callers hear of it: everything before `next` is durable. */
  acknowledged(partition: PartitionId, next: number): void {
    this.raise(partition, next)
    for (const ring of this.#bells.get(`${partition.topic}/${partition.partition}`) ?? []) ring()
  }

  /** Calls `ring` at each acknowledgement of this partition until the function returned is called. */
  onAcknowledged({ topic, partition }: PartitionId, ring: () => void): () => void {
    const key = `${topic}/${partition}`
    const bells = this.#bells.get(key) ?? new Set()
    this.#bells.set(key, bells.add(ring))
    return () => {
      bells.delete(ring)
      if (bells.size === 0 && this.#bells.get(key) === bells) this.#bells.delete(key)
    }
  }
}
