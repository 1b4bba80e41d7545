import { randomUUID } from 'node:crypto'

import { expect, test } from '@jest/globals'
import { describeWhere } from '@unavez/engine/conformance'

import { openKafkaEngine } from '../src/index.ts'

const { KAFKA_BROKERS, REDIS_URL } = process.env
const there = KAFKA_BROKERS !== undefined && REDIS_URL !== undefined

test('where nothing runs on Kafka, that was allowed', () => {
  expect(there || process.env['REQUIRE_KAFKA'] !== '1').toBe(true)
})

describeWhere(there)('closing', () => {
  test('an owner that waits for messages without a signal does not hold up the close', async () => {
    const topicPrefix = `closing-${randomUUID().slice(0, 8)}.`
    const brokers = KAFKA_BROKERS?.split(',') ?? []
    const engine = await openKafkaEngine({ brokers, redisUrl: REDIS_URL ?? '', topicPrefix })
    await engine.log.ensureTopics([{ name: 't', partitions: 1, cleanup: 'keep' }])
    const began = Promise.withResolvers<void>()
    let ended = 'not yet'
    await engine.log.own('g', ['t'], async (partition) => {
      began.resolve()
      const waiting = engine.log.read({ ...partition, offset: 0 }, { messages: 1, bytes: 1_000, waitMs: 30_000 })
      await waiting.catch((error: { code: string }) => (ended = error.code))
    })
    await began.promise
    await engine.close()
    expect(ended).toBe('closed')
  })
})
