import { randomUUID } from 'node:crypto'

import type { Engine } from '@unavez/engine'
import { describeEngine } from '@unavez/engine/conformance'
import { expect, test } from '@jest/globals'

import { openKafkaEngine } from '../src/index.ts'

const { KAFKA_BROKERS, REDIS_URL } = process.env

if (KAFKA_BROKERS === undefined || REDIS_URL === undefined) {
  test('without a Kafka this run was allowed to go on without one', () => {
    expect(process.env['REQUIRE_KAFKA']).not.toBe('1')
  })
} else {
  const topicPrefix = `test-${randomUUID().slice(0, 8)}.`
  describeEngine('kafka', async () => {
    const engines: Engine[] = []
    const another = async () => {
      const options = { brokers: KAFKA_BROKERS.split(','), redisUrl: REDIS_URL, topicPrefix }
      const engine = await openKafkaEngine(options)
      engines.push(engine)
      return engine
    }
    return {
      engine: await another(),
      another,
      close: async () => {
        await Promise.all(engines.map((engine) => engine.close()))
      },
    }
  })
}
