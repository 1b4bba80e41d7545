import { randomUUID } from 'node:crypto'

import type { Engine } from '@unavez/engine'
import { describeWhere } from '@unavez/engine/conformance'
import { type LocalKafka, type LocalRedis, missingForLocalKafka, startKafka, startRedis } from '@unavez/infra'
import { afterAll, beforeAll, expect, test } from '@jest/globals'

import { openKafkaEngine } from '../../src/index.ts'
import { openWire, type Wire } from '../../src/wire/index.ts'

const missing = process.env['KAFKA_BROKERS'] === undefined ? 'no Kafka was found' : await missingForLocalKafka()

test('without a Kafka of our own to break, this run was allowed to go on without one', () => {
  expect(missing === undefined || process.env['REQUIRE_KAFKA'] !== '1').toBe(true)
})

describeWhere(missing === undefined)('reads under faults', () => {
  const topicPrefix = `reads-${randomUUID().slice(0, 8)}.`
  const atOnce = { messages: 1_000, bytes: 1_000_000, waitMs: 0 }
  let kafka: LocalKafka
  let redis: LocalRedis
  let engine: Engine
  let writer: Engine
  let wire: Wire

  beforeAll(async () => {
    ;[kafka, redis] = await Promise.all([startKafka({ brokers: 3 }), startRedis()])
    const options = { brokers: kafka.bootstrap, redisUrl: redis.url, topicPrefix }
    engine = await openKafkaEngine(options)
    writer = await openKafkaEngine(options)
    wire = await openWire({ brokers: kafka.bootstrap })
  })
  afterAll(async () => {
    wire.close()
    await engine.close()
    await writer.close()
    await kafka.stop()
    await redis.stop()
  })

  const leaderOf = async (topic: string, partition: number) => {
    await wire.metadata.topic(`${topicPrefix}${topic}`)
    await wire.metadata.refresh()
    const leader = wire.metadata.partition(`${topicPrefix}${topic}`, partition)?.leader
    const broker = kafka.brokers.find(({ id }) => id === leader)
    if (broker === undefined) throw new Error('nobody leads it')
    return broker
  }

  /** Appends until it is written: while a leader is looked for, some are refused. */
  const insist = async (topic: string, text: string) => {
    const message = { topic, partition: 0, key: null, value: Buffer.from(text), headers: {} }
    for (;;) {
      const written = await writer.log.append(message).then(
        ({ position }) => position.offset,
        () => undefined,
      )
      if (written !== undefined) return written
    }
  }

  test.each([
    ['killed with -9', 'SIGKILL'],
    ['frozen', 'SIGSTOP'],
  ] as const)(
    'a leader that is %s: who waits, who reads and who asks for bounds goes on at its successor',
    async (_, signal) => {
      const topic = `events.${signal.toLowerCase()}`
      await engine.log.ensureTopics([{ name: topic, partitions: 3, cleanup: 'keep' }])
      await insist(topic, 'before')
      const stop = new AbortController()
      const found: string[] = []
      const following = (async () => {
        for (let offset = 0; !stop.signal.aborted;) {
          const limits = { ...atOnce, waitMs: 30_000, signal: stop.signal }
          const page = await engine.log.read({ topic, partition: 0, offset }, limits)
          found.push(...page.messages.map(({ value }) => String(value)))
          offset = page.next
        }
      })()
      const leader = await leaderOf(topic, 0)
      if (signal === 'SIGKILL') await leader.kill()
      else process.kill(leader.pid, signal)
      const last = await insist(topic, 'after')
      const page = await engine.log.read({ topic, partition: 0, offset: last }, atOnce)
      expect(page.messages.map(({ value }) => String(value))).toEqual(['after'])
      expect(page).toMatchObject({ next: last + 1, end: last + 1 })
      expect((await engine.log.bounds(topic)).map(({ next }) => next)).toEqual([last + 1, 0, 0])
      while (!found.includes('after')) await new Promise((resolve) => setTimeout(resolve, 20))
      stop.abort()
      await following
      expect(new Set(found).size).toBe(2)
      if (signal === 'SIGKILL') await leader.start()
      else process.kill(leader.pid, 'SIGCONT')
      await expect(engine.log.read({ topic, partition: 0, offset: last + 2 }, atOnce)).rejects.toMatchObject({
        code: 'position-ahead',
      })
    },
  )
})
