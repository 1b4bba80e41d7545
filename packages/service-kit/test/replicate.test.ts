import { describe, expect, test } from '@jest/globals'
import { EngineError, type EventLog, type Page } from '@unavez/engine'

import { replicate, systemClock } from '../src/index.ts'
import { instead, withBench } from './open-control.ts'

const partition = { topic: 'control', partition: 0 } as const

/** What a replica of this log sees until `enough` says so. */
async function seen(log: EventLog, enough: (pages: readonly Page[], errors: readonly unknown[]) => boolean) {
  const stop = new AbortController()
  const pages: Page[] = []
  const errors: unknown[] = []
  const look = (): void => {
    if (enough(pages, errors)) stop.abort()
  }
  const { ended } = replicate({
    log,
    partition,
    from: 0,
    clock: systemClock,
    signal: stop.signal,
    onPage: (page) => {
      pages.push(page)
      look()
    },
    onError: (error) => {
      errors.push(error)
      look()
    },
  })
  await ended
  return { pages, errors }
}

describe('a replica', () => {
  test('gets every message once, in order, through reads that fail', () =>
    withBench(async (bench) => {
      await bench.open()
      await Promise.all(Array.from({ length: 100 }, () => bench.append([])))
      let reads = 0
      const flaky = instead(bench.engine.log, {
        read(from, limits) {
          if (++reads % 2 === 0) return Promise.reject(new EngineError('unavailable', 'Not now.'))
          return bench.engine.log.read(from, { ...limits, messages: 30 })
        },
      })
      const { pages, errors } = await seen(flaky, (all) => all.at(-1)?.next === 100)
      const offsets = pages.flatMap(({ messages }) => messages.map(({ offset }) => offset))
      expect(offsets).toEqual(Array.from({ length: 100 }, (_, offset) => offset))
      expect(errors.length).toBeGreaterThan(0)
    }))

  test('of a log whose waits take no time lets others run meanwhile', () =>
    withBench(async (bench) => {
      let reads = 0
      const hasty = instead(bench.engine.log, {
        read: ({ offset }) => Promise.resolve({ messages: [], next: offset, end: offset + Math.min(reads++, 1) }),
      })
      let ticked = false
      const ticking = setTimeout(() => (ticked = true), 20)
      await seen(hasty, () => ticked)
      clearTimeout(ticking)
      expect(reads).toBeLessThan(1000)
    }))
})
