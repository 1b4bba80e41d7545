import { EngineError, isEngineError, type PartitionId, type TopicSpec } from '@unavez/engine'

import { createTopics, deleteRecords, describeTopics } from './admin-calls.ts'
import { atLeader, TryAgain } from './leader.ts'
import { isPassing } from './produce-answers.ts'
import { misfit, replicationFor, rulesOf } from './topic-rules.ts'
import { metadata } from './wire/calls.ts'
import { type Link, LinkError, pause, type TopicState, type Wire } from './wire/index.ts'

/** A busy cluster makes a thousand partitions in less; an election is over by then. */
const ensureMsMax = 60_000
const trimMsMax = 15_000
const answerMsMax = 10_000
const retryMs = 100
const unknownTopic = 3
const alreadyExists = 36
const offsetOutOfRange = 1

export interface AdminOptions {
  readonly wire: Wire
  readonly topicPrefix: string
  readonly closing: AbortSignal
}

export interface Admin {
  ensureTopics(topics: readonly TopicSpec[]): Promise<void>
  trim(partition: PartitionId, before: number): Promise<void>
}

type Specs = ReadonlyMap<string, TopicSpec>

export function openAdmin(options: AdminOptions): Admin {
  const { topicPrefix } = options
  return {
    ensureTopics: async (topics) => {
      const specs = new Map(topics.map((spec) => [topicPrefix + spec.name, spec]))
      if (specs.size === 0) return
      const replication = await insist(options, () => make(options.wire, specs))
      await insist(options, () => everywhere(options.wire, specs))
      await insist(options, () => assert(options.wire, specs, replication))
      await Promise.all([...specs.keys()].map((name) => options.wire.metadata.topic(name)))
    },
    trim: (partition, before) => trim(options, partition, before),
  }
}

/** Again until it goes well or the time is over, for what passes: elections, brokers that start, answers lost. */
async function insist<T>({ closing }: AdminOptions, attempt: () => Promise<T>): Promise<T> {
  const until = performance.now() + ensureMsMax
  for (;;) {
    if (closing.aborted) throw new EngineError('closed', 'The engine is closed.')
    try {
      return await attempt()
    } catch (error) {
      const again = error instanceof TryAgain || error instanceof LinkError || isEngineError(error, 'unavailable')
      if (!again) throw error
      if (performance.now() > until) {
        const why = error instanceof Error ? error.message : String(error)
        throw new EngineError('unavailable', `The topics could not be made ready: ${why}.`, { cause: error })
      }
    }
    await pause(retryMs, closing)
  }
}

/** A connection to any broker that answers: in KRaft each passes on what only the controller may do. */
async function anyBroker(wire: Wire): Promise<Link> {
  const { brokers, controller } = await wire.metadata.refresh()
  let failure: unknown = new TryAgain('no broker is known')
  for (const broker of [controller, ...brokers.keys()].filter((id) => brokers.has(id))) {
    try {
      return await wire.connections.to(broker, 'admin')
    } catch (error) {
      failure = error
    }
  }
  throw failure
}

/** Makes the topics that are missing. Answers with the replication that is asked of all. */
async function make(wire: Wire, specs: Specs): Promise<number> {
  const link = await anyBroker(wire)
  const { brokers, topics } = await link.send(metadata([...specs.keys()]), answerMsMax)
  const replication = replicationFor(brokers.size)
  const missing = [...specs].filter(([name]) => topics.get(name)?.errorCode === unknownTopic)
  if (missing.length === 0) return replication
  const asked = missing.map(([name, spec]) => ({
    name,
    partitions: spec.partitions,
    replication,
    settings: Object.fromEntries(rulesOf(spec, replication).map(({ setting, value }) => [setting, value])),
  }))
  for (const { name, code, message } of await link.send(createTopics(asked, answerMsMax - 1_000), answerMsMax)) {
    if (code === 0 || code === alreadyExists) continue
    if (isPassing(code) || code === 41) throw new TryAgain(`${name} could not be made (error ${code})`)
    throw new EngineError('cannot-start', `Kafka refuses to make topic ${name}: ${message ?? `error ${code}`}`)
  }
  return replication
}

/** Every broker that can be reached knows every partition and its leader: from now on no instance is told otherwise. */
async function everywhere(wire: Wire, specs: Specs): Promise<void> {
  const { brokers } = await wire.metadata.refresh()
  const ready = await Promise.all(
    [...brokers.keys()].map(async (broker) => {
      try {
        const link = await wire.connections.to(broker, 'admin')
        const { topics } = await link.send(metadata([...specs.keys()]), answerMsMax)
        return [...specs.keys()].every((name) => isLed(topics.get(name)))
      } catch (error) {
        if (error instanceof LinkError) return undefined
        throw error
      }
    }),
  )
  if (ready.includes(false) || !ready.includes(true)) throw new TryAgain('some partitions have no leader yet')
}

const isLed = (state: TopicState | undefined): boolean =>
  state !== undefined &&
  state.partitions.size > 0 &&
  [...state.partitions.values()].every(({ leader }) => leader !== -1)

async function assert(wire: Wire, specs: Specs, replication: number): Promise<void> {
  const link = await anyBroker(wire)
  const names = [...specs.keys()]
  const settings = [...new Set([...specs.values()].flatMap((spec) => rulesOf(spec, 1).map((rule) => rule.setting)))]
  const [{ topics }, described] = await Promise.all([
    link.send(metadata(names), answerMsMax),
    link.send(describeTopics(names, settings), answerMsMax),
  ])
  for (const { name, code, message, settings: found } of described) {
    const [spec, state] = [specs.get(name), topics.get(name)]
    if (spec === undefined || state === undefined) continue
    if (code === unknownTopic || isPassing(code)) throw new TryAgain(`${name} is not known everywhere yet`)
    if (code !== 0) throw new EngineError('cannot-start', `Kafka does not show ${name}: ${message ?? `error ${code}`}`)
    const why = misfit(spec, { name, state, settings: found }, replication)
    if (why !== undefined) throw new EngineError('cannot-start', why)
  }
}

async function trim(
  { wire, topicPrefix, closing }: AdminOptions,
  partition: PartitionId,
  before: number,
): Promise<void> {
  if (closing.aborted) throw new EngineError('closed', 'The engine is closed.')
  const real = { topic: topicPrefix + partition.topic, partition: partition.partition }
  const tries = { wire, until: performance.now() + trimMsMax, signal: closing }
  await atLeader(real, tries, async (leader) => {
    const link = await wire.connections.to(leader, 'admin')
    const { code } = await link.send(deleteRecords(real, Math.max(0, before), answerMsMax - 1_000), answerMsMax)
    if (code === 0) return
    const where = `partition ${real.partition} of ${real.topic}`
    if (code === offsetOutOfRange)
      throw new EngineError('position-ahead', `Offset ${before} lies behind the end of ${where}.`)
    if (isPassing(code)) throw new TryAgain(`Kafka answers with error ${code}`)
    throw new EngineError('unavailable', `Kafka refuses to trim ${where}: error ${code}.`)
  })
}
