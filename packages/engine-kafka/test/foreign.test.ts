import { randomUUID } from 'node:crypto'

import type { Engine } from '@unavez/engine'
import { describeWhere } from '@unavez/engine/conformance'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { CompressionTypes, Kafka, logLevel } from 'kafkajs'

import { openKafkaEngine } from '../src/index.ts'

const { KAFKA_BROKERS, REDIS_URL } = process.env
const there = KAFKA_BROKERS !== undefined && REDIS_URL !== undefined

test('where nothing runs on Kafka, that was allowed', () => {
  expect(there || process.env['REQUIRE_KAFKA'] !== '1').toBe(true)
})

describeWhere(there)('what other clients write', () => {
  const topicPrefix = `foreign-${randomUUID().slice(0, 8)}.`
  const brokers = KAFKA_BROKERS?.split(',') ?? []
  const producer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).producer({
    transactionalId: topicPrefix,
    idempotent: true,
    maxInFlightRequests: 1,
  })
  let engine: Engine

  beforeAll(async () => {
    engine = await openKafkaEngine({ brokers, redisUrl: REDIS_URL ?? '', topicPrefix })
    await producer.connect()
  })
  afterAll(async () => {
    await producer.disconnect()
    await engine.close()
  })

  const atOnce = { messages: 1_000, bytes: 1_000_000, waitMs: 0 }
  const write = async (topic: string, values: readonly string[], end: 'commit' | 'abort') => {
    const transaction = await producer.transaction()
    const messages = values.map((value) => ({ value, partition: 0 }))
    await transaction.send({ topic: `${topicPrefix}${topic}`, messages, compression: CompressionTypes.GZIP })
    await transaction[end]()
  }

  test('packed and in transactions: what was committed is read, what was aborted is not, and markers are passed', async () => {
    const topic = 'transactions'
    await engine.log.ensureTopics([{ name: topic, partitions: 1, cleanup: 'keep' }])
    await write(topic, ['a', 'b'], 'commit')
    await write(topic, ['never'], 'abort')
    await write(topic, ['c'], 'commit')
    // Kafka answers a commit before its marker is in the log.
    let page = await engine.log.read({ topic, partition: 0, offset: 0 }, atOnce)
    while (page.end < 7) page = await engine.log.read({ topic, partition: 0, offset: 0 }, atOnce)
    expect(page.messages.map(({ value, offset }) => `${offset} ${String(value)}`)).toEqual(['0 a', '1 b', '5 c'])
    expect(page).toMatchObject({ next: 7, end: 7 })
    for (const offset of [2, 3, 4, 6]) {
      const rest = await engine.log.read({ topic, partition: 0, offset }, atOnce)
      expect(rest.next).toBe(7)
      expect(rest.messages.length).toBe(offset < 6 ? 1 : 0)
    }
    expect(await engine.log.bounds(topic)).toMatchObject([{ first: 0, next: 7 }])
  })

  test('a read that waits is not ended by a marker, and not by a transaction that came to nothing', async () => {
    const topic = 'waiting'
    await engine.log.ensureTopics([{ name: topic, partitions: 1, cleanup: 'keep' }])
    const waiting = engine.log.read({ topic, partition: 0, offset: 0 }, { ...atOnce, waitMs: 30_000 })
    await write(topic, ['never'], 'abort')
    await write(topic, ['news'], 'commit')
    const page = await waiting
    expect(page.messages.map(({ value }) => String(value))).toEqual(['news'])
  })
})
