import { randomBytes } from 'node:crypto'

import { describe, expect, test } from '@jest/globals'

import { limits } from '../limits.ts'
import { aMessage, appendAll, aTopic, atOnce, type Bench, outcome, readAll, textOf, texts } from './bench.ts'

export function appendTests(bench: Bench): void {
  describe('append', () => {
    test('P1: what was acknowledged is read by every instance at once', async () => {
      const topic = await aTopic(bench.engine)
      const { position, appendedAt } = await bench.engine.log.append(aMessage(topic, 'a birth'))
      for (const instance of [bench.engine, bench.other]) {
        const page = await instance.log.read(position, atOnce)
        expect(page.messages.map(textOf)).toEqual(['a birth'])
        expect(page.messages[0]).toMatchObject(position)
        expect(page.messages[0]?.appendedAt).toEqual(appendedAt)
      }
    })

    test('appends made one after the other land in that order', async () => {
      const topic = await aTopic(bench.engine)
      const offsets: number[] = []
      for (const text of texts(20)) {
        offsets.push((await bench.engine.log.append(aMessage(topic, text))).position.offset)
      }
      expect(offsets).toEqual(offsets.toSorted((a, b) => a - b))
      expect((await readAll(bench.other, topic)).map(textOf)).toEqual(texts(20))
    })

    test('appends made together land in the order of the calls, and each is told its own place', async () => {
      const topic = await aTopic(bench.engine)
      const answers = await appendAll(bench.engine, topic, texts(2_000))
      const found = await readAll(bench.engine, topic)
      expect(found.map(textOf)).toEqual(texts(2_000))
      expect(answers.map(({ position }) => position.offset)).toEqual(found.map(({ offset }) => offset))
      expect(new Set(found.map(({ offset }) => offset)).size).toBe(2_000)
    })

    test('partitions filled together keep their own order each', async () => {
      const topic = await aTopic(bench.engine, { partitions: limits.partitions })
      const calls = texts(1_200).map((text, index) =>
        bench.engine.log.append(aMessage(topic, text, { partition: index % limits.partitions })),
      )
      await Promise.all(calls)
      for (let partition = 0; partition < limits.partitions; partition++) {
        const expected = texts(1_200).filter((_, index) => index % limits.partitions === partition)
        expect((await readAll(bench.other, topic, partition)).map(textOf)).toEqual(expected)
      }
    })

    test('two instances that append at once each keep their order, and no place is given twice', async () => {
      const topic = await aTopic(bench.engine)
      const [ours, theirs] = await Promise.all([
        appendAll(bench.engine, topic, texts(300, 'ours')),
        appendAll(bench.other, topic, texts(300, 'theirs')),
      ])
      const found = (await readAll(bench.engine, topic)).map(textOf)
      expect(found.filter((text) => text.startsWith('ours'))).toEqual(texts(300, 'ours'))
      expect(found.filter((text) => text.startsWith('theirs'))).toEqual(texts(300, 'theirs'))
      expect(new Set([...ours, ...theirs].map(({ position }) => position.offset)).size).toBe(600)
    })

    test('keys, values and headers come back byte for byte, null and empty apart', async () => {
      const topic = await aTopic(bench.engine)
      const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
      const written = [
        { key: null, value: null, headers: {} },
        { key: Buffer.alloc(0), value: Buffer.alloc(0), headers: { empty: Buffer.alloc(0) } },
        { key: every, value: every, headers: { salt: randomBytes(16), ce_id: every } },
        { key: Buffer.from('niñez'), value: Buffer.from('{"ñ":"😀"}'), headers: { 'x-ñ': Buffer.from('á') } },
      ]
      await Promise.all(written.map((content) => bench.engine.log.append({ topic, partition: 0, ...content })))
      const found = await readAll(bench.other, topic)
      expect(found.map(({ key, value, headers }) => ({ key, value, headers: { ...headers } }))).toEqual(written)
    })

    test('a message beyond the limit is refused alone; its neighbours are written', async () => {
      const topic = await aTopic(bench.engine)
      const oversized = { key: null, value: Buffer.alloc(limits.messageBytes + 1) }
      const calls = [
        bench.engine.log.append(aMessage(topic, 'before')),
        bench.engine.log.append(aMessage(topic, '', oversized)),
        bench.engine.log.append(aMessage(topic, 'after')),
      ]
      expect(await Promise.all(calls.map(outcome))).toEqual(['fulfilled', 'message-too-large', 'fulfilled'])
      expect((await readAll(bench.engine, topic)).map(textOf)).toEqual(['before', 'after'])
    })

    test('a message of exactly the limit is written', async () => {
      const topic = await aTopic(bench.engine)
      const value = randomBytes(limits.messageBytes)
      await bench.engine.log.append(aMessage(topic, '', { key: null, value }))
      const [found] = await readAll(bench.other, topic)
      expect(found?.value?.equals(value)).toBe(true)
    })

    test('a header given as text comes back as its UTF-8', async () => {
      const topic = await aTopic(bench.engine)
      const headers = { empty: '', plain: 'ce', 'x-ñ': 'niñez 😀', bytes: Buffer.from([0, 255]) }
      await bench.engine.log.append(aMessage(topic, 'text', { headers }))
      const [message] = await readAll(bench.other, topic)
      expect({ ...message?.headers }).toEqual({
        empty: Buffer.alloc(0),
        plain: Buffer.from('ce'),
        'x-ñ': Buffer.from('niñez 😀'),
        bytes: headers.bytes,
      })
    })

    test('key and headers count towards the limit', async () => {
      const topic = await aTopic(bench.engine)
      const third = Buffer.alloc(limits.messageBytes / 2)
      const heavy = { key: third, value: third, headers: { more: Buffer.alloc(10) } }
      expect(await outcome(bench.engine.log.append({ topic, partition: 0, ...heavy }))).toBe('message-too-large')
    })

    test('the log’s clock never runs backwards within a partition', async () => {
      const topic = await aTopic(bench.engine)
      for (let round = 0; round < 5; round++) await appendAll(bench.engine, topic, texts(20))
      const times = (await readAll(bench.engine, topic)).map(({ appendedAt }) => appendedAt.getTime())
      expect(times).toEqual(times.toSorted((a, b) => a - b))
    })

    test('the lower bound of the next offset is known without asking, and holds', async () => {
      const topic = await aTopic(bench.engine)
      const partition = { topic, partition: 0 }
      expect(bench.engine.log.lowerBound(partition)).toBe(0)
      await appendAll(bench.engine, topic, texts(5))
      const bound = bench.engine.log.lowerBound(partition)
      const { position } = await bench.other.log.append(aMessage(topic, 'later'))
      expect(bound).toBeGreaterThanOrEqual(5)
      expect(position.offset).toBeGreaterThanOrEqual(bound)
      const page = await bench.engine.log.read(position, atOnce)
      expect(bench.engine.log.lowerBound(partition)).toBeGreaterThanOrEqual(page.next)
    })
  })
}
