import { describe, expect, test } from '@jest/globals'
import { EngineError, type Volatile } from '@unavez/engine'
import { type Clock, systemClock } from '@unavez/service-kit'

import { Intake } from '../src/intake.ts'
import { Quota } from '../src/quota.ts'

/** Counters that several instances share, and how often they were asked. */
function counters() {
  const sums = new Map<string, number>()
  const asked: string[] = []
  const volatile: Pick<Volatile, 'count'> = {
    count: (key, amount) => {
      asked.push(key)
      sums.set(key, (sums.get(key) ?? 0) + amount)
      return Promise.resolve(sums.get(key) ?? 0)
    },
  }
  return { volatile, asked }
}

const time = { seconds: 1000 }
const clock: Clock = { now: () => new Date(time.seconds * 1000), monotonic: () => systemClock.monotonic() }
const settle = () => new Promise((resolve) => setImmediate(resolve))

function take(quota: Quota, events: number): number {
  for (let taken = 0; ; taken += 1) {
    if (taken === events) return taken
    try {
      quota.take('te', 1)
    } catch {
      return taken
    }
  }
}

describe('quota', () => {
  test('P14: an institution over its quota is refused until the next second, another one is not', async () => {
    const { volatile } = counters()
    const quota = new Quota({ volatile, clock, perSecond: 100, step: 10 })
    expect(take(quota, 150)).toBe(100)
    expect(() => quota.take('te', 1)).toThrow(expect.objectContaining({ code: 'quota-exceeded' }))
    expect(() => quota.take('css', 100)).not.toThrow()
    time.seconds += 1
    expect(take(quota, 50)).toBe(50)
    await settle()
  })

  test('P14: the quota holds over all instances, up to a step for each', async () => {
    const { volatile, asked } = counters()
    const instances = [0, 1, 2].map(() => new Quota({ volatile, clock, perSecond: 300, step: 10 }))
    let sum = 0
    for (let round = 0; round < 60; round += 1) {
      for (const quota of instances) sum += take(quota, 10)
      await settle()
    }
    expect(sum).toBeGreaterThanOrEqual(300)
    expect(sum).toBeLessThanOrEqual(300 + 3 * 2 * 10)
    expect(asked.length).toBeLessThanOrEqual(sum / 10)
  })

  test('an instance that can not reach the counter keeps to the quota alone', async () => {
    const volatile = { count: () => Promise.reject(new EngineError('unavailable', 'away')) }
    const quota = new Quota({ volatile, clock, perSecond: 100, step: 10 })
    expect(take(quota, 50)).toBe(50)
    await settle()
    expect(take(quota, 100)).toBe(50)
    await settle()
  })
})

describe('intake', () => {
  test('P14: beyond the limit of events in flight the next are refused at once, and taken again when others have ended', async () => {
    const quota = new Quota({ volatile: counters().volatile, clock, perSecond: 1000, step: 10 })
    const intake = new Intake(quota, 10)
    const { promise, resolve } = Promise.withResolvers<string>()
    const under = intake.admit('te', 8, () => promise)
    await expect(intake.admit('te', 3, () => promise)).rejects.toMatchObject({
      code: 'overloaded',
      details: { retryAfter: 1 },
    })
    const failing = intake.admit('te', 2, () => Promise.reject(new Error('x')))
    await expect(failing).rejects.toThrow('x')
    resolve('done')
    expect(await under).toBe('done')
    expect(await intake.admit('te', 10, () => Promise.resolve('taken'))).toBe('taken')
  })
})
