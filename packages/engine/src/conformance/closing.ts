import { describe, expect, test } from '@jest/globals'

import {
  aborted,
  aMessage,
  aTopic,
  atOnce,
  type Bench,
  eventually,
  outcome,
  patiently,
  texts,
  unique,
} from './bench.ts'

export function closingTests(bench: Bench): void {
  describe('close', () => {
    test('a fit engine has no ailments', () => {
      expect(bench.engine.ailments()).toEqual([])
    })

    test('waits end, and what is under way is answered or refused', async () => {
      const opened = await bench.open()
      const { engine } = opened
      const topic = await aTopic(engine)
      const waiting = outcome(engine.log.read({ topic, partition: 0, offset: 0 }, patiently))
      const appends = texts(50).map((text) => outcome(engine.log.append(aMessage(topic, text))))
      await engine.close()
      expect(['fulfilled', 'closed']).toContain(await waiting)
      for (const answer of await Promise.all(appends)) {
        expect(['fulfilled', 'not-written', 'unknown', 'closed']).toContain(answer)
      }
      await opened.close()
    })

    test('owners are told to stop, and have stopped when it is closed', async () => {
      const opened = await bench.open()
      const topic = await aTopic(opened.engine, { partitions: 3 })
      let working = 0
      await opened.engine.log.own(unique('group'), [topic], async (_, signal) => {
        working++
        await aborted(signal)
        await new Promise((resolve) => setImmediate(resolve))
        working--
      })
      await eventually(() => working === 3)
      await opened.engine.close()
      expect(working).toBe(0)
      await opened.close()
    })

    test('after it every port refuses, and closing again is safe', async () => {
      const opened = await bench.open()
      const { engine } = opened
      const { log, registers, views, volatile } = engine
      const topic = await aTopic(engine)
      await engine.close()
      await engine.close()
      const partition = { topic, partition: 0 }
      const calls = {
        ensureTopics: log.ensureTopics([{ name: topic, partitions: 1, cleanup: 'keep' }]),
        append: log.append(aMessage(topic, 'late')),
        read: log.read({ ...partition, offset: 0 }, atOnce),
        bounds: log.bounds(topic),
        trim: log.trim(partition, 0),
        own: log.own('late', [topic], async () => undefined),
        registerGet: registers.get('late'),
        put: registers.put('late', Buffer.alloc(1)),
        compareAndPut: registers.compareAndPut('late', undefined, Buffer.alloc(1)),
        destroy: registers.destroy('late'),
        viewGet: views.get({ view: 'late', partition: '', sort: '' }),
        getMany: views.getMany([{ view: 'late', partition: '', sort: '' }]),
        list: views.list({ view: 'late', partition: '' }, { limit: 1 }),
        write: views.write([], { source: 'late', from: 0, next: 1 }),
        checkpoint: views.checkpoint('late'),
        claim: volatile.claim('late', Buffer.alloc(1), { ttlMs: 1_000 }),
        claimMany: volatile.claimMany([{ key: 'late', value: Buffer.alloc(1) }], { ttlMs: 1_000 }),
        volatileGet: volatile.get('late'),
        count: volatile.count('late', 1, 1_000),
        memory: volatile.memory(),
      }
      const answers = await Promise.all(
        Object.entries(calls).map(async ([call, promise]) => [call, await outcome(promise)] as const),
      )
      expect(Object.fromEntries(answers)).toEqual(
        Object.fromEntries(Object.keys(calls).map((call) => [call, 'closed'])),
      )
      await opened.close()
    })
  })
}
