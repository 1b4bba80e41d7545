import { afterEach, describe, expect, test } from '@jest/globals'
import type { EngineError, NewMessage } from '@unavez/engine'

import { openProducer, type Producer } from '../src/produce.ts'
import type { Wire } from '../src/wire/index.ts'

/** A cluster of which no partition is led: what is appended waits. */
const leaderless = {
  metadata: {
    partition: () => ({ leader: -1, replicas: [], inSync: [] }),
    refresh: () => Promise.resolve(),
  },
} as unknown as Wire

const megabyte = Buffer.alloc(1_000_000)
const message = (topic: string): NewMessage => ({ topic, partition: 0, key: null, value: megabyte, headers: {} })
const code = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'fulfilled',
    (error: EngineError) => error.code,
  )

describe('appends to partitions that nobody leads', () => {
  let producer: Producer

  const open = (appendBudgetMs: number): void => {
    producer = openProducer({ wire: leaderless, topicPrefix: '', appendBudgetMs, onAcknowledged: () => undefined })
  }
  afterEach(() => producer.close())

  test('P14: beyond a bounded number of bytes they are refused at once, in this lane alone', async () => {
    open(60_000)
    const waiting = Array.from({ length: 63 }, () => code(producer.append(message('events.civil'))))
    expect(await code(producer.append(message('events.tax')))).toBe('not-written')
    const control = code(producer.append(message('control')))
    expect(await Promise.race([control, Promise.resolve('waits')])).toBe('waits')
    await producer.close()
    expect(new Set(await Promise.all([...waiting, control]))).toEqual(new Set(['not-written']))
  })

  test('they are refused as not written within the budget, and an ailment says why meanwhile', async () => {
    open(300)
    const began = performance.now()
    const waiting = [1, 2, 3].map(() => code(producer.append(message('events.civil'))))
    expect(producer.ailments()).toEqual([
      'Appends to events.civil/0 are being tried again: events.civil/0 has no leader.',
    ])
    expect(await Promise.all(waiting)).toEqual(['not-written', 'not-written', 'not-written'])
    expect(performance.now() - began).toBeGreaterThan(200)
    expect(producer.ailments()).toEqual([])
  })

  test('after closing they are refused as closed', async () => {
    open(300)
    await producer.close()
    expect(await code(producer.append(message('events.civil')))).toBe('closed')
  })
})
