import { createHmac } from 'node:crypto'

import { describe, expect, test } from '@jest/globals'
import { canonicalContent } from '@unavez/engine'
import type { Fact } from '@unavez/policy'

import { decodeControlRecord, openKeys } from '../src/index.ts'
import { by, codeOf, joined, keys, says, withBench } from './open-control.ts'

const control = { topic: 'control', partition: 0 } as const
const all = { messages: 100, bytes: 1_000_000, waitMs: 0 }

describe('a submission', () => {
  test('is in the own fold when it is answered, and in that of another instance once that has reached it', () =>
    withBench(async (bench) => {
      const [one, two] = [await bench.open(), await bench.open()]
      const outcome = await one.submit(says('c1', joined('te')))
      expect(outcome).toMatchObject({ offset: 0, repeated: false, facts: [joined('te')] })
      expect(one.policy.institution('te')?.state).toBe('active')
      expect(await two.reached(outcome.offset, 10_000)).toBe(true)
      expect(two.policy.history('institution:te')).toMatchObject([{ version: 1, at: outcome.at.toISOString(), by }])
    }))

  test('is written with salt, control offset, speaker, trace and a MAC over all of it', () =>
    withBench(async (bench) => {
      const one = await bench.open()
      await one.submit(says('c1', joined('te')))
      const traceparent = '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01'
      await one.submit({
        ...says('c2', joined('css')),
        traceparent,
        decide: () => ({ facts: [joined('css')], reads: ['institution:te'] }),
      })
      const page = await bench.engine.log.read({ ...control, offset: 1 }, all)
      const [message] = page.messages
      expect(message?.key?.toString()).toBe('institution:css')
      expect(JSON.parse(String(message?.value))).toEqual({
        command: 'c2',
        hash: 'h',
        at: expect.any(String),
        reads: { 'institution:te': 1, 'institution:css': 0 },
        facts: [joined('css')],
      })
      const { salt, mac, ...headers } = message?.headers ?? {}
      expect(salt).toHaveLength(16)
      const texts = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
      expect(texts).toEqual({ n: '1', by: JSON.stringify(by), traceparent })
      const content = canonicalContent(message?.key ?? null, message?.value ?? null, message?.headers ?? {})
      expect(mac).toEqual(createHmac('sha256', keys.of('control-mac')).update(content).digest())
      expect(message && decodeControlRecord(keys.of('control-mac'), message)).toMatchObject({
        by,
        offset: 1,
        record: { command: 'c2' },
      })
      expect(message && decodeControlRecord(Buffer.alloc(32), message)).toBeUndefined()
    }))

  test('without facts is accepted and writes nothing', () =>
    withBench(async (bench) => {
      const one = await bench.open()
      await one.submit(says('c1', joined('te')))
      expect(await one.submit(says('c2'))).toMatchObject({ facts: [], offset: 0, repeated: false })
      expect(one.policy.offset).toBe(1)
    }))

  test('that comes again gets the first answer, on any instance, and another request under its id is refused', () =>
    withBench(async (bench) => {
      const [one, two] = [await bench.open(), await bench.open()]
      const first = await one.submit(says('c1', joined('te')))
      await two.reached(first.offset, 10_000)
      for (const instance of [one, two]) {
        expect(await instance.submit(says('c1', joined('other')))).toEqual({ ...first, repeated: true })
        expect(await codeOf(instance.submit({ ...says('c1', joined('te')), hash: 'other' }))).toBe(
          'idempotency-key-reused',
        )
      }
      expect(one.policy.offset).toBe(1)
    }))

  test('sent to two instances at once is accepted once, with one answer', () =>
    withBench(async (bench) => {
      const instances = [await bench.open(), await bench.open()]
      const outcomes = await Promise.all(instances.map((each) => each.submit(says('c1', joined('te')))))
      expect(outcomes.filter(({ repeated }) => repeated)).toHaveLength(1)
      expect(new Set(outcomes.map(({ offset }) => offset)).size).toBe(1)
      expect(instances[0]?.policy.version('institution:te')).toBe(1)
    }))

  test('that can not follow on what stands is a bug, and never reaches the log', () =>
    withBench(async (bench) => {
      const one = await bench.open()
      const resumed = { type: 'institution-resumed', aggregate: 'institution:te', reason: '' } as const
      await expect(one.submit(says('c1', resumed))).rejects.toThrow("institution-resumed can't follow")
      expect(await bench.engine.log.bounds('control')).toMatchObject([{ next: 0 }])
    }))

  test('is refused once the replica is closed', () =>
    withBench(async (bench) => {
      const one = await bench.open()
      await one.close()
      expect(await codeOf(one.submit(says('c1', joined('te'))))).toBe('policy-stale')
    }))
})

