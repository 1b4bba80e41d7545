import { describe, expect, test } from '@jest/globals'

import { limits } from '../limits.ts'
import { aMessage, aTopic, atOnce, type Bench, outcome, unique } from './bench.ts'

export function topicTests(bench: Bench): void {
  describe('topics', () => {
    test('asking again for the same topics changes nothing', async () => {
      const topic = await aTopic(bench.engine, { partitions: 3 })
      const { position } = await bench.engine.log.append(aMessage(topic, 'kept', { partition: 2 }))
      await bench.other.log.ensureTopics([{ name: topic, partitions: 3, cleanup: 'keep' }])
      const page = await bench.engine.log.read(position, atOnce)
      expect(page.messages).toHaveLength(1)
      expect(await bench.engine.log.bounds(topic)).toHaveLength(3)
    })

    test('any number of instances may ask for the same new topics at once', async () => {
      const topics = [1, limits.partitions].map((partitions) => ({
        name: unique('conformance'),
        partitions,
        cleanup: 'keep' as const,
      }))
      const instances = [bench.engine, bench.other, bench.engine, bench.other]
      await Promise.all(instances.map((instance) => instance.log.ensureTopics(topics)))
      for (const { name, partitions } of topics) {
        const bounds = await bench.other.log.bounds(name)
        expect(bounds.map((one) => one.partition)).toEqual(Array.from({ length: partitions }, (_, index) => index))
      }
    })

    test('a topic with another partition count is refused', async () => {
      const topic = await aTopic(bench.engine, { partitions: 2 })
      const asked = [{ name: topic, partitions: 3, cleanup: 'keep' as const }]
      expect(await outcome(bench.engine.log.ensureTopics(asked))).toBe('cannot-start')
      expect(await outcome(bench.other.log.ensureTopics(asked))).toBe('cannot-start')
      expect(await bench.engine.log.bounds(topic)).toHaveLength(2)
    })

    test('a topic with another cleanup is refused', async () => {
      const topic = await aTopic(bench.engine, { cleanup: 'compact' })
      const asked = [{ name: topic, partitions: 1, cleanup: 'keep' as const }]
      expect(await outcome(bench.engine.log.ensureTopics(asked))).toBe('cannot-start')
    })

    test('nothing but ensureTopics ever makes a topic', async () => {
      const topic = unique('nowhere')
      const { log } = bench.engine
      for (let round = 0; round < 2; round++) {
        expect(await outcome(log.append(aMessage(topic, 'lost')))).toBe('unknown-topic')
        expect(await outcome(log.read({ topic, partition: 0, offset: 0 }, atOnce))).toBe('unknown-topic')
        expect(await outcome(log.bounds(topic))).toBe('unknown-topic')
        expect(await outcome(log.trim({ topic, partition: 0 }, 0))).toBe('unknown-topic')
        expect(await outcome(log.own(unique('group'), [topic], async () => undefined))).toBe('unknown-topic')
      }
    })

    test('a partition that the topic does not have is refused', async () => {
      const topic = await aTopic(bench.engine, { partitions: 2 })
      const { log } = bench.engine
      expect(await outcome(log.append(aMessage(topic, 'lost', { partition: 2 })))).toBe('unknown-topic')
      expect(await outcome(log.read({ topic, partition: 2, offset: 0 }, atOnce))).toBe('unknown-topic')
    })

    test('a compacted topic keeps at least the latest message of each key', async () => {
      const topic = await aTopic(bench.engine, { cleanup: 'compact' })
      const written = ['a', 'b', 'a', 'a', 'b'].map((key, index) =>
        bench.engine.log.append(aMessage(topic, `${key}${index}`, { key: Buffer.from(key) })),
      )
      await Promise.all(written)
      const page = await bench.other.log.read({ topic, partition: 0, offset: 0 }, atOnce)
      const latest = new Map(page.messages.map(({ key, value }) => [key?.toString(), value?.toString()]))
      expect(latest).toEqual(
        new Map([
          ['a', 'a3'],
          ['b', 'b4'],
        ]),
      )
    })
  })
}
