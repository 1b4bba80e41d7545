import { randomUUID } from 'node:crypto'

import { expect, test } from '@jest/globals'
import type { Engine } from '@unavez/engine'
import { openKafkaEngine } from '@unavez/engine-kafka'
import { type LocalRedis, startRedis } from '@unavez/infra'
import { systemClock } from '@unavez/service-kit'

import { candidateOf, type Instance, openInstance, until } from '../../services/gateway/test/open-publishers.ts'

const brokers = process.env['KAFKA_BROKERS']
const budgetMs = 5000

interface Cluster {
  readonly redis: LocalRedis
  readonly one: Instance
  readonly two: Instance
  readonly close: () => Promise<void>
}

/** Two gateways' worth of publishing on Kafka, and a Redis of their own to lose. */
async function openCluster(kafka: string): Promise<Cluster> {
  const redis = await startRedis()
  const topicPrefix = `t${randomUUID().slice(0, 8)}.`
  const closing = new AbortController()
  const engines: Engine[] = []
  const open = async (): Promise<Instance> => {
    const options = { brokers: kafka.split(','), redisUrl: redis.url, topicPrefix, appendBudgetMs: budgetMs }
    const engine = await openKafkaEngine(options)
    engines.push(engine)
    return openInstance(engine, { clock: systemClock, closing: closing.signal, budgetMs })
  }
  const one = await open()
  const two = await open()
  return {
    redis,
    one,
    two,
    close: async () => {
      closing.abort()
      await Promise.all([one, two].map(({ index }) => index.close()))
      await Promise.all(engines.map((engine) => engine.close()))
      await redis.stop()
    },
  }
}

const complete = ({ one, two }: Cluster): Promise<void> =>
  until('both complete', () => [one, two].every(({ index }) => index.missing() === undefined), 60_000)

const codeOf = (instance: Instance, id: string): Promise<string> =>
  instance.publisher.publish(candidateOf(id, 'a', id)).then(
    () => 'accepted',
    (error: { code?: string }) => error.code ?? 'no problem of ours',
  )

const losses = [
  { how: 'flushed', lose: (redis: LocalRedis) => redis.flush() },
  {
    how: 'killed and started empty',
    lose: async (redis: LocalRedis) => {
      await redis.kill()
      await redis.start()
    },
  },
]

const onKafka = brokers === undefined ? [] : losses

test('P2: a Redis of their own is lost only where there is a Kafka', () => {
  expect(onKafka).toHaveLength(brokers === undefined ? 0 : 2)
})

for (const { how, lose } of onKafka)
  test(`P2: two gateways whose Redis is ${how} publish nothing twice, and every repeat gets its first answer`, async () => {
    const cluster = await openCluster(brokers ?? '')
    const { one, two, redis } = cluster
    try {
      await complete(cluster)
      const both = (i: number): Instance => (i % 2 === 0 ? one : two)
      const same = await Promise.all(
        Array.from({ length: 200 }, (_, i) => both(i).publisher.publish(candidateOf('same', 'a', 'same'))),
      )
      expect(new Set(same.map(({ position }) => position)).size).toBe(1)
      expect(same.filter(({ alreadyAccepted }) => !alreadyAccepted)).toHaveLength(1)
      const accepted = await Promise.all(
        Array.from({ length: 300 }, (_, i) => both(i).publisher.publish(candidateOf(`id-${i}`, 'a', `id-${i}`))),
      )
      await lose(redis)
      await until('the loss is noticed', async () => (await codeOf(one, 'fresh')) === 'rebuilding', 30_000)
      await complete(cluster)
      // Each asks the other one: what it accepted itself, it remembers.
      const again = await Promise.all(
        accepted.map(({ id }, i) => both(i + 1).publisher.publish(candidateOf(id, 'a', id))),
      )
      expect(again).toEqual(accepted.map((answer) => ({ ...answer, alreadyAccepted: true })))
      expect(await codeOf(two, 'fresh')).toBe('accepted')
    } finally {
      await cluster.close()
    }
  }, 180_000)
