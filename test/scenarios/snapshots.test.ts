import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, test } from '@jest/globals'
import type { Engine } from '@unavez/engine'
import { openEmbeddedEngine } from '@unavez/engine-embedded'
import { openKafkaEngine } from '@unavez/engine-kafka'
import { openControl, openKeys, systemClock } from '@unavez/service-kit'

const brokers = process.env['KAFKA_BROKERS']

const engines: readonly { readonly name: string; readonly open: (directory: string) => Promise<Engine> }[] = [
  { name: 'embedded', open: (directory) => openEmbeddedEngine({ directory }) },
  ...(brokers === undefined
    ? []
    : [
        {
          name: 'kafka',
          open: () =>
            openKafkaEngine({
              brokers: brokers.split(','),
              redisUrl: process.env['REDIS_URL'] ?? '',
              topicPrefix: `t${randomUUID().slice(0, 8)}.`,
            }),
        },
      ]),
]

const joined = (id: string) => ({
  type: 'institution-joined' as const,
  aggregate: `institution:${id}`,
  id,
  name: { es: id, en: id },
  country: 'PA',
})

describe.each(engines)('Snapshots of policy ($name)', ({ open }) => {
  test('whoever starts takes the newest one, and reads the rest of control alone', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'unavez-'))
    const engine = await open(directory)
    const made = Promise.withResolvers<number>()
    const info = (told: object): void => made.resolve('offset' in told ? Number(told.offset) : 0)
    const log = { info, warn: () => undefined, error: () => undefined }
    const common = { keys: openKeys(randomBytes(32)), clock: systemClock, leaseMs: 1000, log }
    const closing = new AbortController().signal
    const snapshots = { every: 8, jitterMs: 0, pauseMs: 0 }
    const one = await openControl({ ...common, engine, closing, snapshots })
    const by = { institution: 'operator', system: 'admin' }
    for (let n = 0; n < 20; n++) {
      const decide = () => ({ facts: [joined(`i${n}`)], reads: [] })
      await one.submit({ command: `c${n}`, hash: 'h', by, decide })
    }
    const offset = await made.promise
    await one.close()
    const from: number[] = []
    const reading: Engine['log'] = {
      ensureTopics: (topics) => engine.log.ensureTopics(topics),
      append: (message) => engine.log.append(message),
      bounds: (topic, at) => engine.log.bounds(topic, at),
      lowerBound: (partition) => engine.log.lowerBound(partition),
      trim: (partition, before) => engine.log.trim(partition, before),
      own: (group, topics, work) => engine.log.own(group, topics, work),
      async read(position, limits) {
        if (limits.messages > 1) from.push(position.offset)
        return engine.log.read(position, limits)
      },
    }
    const two = await openControl({ ...common, engine: { log: reading, views: engine.views }, closing })
    expect(Math.min(...from)).toBeGreaterThanOrEqual(offset)
    expect(two.policy.institutions().map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, n) => `i${n}`))
    expect(two.policy.outcome('c0')).toEqual(one.policy.outcome('c0'))
    await two.close()
    await engine.close()
    await rm(directory, { recursive: true, force: true })
  })
})
