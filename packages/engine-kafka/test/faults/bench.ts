import { randomUUID } from 'node:crypto'

import type { Engine } from '@unavez/engine'
import { type LocalKafka, type LocalRedis, startKafka, startRedis } from '@unavez/infra'

import { openKafkaEngine } from '../../src/index.ts'
import { api, openWire, Writer } from '../../src/wire/index.ts'
import { type Proxy, seeded, startProxy } from './proxy.ts'

/** Three brokers, each behind a proxy, and two engines: one that goes through the proxies, one that doesn't. */
export interface FaultBench {
  readonly kafka: LocalKafka
  readonly proxies: readonly Proxy[]
  readonly topicPrefix: string
  /** Through the proxies. */
  readonly tried: Engine
  /** Past them: tells what the log really holds. */
  readonly judge: Engine
  close(): Promise<void>
}

export const appendBudgetMs = 10_000

export async function startFaultBench(seed: number): Promise<FaultBench> {
  const closers: (() => Promise<void>)[] = []
  const close = async (): Promise<void> => {
    for (const each of closers.toReversed()) await each()
  }
  try {
    const [kafka, redis] = await Promise.all([startKafka({ brokers: 3 }), startRedis()])
    closers.push(
      () => kafka.stop(),
      () => redis.stop(),
    )
    const random = seeded(seed)
    const proxies = await Promise.all(
      kafka.brokers.map(({ port }) => startProxy(() => ({ host: '127.0.0.1', port }), random)),
    )
    for (const proxy of proxies) closers.push(() => proxy.close())
    const engines = await openBoth(kafka, redis, proxies)
    closers.push(
      () => engines.tried.close(),
      () => engines.judge.close(),
    )
    return { kafka, proxies, ...engines, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function openBoth(kafka: LocalKafka, redis: LocalRedis, proxies: readonly Proxy[]) {
  const topicPrefix = `faults-${randomUUID().slice(0, 8)}.`
  const common = { brokers: kafka.bootstrap, redisUrl: redis.url, topicPrefix, appendBudgetMs }
  const tried = await openKafkaEngine({
    ...common,
    route: (advertised) => {
      const index = kafka.brokers.findIndex(({ port }) => port === advertised.port)
      return proxies[index]?.address ?? advertised
    },
  })
  return { topicPrefix, tried, judge: await openKafkaEngine(common) }
}

/** Has every partition led by another broker: reorders its replicas, then asks for the preferred one to lead. */
export async function moveLeaders(bench: FaultBench, topic: string): Promise<void> {
  const wire = await openWire({ brokers: bench.kafka.bootstrap })
  try {
    const name = bench.topicPrefix + topic
    const { partitions } = await wire.metadata.topic(name)
    const link = await wire.connections.to(wire.metadata.now.controller, 'admin')
    const turned = [...partitions].map(([partition, { leader, replicas }]) => {
      const others = replicas.filter((broker) => broker !== leader)
      return { partition, replicas: [...others, leader] }
    })
    await link.send(reassign(name, turned), 10_000)
    await link.send(electPreferred(name, [...partitions.keys()]), 10_000)
  } finally {
    wire.close()
  }
}

/** AlterPartitionReassignments 0, a flexible one: lengths are varints plus one, and each struct ends with its tags. */
function reassign(topic: string, partitions: readonly { partition: number; replicas: readonly number[] }[]) {
  const name = Buffer.from(topic)
  // The header of a flexible request has tags of its own; the answer is not read beyond its arrival.
  const body = new Writer()
    .int8(0)
    .int32(10_000)
    .int8(2)
    .int8(name.length + 1)
    .raw(name)
    .int8(partitions.length + 1)
  for (const { partition, replicas } of partitions) {
    body.int32(partition).int8(replicas.length + 1)
    for (const replica of replicas) body.int32(replica)
    body.int8(0)
  }
  return {
    apiKey: 45,
    apiVersion: 0,
    apiName: 'AlterPartitionReassignments',
    body: body.int8(0).int8(0).done(),
    read: () => undefined,
  }
}

/** ElectLeaders 1: election_type(0: preferred) [topic [partition]] timeout_ms */
function electPreferred(topic: string, partitions: readonly number[]) {
  const body = new Writer()
    .int8(0)
    .array([topic], (name, writer) => writer.string(name).array(partitions, (partition) => writer.int32(partition)))
    .int32(8_000)
    .done()
  return { ...api('Metadata'), apiKey: 43, apiVersion: 1, apiName: 'ElectLeaders', body, read: () => undefined }
}
