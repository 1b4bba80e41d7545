import { EngineError } from '@unavez/engine'

import { type ClusterState, metadata, type PartitionState, type TopicState } from './calls.ts'
import { type Address, Link, type LinkOptions } from './link.ts'
import { pause } from './waiting.ts'

/** What one refresh may take before another broker is asked. */
const answerMsMax = 3_000
/** Refreshes start at most this often, however many ask. */
const refreshEveryMs = 50
const unknownTopic = 3

export interface MetadataOptions extends LinkOptions {
  readonly bootstrap: readonly Address[]
  /** Where a broker is really reached: behind a port-forward or a proxy its own address is not the way. */
  readonly route: (advertised: Address) => Address
}

/**
 * Who leads what. Has a connection of its own, so that a slow broker on another path never delays news of its
 * successor. Partitions without leader are data and no error. Topics are learned when somebody first asks for them.
 */
export class Metadata {
  #state: ClusterState = { brokers: new Map(), controller: -1, topics: new Map() }
  readonly #options: MetadataOptions
  readonly #topics = new Set<string>()
  #link: Link | undefined
  #under: Promise<ClusterState> | undefined
  #startedAt = 0
  #turn = 0
  #closed = false
  #failure: string | undefined

  constructor(options: MetadataOptions) {
    this.#options = options
  }

  /** The newest answer, without asking anyone. */
  get now(): ClusterState {
    return this.#state
  }

  /** Why the last refresh failed; undefined if it did not. */
  get failure(): string | undefined {
    return this.#failure
  }

  /** From the cache; undefined if the topic or partition is not known (yet). `leader` is −1 while there is none. */
  partition(topic: string, partition: number): PartitionState | undefined {
    return this.#state.topics.get(topic)?.partitions.get(partition)
  }

  /** Asks once if the topic is not known yet. Rejects 'unknown-topic', 'unavailable', 'closed'. */
  async topic(name: string): Promise<TopicState> {
    const known = this.#state.topics.get(name)
    if (known !== undefined) return known
    this.#topics.add(name)
    let found = (await this.refresh()).topics.get(name)
    // A refresh that was under way when we came may have been asked for less.
    found ??= (await this.refresh()).topics.get(name)
    if (found === undefined) throw new EngineError('unavailable', `Kafka said nothing about topic ${name}.`)
    if (found.errorCode === unknownTopic) {
      this.#topics.delete(name)
      throw new EngineError('unknown-topic', `There is no topic ${name}.`)
    }
    return found
  }

  brokerAddress(id: number): Address | undefined {
    const advertised = this.#state.brokers.get(id)
    return advertised === undefined ? undefined : this.#options.route(advertised)
  }

  /** News about every topic anyone has asked for. Callers share one request. Rejects 'unavailable' or 'closed'. */
  refresh(): Promise<ClusterState> {
    this.#under ??= this.#refresh().finally(() => (this.#under = undefined))
    return this.#under
  }

  close(): void {
    this.#closed = true
    this.#link?.destroy()
  }

  async #refresh(): Promise<ClusterState> {
    await pause(this.#startedAt + refreshEveryMs - performance.now())
    this.#startedAt = performance.now()
    const places = [...this.#state.brokers.values()].map((broker) => this.#options.route(broker))
    const candidates = [...places, ...this.#options.bootstrap]
    let failure: unknown
    for (let tries = 0; tries < candidates.length && !this.#closed; tries++) {
      try {
        return await this.#ask(candidates)
      } catch (error) {
        failure = error
        this.#turn += 1
      }
    }
    if (this.#closed) throw new EngineError('closed', 'The engine is closed.')
    this.#failure = failure instanceof Error ? failure.message : String(failure)
    throw new EngineError('unavailable', `No Kafka broker answers (${this.#failure}).`, { cause: failure })
  }

  async #ask(candidates: readonly Address[]): Promise<ClusterState> {
    const asked = [...this.#topics]
    let link = this.#link
    if (link === undefined || !link.alive) {
      const address = candidates[this.#turn % candidates.length]
      if (address === undefined) throw new Error('no broker address is known')
      link = await Link.open(address, this.#options)
      if (this.#closed) link.destroy()
      this.#link = link
    }
    const answer = await link.send(metadata(asked), answerMsMax)
    // A broker that has just started may not know a topic that we have seen: what was known stays.
    const found = [...answer.topics].filter(([, { errorCode }]) => errorCode !== unknownTopic)
    const brokers = answer.brokers.size > 0 ? answer.brokers : this.#state.brokers
    const topics = new Map([...this.#state.topics, ...found])
    this.#state = { brokers, controller: answer.controller, topics }
    this.#failure = undefined
    return { ...this.#state, topics: new Map([...answer.topics, ...topics]) }
  }
}
