import { setTimeout as pause } from 'node:timers/promises'

import { type AcceptedEvent, type Client, Problem, Unreachable } from '@unavez/sdk'

import { birthOf } from '../setup/world.ts'
import { Reader } from './reader.ts'

export interface TrafficOptions {
  /** The publishing system, once per instance of the bus: whoever gets no answer asks the next one. */
  readonly publishers: readonly Client[]
  readonly consumers: readonly Client[]
  readonly subscription: string
  /** Each publishes about one person, one birth after the other. */
  readonly writers?: number
  /** In front of each id: tells several runs on one bus apart. */
  readonly series?: string
}

/** No answer, or one that asks for patience: the same may be asked again. */
export const passing = (error: unknown): boolean =>
  error instanceof Unreachable || (error instanceof Problem && (error.status === 503 || error.status === 429))

const repeatedAtOnce = 50

const personOf = (id: string): string => `8-2000-${Number(/w(\d+)-/.exec(id)?.[1]) + 1}`

/** Many births at once, each repeated until it is acknowledged, and somebody who reads them; what was promised is noted. */
export class Traffic {
  /** The position that each acknowledged id was given. */
  readonly acknowledged = new Map<string, string>()
  /** One sentence for each promise seen broken. */
  readonly broken: string[] = []
  /** How often each problem was answered. */
  readonly refusals = new Map<string, number>()
  readonly reader: Reader
  readonly #options: TrafficOptions
  readonly #stop = new AbortController()
  readonly #running: Promise<unknown>

  constructor(options: TrafficOptions) {
    this.#options = options
    const { consumers, subscription } = options
    this.reader = new Reader({ consumers, subscription, broken: this.broken })
    const writers = Array.from({ length: options.writers ?? 16 }, (_, writer) => this.#write(writer))
    // The reader goes on until the last birth is there to be read.
    const reading = new AbortController()
    const written = Promise.all(writers).finally(() => reading.abort())
    this.#running = Promise.all([written, this.reader.run(reading.signal)])
  }

  /** Until so many more births were acknowledged than now; rejects when the time is over. */
  async progress(more: number, budgetMs = 60_000): Promise<void> {
    const wanted = this.acknowledged.size + more
    const end = Date.now() + budgetMs
    while (this.acknowledged.size < wanted) {
      if (Date.now() > end) throw new Error(`no progress: ${this.acknowledged.size} of ${wanted}; ${this.#said()}`)
      await pause(20)
    }
  }

  /** Ends publishing and reading; what is under way is brought to its end first. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  /** Publishes until it is acknowledged, by one instance or another, and holds the answer against earlier ones. */
  async publish(id: string, person: string, first = 0): Promise<AcceptedEvent> {
    const { publishers } = this.#options
    for (let turn = first; ; turn += 1) {
      const client = publishers[turn % publishers.length]
      if (client === undefined) throw new Error('nobody publishes')
      try {
        const accepted = await client.publish(birthOf(id, person))
        this.#note(accepted)
        return accepted
      } catch (error) {
        const said = error instanceof Problem ? error.code : 'unreachable'
        this.refusals.set(said, (this.refusals.get(said) ?? 0) + 1)
        if (!passing(error)) throw error
        await pause(50)
      }
    }
  }

  /** Offers all that was acknowledged so far once more, beginning with one instance. */
  async repeat(first: number): Promise<void> {
    const ids = [...this.acknowledged.keys()]
    for (let i = 0; i < ids.length; i += repeatedAtOnce)
      await Promise.all(ids.slice(i, i + repeatedAtOnce).map((id) => this.publish(id, personOf(id), first)))
  }

  /** Whether an id is one of these. */
  offered(id: string): boolean {
    return id.startsWith(`${this.#options.series ?? ''}w`)
  }

  #note({ id, position }: AcceptedEvent): void {
    const before = this.acknowledged.get(id)
    if (before !== undefined && before !== position) this.broken.push(`${id} was answered ${before}, then ${position}`)
    this.acknowledged.set(id, before ?? position)
  }

  async #write(writer: number): Promise<void> {
    const { series = '' } = this.#options
    const person = personOf(`w${writer}-`)
    try {
      for (let number = 0; !this.#stop.signal.aborted; number += 1) {
        const id = `${series}w${writer}-${number}`
        // Every few births two offer the same at once, or somebody repeats one from before.
        const twice = number % 5 === 0 ? [this.publish(id, person, writer + 1)] : []
        await Promise.all([this.publish(id, person, writer), ...twice])
        if (number % 7 === 6)
          await this.publish(`${series}w${writer}-${Math.floor(Math.random() * number)}`, person, writer + 1)
      }
    } catch (error) {
      this.broken.push(`writer ${writer}: ${String(error)}`)
      this.#stop.abort()
    }
  }

  #said = (): string => JSON.stringify({ broken: this.broken, refusals: [...this.refusals] })
}

/** Reads a subscription from its beginning and compares it with what was acknowledged. Everything is expected to be empty. */
export async function judge(traffic: Traffic, consumer: Client, subscription: string) {
  const verdict = {
    missing: [] as string[],
    doubled: [] as string[],
    moved: [] as string[],
    disordered: [] as string[],
  }
  const seen = new Map<string, string>()
  const last = new Map<string, number>()
  let after: string | undefined
  for (let more = true; more;) {
    const page = await consumer.pull(subscription, { after, limit: 1000 })
    for (const { id, position } of page.events) {
      if (!traffic.offered(id)) continue
      if (seen.has(id)) verdict.doubled.push(id)
      seen.set(id, position)
      const [writer = '', number = ''] = id.split('-')
      if (Number(number) <= (last.get(writer) ?? -1)) verdict.disordered.push(id)
      last.set(writer, Number(number))
    }
    after = page.next
    more = page.more
  }
  for (const [id, position] of traffic.acknowledged) {
    if (!seen.has(id)) verdict.missing.push(id)
    else if (seen.get(id) !== position) verdict.moved.push(`${id}: ${position} became ${seen.get(id)}`)
  }
  return { ...verdict, unread: [...traffic.acknowledged.keys()].filter((id) => !traffic.reader.seen.has(id)) }
}

export const flawless = { missing: [], doubled: [], moved: [], disordered: [], unread: [] }
