import { describe, expect, test } from '@jest/globals'

import { limits } from '../limits.ts'
import {
  aborted,
  aMessage,
  appendAll,
  aTopic,
  atOnce,
  type Bench,
  eventually,
  outcome,
  patiently,
  readAll,
  textOf,
  texts,
  unique,
} from './bench.ts'

export function misbehaviourTests(bench: Bench): void {
  const at = (topic: string, offset: number) => ({ topic, partition: 0, offset })

  describe('misbehaviour', () => {
    test('the next appends to a topic have the outcomes asked for, later ones none', async () => {
      const topic = await aTopic(bench.engine)
      bench.misbehaviour.appendOutcomes(topic, ['not-written', 'unknown-written', 'unknown-lands-later'])
      const calls = texts(4).map((text) => outcome(bench.engine.log.append(aMessage(topic, text))))
      expect(await Promise.all(calls)).toEqual(['not-written', 'unknown', 'unknown', 'fulfilled'])
      expect((await readAll(bench.engine, topic)).map(textOf)).toEqual(['1', '3'])
      await bench.misbehaviour.land()
      expect((await readAll(bench.engine, topic)).map(textOf)).toEqual(['1', '3', '2'])
      await bench.misbehaviour.land()
      expect(await readAll(bench.engine, topic)).toHaveLength(3)
    })

    test('an engine out of reach refuses everything, says so, and comes back', async () => {
      const topic = await aTopic(bench.engine)
      const key = unique('key')
      const { log, registers, views, volatile } = bench.engine
      bench.misbehaviour.unreachable(true)
      try {
        expect(bench.engine.ailments()).not.toEqual([])
        expect(await outcome(log.append(aMessage(topic, 'lost')))).toBe('not-written')
        expect(await outcome(log.read(at(topic, 0), atOnce))).toBe('unavailable')
        expect(await outcome(log.bounds(topic))).toBe('unavailable')
        expect(await outcome(registers.put(key, Buffer.from('lost')))).toBe('not-written')
        expect(await outcome(registers.get(key))).toBe('unavailable')
        expect(await outcome(views.write([], { source: key, from: 0, next: 1 }))).toBe('unavailable')
        expect(await outcome(views.checkpoint(key))).toBe('unavailable')
        expect(await outcome(volatile.claim(key, Buffer.from('lost'), { ttlMs: 60_000 }))).toBe('unavailable')
        const many = [{ key, value: Buffer.from('lost') }]
        expect(await outcome(volatile.claimMany(many, { ttlMs: 60_000 }))).toBe('unavailable')
        expect(await outcome(views.getMany([{ view: key, partition: '', sort: '' }]))).toBe('unavailable')
      } finally {
        bench.misbehaviour.unreachable(false)
      }
      expect(bench.engine.ailments()).toEqual([])
      expect(await readAll(bench.engine, topic)).toEqual([])
      expect(await registers.get(key)).toBeUndefined()
      expect(await views.checkpoint(key)).toBe(0)
      expect((await volatile.claim(key, Buffer.from('mine'), { ttlMs: 60_000 })).held).toBeNull()
    })

    test('a wait under way ends when the engine goes out of reach', async () => {
      const topic = await aTopic(bench.engine)
      const waiting = outcome(bench.engine.log.read(at(topic, 0), patiently))
      bench.misbehaviour.unreachable(true)
      expect(await waiting).toBe('unavailable')
      bench.misbehaviour.unreachable(false)
    })

    test('every partition can have two owners for a while, of members that join meanwhile too', async () => {
      const topic = await aTopic(bench.engine, { partitions: limits.partitions })
      const running = Array.from({ length: limits.partitions }, () => 0)
      const add = (partition: number, change: number) => {
        running[partition] = (running[partition] ?? 0) + change
      }
      const group = unique('group')
      const join = () =>
        bench.engine.log.own(group, [topic], async ({ partition }, signal) => {
          add(partition, 1)
          await aborted(signal)
          add(partition, -1)
        })
      const first = await join()
      await eventually(() => running.every((count) => count === 1))
      await bench.misbehaviour.twoOwners(true)
      await eventually(() => running.every((count) => count === 2))
      const second = await join()
      await eventually(() => second.owned().length > 0 && running.every((count) => count === 2))
      await bench.misbehaviour.twoOwners(false)
      await eventually(() => running.every((count) => count === 1))
      await Promise.all([first.close(), second.close()])
      expect(running.every((count) => count === 0)).toBe(true)
    })

    test('a rebalance stops all work and starts it again', async () => {
      const topic = await aTopic(bench.engine, { partitions: 3 })
      let starts = 0
      let ends = 0
      const owning = await bench.engine.log.own(unique('group'), [topic], async (_, signal) => {
        starts++
        await aborted(signal)
        ends++
      })
      await eventually(() => starts === 3)
      await bench.misbehaviour.rebalance()
      await eventually(() => starts === 6 && ends === 3)
      await owning.close()
      expect(ends).toBe(6)
    })

    test('views go back to the copy that was kept, their checkpoints with them', async () => {
      const view = unique('view')
      const source = unique('source')
      const row = (sort: string) => ({ view, partition: 'p', sort, value: Buffer.from(sort) })
      await bench.engine.views.write([row('old')], { source, from: 0, next: 5 })
      await bench.misbehaviour.keepViews()
      await bench.engine.views.write([row('new'), { ...row('old'), value: null }], { source, from: 5, next: 9 })
      await bench.misbehaviour.rollBackViews()
      const list = await bench.engine.views.list({ view, partition: 'p' }, { limit: 10 })
      expect(list.map(({ sort }) => sort)).toEqual(['old'])
      expect(await bench.engine.views.checkpoint(source)).toBe(5)
      await bench.misbehaviour.rollBackViews()
      expect(await bench.engine.views.checkpoint(source)).toBe(0)
    })

    test('lost volatile state is gone, kept claims too, and another memory answers', async () => {
      const [key, kept] = [unique('claim'), unique('claim')]
      const { volatile } = bench.engine
      const before = await volatile.memory()
      await volatile.claim(key, Buffer.from('mine'), { ttlMs: 600_000 })
      const first = await volatile.claim(kept, Buffer.from('mine'), { ttlMs: 600_000, kept: true })
      await bench.misbehaviour.loseVolatile()
      const after = await volatile.memory()
      expect(after.id).not.toBe(before.id)
      expect(after.since.getTime()).toBeGreaterThanOrEqual(before.since.getTime())
      expect(await volatile.get(key)).toBeUndefined()
      const again = await volatile.claim(kept, Buffer.from('yours'), { ttlMs: 600_000, kept: true })
      expect(again.held).toBeNull()
      expect(again.memory.id).not.toBe(first.memory.id)
      expect(again.memory.since.getTime()).toBeGreaterThanOrEqual(before.since.getTime())
    })

    test('a frozen topic shows nothing newer while its end stays honest, and thaws', async () => {
      const topic = await aTopic(bench.engine)
      await appendAll(bench.engine, topic, ['seen'])
      bench.misbehaviour.freeze(topic, true)
      await appendAll(bench.engine, topic, ['unseen'])
      const page = await bench.engine.log.read(at(topic, 0), atOnce)
      expect(page.messages.map(textOf)).toEqual(['seen'])
      expect(page).toMatchObject({ next: 1, end: 2 })
      const waiting = bench.engine.log.read(at(topic, 1), patiently)
      bench.misbehaviour.freeze(topic, false)
      expect((await waiting).messages.map(textOf)).toEqual(['unseen'])
    })
  })
}
