import { type Engine, isEngineError, type Message } from '@unavez/engine'

/** What became of one append, as its caller was told. */
interface Entry {
  readonly id: string
  readonly partition: number
  outcome: 'open' | 'acknowledged' | 'not-written' | 'unknown'
  offset: number
}

export interface Verdict {
  readonly acknowledged: number
  readonly notWritten: number
  readonly unknown: number
  /** Each line is a broken promise. */
  readonly broken: readonly string[]
}

const budgetSlackMs = 1_000

/** Remembers every append in the order of the calls, and compares with what the log holds in the end. */
export class Ledger {
  readonly topic: string
  readonly partitions: number
  readonly #entries: Entry[] = []
  readonly #late: string[] = []
  /** What a follower saw, per partition. */
  readonly #followed = new Map<number, [string, number][]>()
  readonly #budgetMs: number

  constructor(options: { topic: string; partitions: number; budgetMs: number }) {
    this.topic = options.topic
    this.partitions = options.partitions
    this.#budgetMs = options.budgetMs
  }

  get acknowledged(): number {
    return this.#entries.filter(({ outcome }) => outcome === 'acknowledged').length
  }

  /** Several callers per partition, each appending one message after the other, until told to stop. */
  async write(engine: Engine, callers: number, stop: AbortSignal): Promise<void> {
    const caller = async (number: number): Promise<void> => {
      while (!stop.aborted) await this.#append(engine, number % this.partitions)
    }
    await Promise.all(Array.from({ length: callers }, (_, number) => caller(number)))
  }

  /** Reads every partition as it grows, through whatever happens, until the signal; then to the end. */
  async follow(engine: Engine, stop: AbortSignal): Promise<void> {
    const follower = async (partition: number): Promise<void> => {
      const seen: [string, number][] = []
      this.#followed.set(partition, seen)
      for (let offset = 0; ;) {
        const waitMs = stop.aborted ? 0 : 300
        const at = { topic: this.topic, partition, offset }
        try {
          const page = await engine.log.read(at, { messages: 500, bytes: 1_000_000, waitMs })
          seen.push(...page.messages.map((message): [string, number] => [idOf(message), message.offset]))
          offset = page.next
          if (stop.aborted && page.next >= page.end) return
        } catch (error) {
          if (!isEngineError(error, 'unavailable')) throw error
        }
      }
    }
    await Promise.all(Array.from({ length: this.partitions }, (_, partition) => follower(partition)))
  }

  async #append(engine: Engine, partition: number): Promise<void> {
    const id = `${this.#entries.length}`
    const entry: Entry = { id, partition, outcome: 'open', offset: -1 }
    this.#entries.push(entry)
    const value = Buffer.from(id.padEnd(200, '.'))
    const began = performance.now()
    try {
      const { position } = await engine.log.append({ topic: this.topic, partition, key: null, value, headers: {} })
      entry.outcome = 'acknowledged'
      entry.offset = position.offset
    } catch (error) {
      if (isEngineError(error, 'not-written')) entry.outcome = 'not-written'
      else if (isEngineError(error, 'unknown')) entry.outcome = 'unknown'
      else throw error
    }
    const took = performance.now() - began
    if (took > this.#budgetMs + budgetSlackMs) this.#late.push(`${id} was answered after ${Math.round(took)} ms`)
  }

  /** Reads all and judges. Order: calls that were made one after the other, each acknowledged, stand in that order. */
  async judge(engine: Engine): Promise<Verdict> {
    const found = new Map<string, number[]>()
    const broken = [...this.#late]
    for (let partition = 0; partition < this.partitions; partition++) {
      const ids = await readIds(engine, this.topic, partition)
      for (const [id, offset] of ids) found.set(id, [...(found.get(id) ?? []), offset])
      const followed = this.#followed.get(partition)
      if (followed !== undefined && JSON.stringify(followed) !== JSON.stringify(ids)) {
        broken.push(`partition ${partition} was followed as another sequence: ${followed.length} of ${ids.length}`)
      }
    }
    const last = new Map<number, number>()
    for (const { id, partition, outcome, offset } of this.#entries) {
      const places = found.get(id) ?? []
      if (places.length > 1) broken.push(`${id} (${outcome}) is there ${places.length} times: ${places.join(', ')}`)
      if (outcome === 'open') broken.push(`${id} was never answered`)
      if (outcome === 'not-written' && places.length > 0) broken.push(`${id} was called not written, but is there`)
      if (outcome !== 'acknowledged') continue
      if (!places.includes(offset))
        broken.push(`${id} was acknowledged at ${offset}, but is at ${places.join(', ') || 'no place'}`)
      if (offset <= (last.get(partition) ?? -1)) broken.push(`${id} stands before a message that was appended earlier`)
      last.set(partition, offset)
    }
    const count = (wanted: Entry['outcome']): number => this.#entries.filter(({ outcome }) => outcome === wanted).length
    return {
      acknowledged: count('acknowledged'),
      notWritten: count('not-written'),
      unknown: count('unknown'),
      broken: broken.slice(0, 20),
    }
  }
}

const idOf = ({ value }: Message): string => value?.toString().replace(/\.+$/, '') ?? ''

async function readIds(engine: Engine, topic: string, partition: number): Promise<[string, number][]> {
  const ids: [string, number][] = []
  for (let offset = 0; ;) {
    const page = await engine.log.read({ topic, partition, offset }, { messages: 10_000, bytes: 4_000_000, waitMs: 0 })
    ids.push(...page.messages.map((message): [string, number] => [idOf(message), message.offset]))
    offset = page.next
    if (page.next >= page.end) return ids
  }
}
