import { describe, expect, test } from '@jest/globals'

import { limits } from '../limits.ts'
import type { Message } from '../log.ts'
import {
  aMessage,
  appendAll,
  aTopic,
  atOnce,
  type Bench,
  eventually,
  outcome,
  patiently,
  textOf,
  texts,
} from './bench.ts'

export function readTests(bench: Bench): void {
  const at = (topic: string, offset: number) => ({ topic, partition: 0, offset })

  describe('read', () => {
    test('an empty partition reads as empty, at its end', async () => {
      const topic = await aTopic(bench.engine)
      const page = await bench.engine.log.read(at(topic, 0), atOnce)
      expect(page).toEqual({ messages: [], next: 0, end: 0 })
    })

    test('pages of a few messages visit each message once, in order', async () => {
      const topic = await aTopic(bench.engine)
      await appendAll(bench.engine, topic, texts(100))
      const found: Message[] = []
      let offset = 0
      let end = 100
      while (offset < end) {
        const page = await bench.other.log.read(at(topic, offset), { ...atOnce, messages: 7 })
        expect(page.messages.length).toBeGreaterThan(0)
        expect(page.messages.length).toBeLessThanOrEqual(7)
        expect(page.next).toBeGreaterThan(page.messages.at(-1)?.offset ?? offset)
        found.push(...page.messages)
        offset = page.next
        end = page.end
      }
      expect(found.map(textOf)).toEqual(texts(100))
    })

    test('a page ends near its limit of bytes, but holds at least one message', async () => {
      const topic = await aTopic(bench.engine)
      const value = Buffer.alloc(50_000)
      await Promise.all(texts(60).map((text) => bench.engine.log.append(aMessage(topic, text, { value }))))
      const page = await bench.engine.log.read(at(topic, 0), { ...atOnce, bytes: 100_000 })
      expect(page.messages.length).toBeLessThan(40)
      const least = await bench.engine.log.read(at(topic, 0), { ...atOnce, bytes: 1 })
      expect(least.messages.length).toBeGreaterThan(0)
      expect(least.next).toBeLessThan(least.end)
    })

    test('a read at the end answers at once when it may not wait', async () => {
      const topic = await aTopic(bench.engine)
      const [last] = (await appendAll(bench.engine, topic, ['only'])).slice(-1)
      const next = (last?.position.offset ?? 0) + 1
      expect(await bench.engine.log.read(at(topic, next), atOnce)).toEqual({ messages: [], next, end: next })
    })

    test('a waiting read is woken by an append of another instance', async () => {
      const topic = await aTopic(bench.engine)
      const waiting = bench.engine.log.read(at(topic, 0), patiently)
      await bench.other.log.append(aMessage(topic, 'news'))
      const page = await waiting
      expect(page.messages.map(textOf)).toEqual(['news'])
      expect(page.end).toBeGreaterThanOrEqual(page.next)
    })

    test('many waiting reads are each woken by their own partition', async () => {
      const topic = await aTopic(bench.engine, { partitions: limits.partitions })
      const partitions = texts(limits.partitions).map(Number)
      const waiting = partitions.flatMap((partition) =>
        [bench.engine, bench.other].map(({ log }) => log.read({ topic, partition, offset: 0 }, patiently)),
      )
      await Promise.all(
        partitions.map((partition) => bench.engine.log.append(aMessage(topic, `${partition}`, { partition }))),
      )
      const pages = await Promise.all(waiting)
      expect(pages.map(({ messages }) => messages.map(textOf).join())).toEqual(
        partitions.flatMap((partition) => [`${partition}`, `${partition}`]),
      )
    })

    test('a wait ends by itself with an empty page', async () => {
      const topic = await aTopic(bench.engine)
      const page = await bench.engine.log.read(at(topic, 0), { ...atOnce, waitMs: 50 })
      expect(page).toEqual({ messages: [], next: 0, end: 0 })
    })

    test('a signal ends a wait early with an empty page', async () => {
      const topic = await aTopic(bench.engine)
      const stopping = new AbortController()
      const waiting = bench.engine.log.read(at(topic, 0), { ...patiently, signal: stopping.signal })
      stopping.abort()
      expect((await waiting).messages).toEqual([])
      const late = await bench.engine.log.read(at(topic, 0), { ...patiently, signal: stopping.signal })
      expect(late.messages).toEqual([])
    })

    test('the end is the one known when the answer is made, not when it was asked for', async () => {
      const topic = await aTopic(bench.engine)
      const waiting = bench.engine.log.read(at(topic, 0), { ...patiently, messages: 1 })
      await appendAll(bench.engine, topic, texts(3))
      const page = await waiting
      expect(page.messages).toHaveLength(1)
      expect(page.end).toBeGreaterThanOrEqual(page.next)
      await eventually(async () => (await bench.engine.log.read(at(topic, page.next), atOnce)).end === 3)
    })

    test('an offset behind the end is refused', async () => {
      const topic = await aTopic(bench.engine)
      await appendAll(bench.engine, topic, texts(3))
      expect(await outcome(bench.engine.log.read(at(topic, 4), atOnce))).toBe('position-ahead')
      expect(await outcome(bench.engine.log.read(at(topic, 4), patiently))).toBe('position-ahead')
    })

    test('P5: a reader in a hurry leaves their turns to others', async () => {
      const topic = await aTopic(bench.engine)
      // Somebody has waited here: what is news is at hand in memory.
      const news = bench.engine.log.read(at(topic, 0), patiently)
      await appendAll(bench.engine, topic, texts(3))
      await news
      let pages = 0
      let waited = true
      setTimeout(() => (waited = false), 0)
      for (; waited && pages < 20_000; pages++) await bench.engine.log.read(at(topic, 0), atOnce)
      expect(pages).toBeLessThan(20_000)
    })

    test('a reader that follows while others append sees every message once, in order', async () => {
      const topic = await aTopic(bench.engine)
      const found: string[] = []
      const following = (async () => {
        for (let offset = 0; found.length < 400;) {
          const page = await bench.other.log.read(at(topic, offset), { ...patiently, messages: 50 })
          found.push(...page.messages.map(textOf))
          offset = page.next
        }
      })()
      for (let round = 0; round < 8; round++) {
        const all = texts(400).slice(round * 50, (round + 1) * 50)
        await appendAll(bench.engine, topic, all)
      }
      await following
      expect(found).toEqual(texts(400))
    })
  })
}
