import type { DatabaseSync } from 'node:sqlite'

import type { TopicSpec } from '@unavez/engine'

import type { TopicState } from './messages.ts'
import { sizes } from './sizes.ts'

interface Counter {
  first: number
  next: number
}

/** The row id of the first offset that a partition can have. */
export const rowBase = (partition: number): number => partition * sizes.offsetsPerPartition

/** Where each partition begins and ends, exact after every start: read from the messages themselves. */
export class Counters {
  readonly #topics = new Map<string, { readonly spec: TopicSpec; readonly base: number }>()
  readonly #partitions: Counter[] = []
  /** The log's clock of the newest message, milliseconds; it never runs backwards. */
  clock = 0

  constructor(database: DatabaseSync) {
    const newest = database.prepare('SELECT id, appended_at FROM message WHERE id < ? ORDER BY id DESC LIMIT 1')
    for (const row of database.prepare('SELECT id, first FROM partition ORDER BY id').all()) {
      const id = Number(row['id'])
      const first = Number(row['first'])
      const last = newest.get(rowBase(id + 1))
      const offset = last === undefined ? -1 : Number(last['id']) - rowBase(id)
      this.#partitions[id] = { first, next: Math.max(first, offset + 1) }
      if (last !== undefined) this.clock = Math.max(this.clock, Number(last['appended_at']))
    }
    for (const row of database.prepare('SELECT name, partitions, cleanup, base FROM topic').all()) {
      const cleanup = row['cleanup'] === 'compact' ? 'compact' : 'keep'
      this.addTopic({ name: String(row['name']), partitions: Number(row['partitions']), cleanup }, Number(row['base']))
    }
  }

  topic(name: string): TopicSpec | undefined {
    return this.#topics.get(name)?.spec
  }

  /** How many partitions there are: the next one's number. */
  get partitions(): number {
    return this.#partitions.length
  }

  addTopic(spec: TopicSpec, base: number): void {
    this.#topics.set(spec.name, { spec, base })
    for (let id = base; id < base + spec.partitions; id++) this.#partitions[id] ??= { first: 0, next: 0 }
  }

  of(partition: number): Counter {
    const counter = this.#partitions[partition]
    if (counter === undefined) throw new Error(`there is no partition ${partition}`)
    return counter
  }

  topics(): readonly TopicState[] {
    return [...this.#topics.values()].map(({ spec, base }) => ({
      spec,
      base,
      bounds: Array.from({ length: spec.partitions }, (_, index) => ({ ...this.of(base + index) })),
    }))
  }
}
