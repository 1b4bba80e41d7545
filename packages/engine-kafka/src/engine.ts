import { type Engine, type EventLog, limits } from '@unavez/engine'

import { openAdmin } from './admin.ts'
import { Ownership } from './ownership.ts'
import { openProducer } from './produce.ts'
import { LogReader } from './read.ts'
import { openRedis } from './redis.ts'
import { openRegisters } from './registers.ts'
import { Seen } from './seen.ts'
import { type Address, openWire, type Security, type Wire } from './wire/index.ts'

export interface KafkaEngineOptions {
  /** `host:port` of some brokers; the others are learned from them. */
  readonly brokers: readonly string[]
  readonly redisUrl: string
  /** In front of every topic, group and Redis key; `unavez.` unless told otherwise. */
  readonly topicPrefix?: string
  /** In which an append is acknowledged or rejected. It must exceed an election. Milliseconds; `limits.appendBudgetMs`. */
  readonly appendBudgetMs?: number
  /** As Kafka's operators see this process. */
  readonly clientId?: string
  readonly security?: Security
  /** Where a broker is really reached, given the address it tells clients: for port-forwards and proxies. */
  readonly route?: (advertised: Address) => Address
}

/** Connects, or rejects 'cannot-start' with one sentence within a few seconds. Makes no topic but `registers`. */
export async function openKafkaEngine(options: KafkaEngineOptions): Promise<Engine> {
  const prefix = options.topicPrefix ?? 'unavez.'
  const appendBudgetMs = options.appendBudgetMs ?? limits.appendBudgetMs
  const [wire, redis] = await both(
    openWire(options),
    openRedis({ url: options.redisUrl, prefix, settleMs: appendBudgetMs }),
  )
  const closing = new AbortController()
  const seen = new Seen()
  const onAcknowledged = seen.acknowledged.bind(seen)
  const producer = openProducer({ wire, topicPrefix: prefix, appendBudgetMs, onAcknowledged })
  const admin = openAdmin({ wire, topicPrefix: prefix, closing: closing.signal })
  const reader = new LogReader({ wire, prefix, seen })
  const ownership = new Ownership({ wire, prefix })
  const log: EventLog = {
    ensureTopics: (topics) => admin.ensureTopics(topics),
    append: (message) => producer.append(message),
    read: (from, readLimits) => reader.read(from, readLimits),
    bounds: (topic, at) => reader.bounds(topic, at),
    lowerBound: (partition) => reader.lowerBound(partition),
    trim: async (partition, before) => {
      await admin.trim(partition, before)
      reader.trimmed(partition, before)
    },
    own: (group, topics, work) => ownership.own(group, topics, work),
  }
  const closeLog = async (): Promise<void> => {
    closing.abort()
    await ownership.close()
    reader.close()
    await producer.close()
    await redis.close()
    wire.close()
  }
  const replicated = await openRegisters({ log, budgetMs: appendBudgetMs }).catch(async (error: unknown) => {
    await closeLog()
    throw error
  })
  const close = async (): Promise<void> => {
    // Waits end first: whoever owns may be in one, and is waited for.
    reader.close()
    await Promise.all([replicated.close(), ownership.close()])
    await closeLog()
  }
  let closed: Promise<void> | undefined
  return {
    log,
    registers: replicated.registers,
    views: redis.views,
    volatile: redis.volatile,
    ailments: () =>
      [brokerAilments(wire), ...[producer, ownership, replicated, redis].map((part) => part.ailments())].flat(),
    close: () => (closed ??= close()),
  }
}

const brokerAilments = ({ metadata }: Wire): readonly string[] =>
  metadata.failure === undefined ? [] : [`No Kafka broker answers (${metadata.failure}).`]

/** Both, or none: what was opened beside a failure is closed again. */
async function both<A extends { close(): unknown }, B extends { close(): unknown }>(
  first: Promise<A>,
  second: Promise<B>,
): Promise<[A, B]> {
  const [one, two] = await Promise.allSettled([first, second])
  if (one.status === 'fulfilled' && two.status === 'fulfilled') return [one.value, two.value]
  for (const each of [one, two]) if (each.status === 'fulfilled') await each.value.close()
  throw one.status === 'rejected' ? one.reason : two.status === 'rejected' ? two.reason : undefined
}