describe('an append that does not answer as hoped', () => {
  test('Control: a command whose record was written without an answer is accepted once', () =>
    withBench(async (bench) => {
      const one = await bench.open()
      bench.engine.misbehaviour.appendOutcomes('control', ['unknown-written'])
      const outcome = await one.submit(says('c1', joined('te')))
      expect(outcome).toMatchObject({ offset: 0, repeated: false, facts: [joined('te')] })
      expect(await one.submit(says('c1', joined('te')))).toEqual({ ...outcome, repeated: true })
      expect(one.policy.version('institution:te')).toBe(1)
    }))

  test('Control: a record that lands after its repetition changes nothing', () =>
    withBench(async (bench) => {
      const one = await bench.open()
      bench.engine.misbehaviour.appendOutcomes('control', ['unknown-lands-later', 'unknown-lands-later'])
      const outcome = await one.submit(says('c1', joined('te')))
      expect(outcome).toMatchObject({ offset: 0, repeated: false })
      await bench.engine.misbehaviour.land()
      expect(await one.reached(2, 10_000)).toBe(true)
      expect([one.policy.version('institution:te'), one.policy.outcome('c1')]).toEqual([
        1,
        { state: 'accepted', offset: 0, hash: 'h' },
      ])
    }))

  test('what was not written is tried once more, then refused with a time to retry, and the same command works later', () =>
    withBench(async (bench) => {
      const one = await bench.open()
      bench.engine.misbehaviour.appendOutcomes('control', ['not-written'])
      expect((await one.submit(says('c1', joined('te')))).repeated).toBe(false)
      bench.engine.misbehaviour.appendOutcomes('control', ['not-written', 'not-written'])
      await expect(one.submit(says('c2', joined('css')))).rejects.toMatchObject({
        code: 'unavailable',
        details: { retryAfter: 1 },
      })
      expect((await one.submit(says('c2', joined('css')))).repeated).toBe(false)
    }))

  test('a record beyond the limit of a message is refused', () =>
    withBench(async (bench) => {
      const one = await bench.open()
      const huge: Fact = {
        type: 'signing-key-added',
        aggregate: 'signing-keys',
        key: { kid: 'k', kty: 'x'.repeat(1_100_000) },
      }
      expect(await codeOf(one.submit(says('c1', huge)))).toBe('body-too-large')
    }))
})

describe('what else stands on control', () => {
  test('Control: a foreign record is refused for ever and stops nothing', () =>
    withBench(async (bench) => {
      const one = await bench.open()
      const genuine = await one.submit(says('c1', joined('te')))
      const { messages } = await bench.engine.log.read({ ...control, offset: 0 }, all)
      const [message] = messages
      const value = Buffer.from(String(message?.value).replaceAll('te', 'xx').replace('c1', 'c9'))
      for (const forged of [
        { value, headers: message?.headers ?? {} },
        { value: message?.value ?? null, headers: {} },
        { value: Buffer.from('not JSON'), headers: { mac: Buffer.from('x') } },
        { value: null, headers: {} },
      ]) {
        await bench.engine.log.append({ ...control, key: message?.key ?? null, ...forged })
      }
      await one.submit(says('c2', joined('css')))
      const two = await bench.open()
      for (const { policy } of [one, two]) {
        expect(policy.institutions().map(({ id }) => id)).toEqual(['te', 'css'])
        expect(policy.version('institution:te')).toBe(1)
        expect(policy.outcome('c9')).toBeUndefined()
        expect(policy.offset).toBe(genuine.offset + 6)
      }
      expect(bench.warnings.filter((warning) => warning.includes('foreign'))).toHaveLength(8)
    }))

  test('Control: under another master key all of it is foreign', () =>
    withBench(async (bench) => {
      const one = await bench.open()
      await one.submit(says('c1', joined('te')))
      const stranger = await bench.open({ keys: openKeys(Buffer.alloc(32, 2)) })
      expect(stranger.policy.institutions()).toEqual([])
    }))

  test('Control: a body that this code can not read stops nothing, and nothing is decided upon it', () =>
    withBench(async (bench) => {
      const one = await bench.open()
      await one.submit(says('c1', joined('te')))
      await bench.append([{ type: 'institution-merged', aggregate: 'institution:te', into: 'css' }])
      expect(await one.reached(1, 10_000)).toBe(true)
      expect([one.policy.version('institution:te'), one.policy.institution('te')]).toEqual([2, undefined])
      expect(await codeOf(one.submit(says('c2', joined('te'))))).toBe('policy-too-new')
      const reading = { ...says('c3'), decide: () => ({ facts: [joined('mef')], reads: ['institution:te'] }) }
      expect(await codeOf(one.submit(reading))).toBe('policy-too-new')
      expect(await codeOf(one.submit(says('c4', joined('css'))))).toBe('accepted')
    }))
})
