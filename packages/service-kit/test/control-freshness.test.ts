import { describe, expect, test } from '@jest/globals'
import type { EventLog } from '@unavez/engine'

import { codeOf, instead, joined, says, withBench } from './open-control.ts'

describe('the proof of freshness', () => {
  test('P6: within the lease it costs nothing, beyond it one read of the end renews it', () =>
    withBench(async (bench) => {
      const one = await bench.open()
      expect(one.fresh()).toBeUndefined()
      bench.skip(1001)
      const proof = one.fresh()
      expect(proof).toBeInstanceOf(Promise)
      expect(one.fresh()).toBe(proof)
      await proof
      expect(one.fresh()).toBeUndefined()
    }))

  test('P6: a replica that can not read the log says no, and yes again once it can', () =>
    withBench(async (bench) => {
      const one = await bench.open()
      bench.engine.misbehaviour.unreachable(true)
      bench.skip(1001)
      await expect(one.fresh()).rejects.toMatchObject({ code: 'policy-stale', status: 503, details: { retryAfter: 1 } })
      expect(await codeOf(one.submit(says('c1', joined('te'))))).toBe('policy-stale')
      bench.engine.misbehaviour.unreachable(false)
      expect(await codeOf(one.fresh())).toBe('accepted')
      expect(await codeOf(one.submit(says('c1', joined('te'))))).toBe('accepted')
    }))

  test('P6: a frozen replica says no although its reads claim to be at the end', () =>
    withBench(async (bench) => {
      const one = await bench.open()
      bench.engine.misbehaviour.freeze('control', true)
      await bench.append([joined('te')])
      bench.skip(1001)
      expect(await codeOf(one.fresh())).toBe('policy-stale')
      expect(one.policy.institution('te')).toBeUndefined()
      bench.engine.misbehaviour.freeze('control', false)
      expect(await codeOf(one.fresh())).toBe('accepted')
      expect(one.policy.institution('te')?.state).toBe('active')
    }))

  test('P6: an end before something that this instance saw acknowledged is no proof', () =>
    withBench(async (bench) => {
      const { log } = bench.engine
      let lying = false
      const read: EventLog['read'] = async (from, limits) => {
        const page = await log.read(from, limits)
        return lying ? { messages: [], next: from.offset, end: from.offset } : page
      }
      const one = await bench.open({ engine: { ...bench.engine, log: instead(log, { read }) } })
      lying = true
      await bench.append([joined('te')])
      bench.skip(1001)
      expect(await codeOf(one.fresh())).toBe('policy-stale')
      lying = false
      expect(await codeOf(one.fresh())).toBe('accepted')
    }))

  test('P6: what was appended before the proof was asked for is folded when it is given', () =>
    withBench(async (bench) => {
      const one = await bench.open()
      for (let round = 0; round < 50; round++) {
        await bench.append([joined(`i${round}`)])
        bench.skip(1001)
        await one.fresh()
        expect(one.policy.institution(`i${round}`)?.state).toBe('active')
      }
    }))

  test('a closed replica proves nothing', () =>
    withBench(async (bench) => {
      const one = await bench.open()
      await one.close()
      expect(await codeOf(one.fresh())).toBe('policy-stale')
    }))
})

describe('waiting for the fold', () => {
  test('an offset is reached once its record is folded, or the time is over', () =>
    withBench(async (bench) => {
      const one = await bench.open()
      expect(await one.reached(0, 20)).toBe(false)
      const waiting = one.reached(0, 10_000)
      await bench.append([joined('te')])
      expect(await waiting).toBe(true)
      expect(one.policy.institution('te')?.state).toBe('active')
    }))

  test('closing ends every wait', () =>
    withBench(async (bench) => {
      const one = await bench.open()
      const waiting = one.reached(99, 60_000)
      await one.close()
      expect(await waiting).toBe(false)
    }))

  test('listeners hear of each change until their signal aborts, whatever another one throws', () =>
    withBench(async (bench) => {
      const one = await bench.open()
      const stop = new AbortController()
      let heard = 0
      const broken = (): void => {
        throw new Error('broken')
      }
      one.onChange(broken, stop.signal)
      one.onChange(() => heard++, stop.signal)
      await one.submit(says('c1', joined('te')))
      expect(heard).toBe(1)
      await one.submit(says('c2'))
      expect(heard).toBe(1)
      stop.abort()
      await one.submit(says('c3', joined('css')))
      expect(heard).toBe(1)
    }))

  test('a replica reads on after the log was out of reach', () =>
    withBench(async (bench) => {
      const one = await bench.open()
      bench.engine.misbehaviour.unreachable(true)
      expect(await one.reached(0, 100)).toBe(false)
      bench.engine.misbehaviour.unreachable(false)
      await bench.append([joined('te')])
      expect(await one.reached(0, 10_000)).toBe(true)
      expect(bench.warnings).toContain('control could not be read; trying again')
    }))

  test('opening waits until control is folded to its end', () =>
    withBench(async (bench) => {
      const one = await bench.open()
      await Promise.all(Array.from({ length: 200 }, (_, index) => bench.append([joined(`i${index}`)])))
      await one.reached(199, 10_000)
      const two = await bench.open()
      expect(two.policy.institutions()).toHaveLength(200)
      expect(two.fresh()).toBeUndefined()
    }))
})
