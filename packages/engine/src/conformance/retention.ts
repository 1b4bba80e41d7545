import { describe, expect, test } from '@jest/globals'

import { EngineError } from '../errors.ts'
import {
  aMessage,
  appendAll,
  aTopic,
  atOnce,
  type Bench,
  eventually,
  outcome,
  readAll,
  textOf,
  texts,
} from './bench.ts'

export function retentionTests(bench: Bench): void {
  const only = async (topic: string, at?: Date) => {
    const [bounds, ...more] = await bench.engine.log.bounds(topic, at)
    expect(more).toEqual([])
    return bounds
  }

  describe('bounds', () => {
    test('a partition begins empty', async () => {
      const topic = await aTopic(bench.engine, { partitions: 2 })
      expect(await bench.other.log.bounds(topic)).toEqual([
        { topic, partition: 0, first: 0, next: 0, atTime: 0 },
        { topic, partition: 1, first: 0, next: 0, atTime: 0 },
      ])
    })

    test('bounds grow with what is appended', async () => {
      const topic = await aTopic(bench.engine, { partitions: 2 })
      await appendAll(bench.engine, topic, texts(4))
      const [zero, one] = await bench.other.log.bounds(topic)
      expect(zero).toEqual({ topic, partition: 0, first: 0, next: 4, atTime: 0 })
      expect(one).toMatchObject({ partition: 1, next: 0 })
    })

    test('a time leads to the first message appended at or after it', async () => {
      const topic = await aTopic(bench.engine)
      const early = await bench.engine.log.append(aMessage(topic, 'early'))
      let late = await bench.engine.log.append(aMessage(topic, 'late'))
      await eventually(async () => {
        if (late.appendedAt > early.appendedAt) return true
        late = await bench.engine.log.append(aMessage(topic, 'late'))
        return late.appendedAt > early.appendedAt
      })
      const after = late.appendedAt.getTime()
      expect(await only(topic, new Date(0))).toMatchObject({ atTime: 0 })
      expect(await only(topic, late.appendedAt)).toMatchObject({ atTime: late.position.offset })
      expect(await only(topic, new Date(after + 3_600_000))).toMatchObject({ atTime: late.position.offset + 1 })
    })
  })

  describe('trim', () => {
    test('P16: what was trimmed is gone, the rest stands', async () => {
      const topic = await aTopic(bench.engine, { partitions: 2 })
      await appendAll(bench.engine, topic, texts(10))
      await bench.engine.log.append(aMessage(topic, 'untouched', { partition: 1 }))
      await bench.engine.log.trim({ topic, partition: 0 }, 4)
      const [zero, one] = await bench.other.log.bounds(topic)
      expect(zero).toMatchObject({ first: 4, next: 10, atTime: 4 })
      expect(one).toMatchObject({ first: 0, next: 1 })
      expect((await readAll(bench.other, topic)).map(textOf)).toEqual(texts(10).slice(4))
    })

    test('a reader behind the trim is told where to go on', async () => {
      const topic = await aTopic(bench.engine)
      await appendAll(bench.engine, topic, texts(10))
      await bench.engine.log.trim({ topic, partition: 0 }, 6)
      const error: unknown = await bench.engine.log.read({ topic, partition: 0, offset: 5 }, atOnce).catch((e) => e)
      expect(error).toBeInstanceOf(EngineError)
      expect(error).toMatchObject({ code: 'position-gone', first: 6 })
    })

    test('offsets are not used again after everything was trimmed', async () => {
      const topic = await aTopic(bench.engine)
      await appendAll(bench.engine, topic, texts(5))
      await bench.engine.log.trim({ topic, partition: 0 }, 5)
      expect(await only(topic)).toMatchObject({ first: 5, next: 5 })
      const page = await bench.other.log.read({ topic, partition: 0, offset: 5 }, atOnce)
      expect(page).toEqual({ messages: [], next: 5, end: 5 })
      const { position } = await bench.other.log.append(aMessage(topic, 'next'))
      expect(position.offset).toBe(5)
    })

    test('trimming to an earlier place changes nothing', async () => {
      const topic = await aTopic(bench.engine)
      await appendAll(bench.engine, topic, texts(5))
      await bench.engine.log.trim({ topic, partition: 0 }, 3)
      await bench.engine.log.trim({ topic, partition: 0 }, 1)
      expect(await only(topic)).toMatchObject({ first: 3, next: 5 })
    })

    test('trimming behind the end is refused', async () => {
      const topic = await aTopic(bench.engine)
      await appendAll(bench.engine, topic, texts(2))
      expect(await outcome(bench.engine.log.trim({ topic, partition: 0 }, 3))).toBe('position-ahead')
      expect(await only(topic)).toMatchObject({ first: 0, next: 2 })
    })
  })
}
