import { randomUUID } from 'node:crypto'

import type { Engine } from '@unavez/engine'
import { describeEngine } from '@unavez/engine/conformance'
import { type LocalKafka, type LocalRedis, missingForLocalKafka, startKafka, startRedis } from '@unavez/infra'
import { afterAll, beforeAll, expect, test } from '@jest/globals'

import { openKafkaEngine } from '../../src/index.ts'

const missing = process.env['KAFKA_BROKERS'] === undefined ? 'no Kafka was found' : await missingForLocalKafka()

if (missing === undefined) {
  let kafka: LocalKafka | undefined
  let redis: LocalRedis | undefined
  const topicPrefix = `test-${randomUUID().slice(0, 8)}.`

  beforeAll(async () => {
    ;[kafka, redis] = await Promise.all([startKafka({ brokers: 3 }), startRedis()])
  })
  afterAll(async () => {
    await Promise.all([kafka?.stop(), redis?.stop()])
  })

  describeEngine('kafka, three brokers,', async () => {
    const engines: Engine[] = []
    const another = async () => {
      const options = { brokers: kafka?.bootstrap ?? [], redisUrl: redis?.url ?? '', topicPrefix }
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
} else {
  test('without three brokers of our own, this run was allowed to go on without them', () => {
    expect(process.env['REQUIRE_KAFKA']).not.toBe('1')
  })
}
