import { setTimeout as pause } from 'node:timers/promises'

import { describe, expect, test } from '@jest/globals'
import type { Fact, Policy } from '@unavez/policy'
import { Problem } from '@unavez/protocol'

import type { Submission } from '../src/index.ts'
import { codeOf, instead, joined, keyAdded, says, withBench } from './open-control.ts'

const registered = (id: string): Fact => ({
  type: 'system-registered',
  aggregate: `system:te.${id}`,
  institution: 'te',
  id,
  name: id,
  roles: [],
  keys: [],
})

describe('races between two instances', () => {
  test('Control: on one aggregate each version is won once, losers decide again, and no limit is overrun', () =>
    withBench(async (bench) => {
      const instances = [await bench.open(), await bench.open()]
      const most = 7
      const submissions = Array.from({ length: 30 }, (_, index) => ({
        ...says(`c${index}`),
        decide(policy: Policy) {
          if (policy.signingKeys().length >= most) throw new Problem('state-conflict')
          return { facts: [keyAdded(`k${index}`)], reads: [] }
        },
      }))
      const codes = await Promise.all(
        submissions.map((submission, index) => codeOf(instances[index % 2]?.submit(submission))),
      )
      expect(codes.filter((code) => code === 'accepted')).toHaveLength(most)
      expect(codes.filter((code) => code === 'state-conflict')).toHaveLength(30 - most)
      for (const { policy } of instances) {
        await Promise.all(instances.map((each) => each.reached(policy.offset - 1, 10_000)))
        expect([policy.version('signing-keys'), policy.signingKeys().length]).toEqual([most, most])
      }
    }))

  test('Control: write skew across aggregates is refused, so one of two always stays', () =>
    withBench(async (bench) => {
      const [one, two] = [await bench.open(), await bench.open()]
      await one.submit(says('setup', joined('te'), registered('a'), registered('b')))
      await two.reached(0, 10_000)
      const active = (policy: Policy, id: string) => policy.system(`te.${id}`)?.state === 'active'
      const change = (
        command: string,
        verb: 'suspended' | 'resumed',
        [id, other]: readonly [string, string],
      ): Submission => ({
        ...says(command),
        decide(policy) {
          const suspends = verb === 'suspended'
          if (active(policy, id) !== suspends || (suspends && !active(policy, other)))
            throw new Problem('state-conflict')
          return {
            facts: [{ type: `system-${verb}`, aggregate: `system:te.${id}`, reason: '' }],
            reads: [`system:te.${other}`],
          }
        },
      })
      for (let round = 0; round < 20; round++) {
        const codes = await Promise.all([
          codeOf(one.submit(change(`a${round}`, 'suspended', ['a', 'b']))),
          codeOf(two.submit(change(`b${round}`, 'suspended', ['b', 'a']))),
        ])
        expect(codes.toSorted()).toEqual(['accepted', 'state-conflict'])
        const who = codes[0] === 'accepted' ? (['a', 'b'] as const) : (['b', 'a'] as const)
        await Promise.all(
          [one, two].map((each) => each.reached(Math.max(one.policy.offset, two.policy.offset) - 1, 10_000)),
        )
        const { offset } = await one.submit(change(`r${round}`, 'resumed', who))
        await two.reached(offset, 10_000)
      }
    }))

  test('Control: an instance says no only once it has heard what was decided elsewhere before it was asked', () =>
    withBench(async (bench) => {
      const { log, views } = bench.engine
      const late = instead(log, {
        read: async (from, limits) => {
          await pause(100)
          return log.read(from, limits)
        },
      })
      const [one, two] = [await bench.open(), await bench.open({ engine: { log: late, views } })]
      const codes: string[] = []
      for (let i = 0; i < 5; i += 1) {
        await one.submit(says(`join-${i}`, joined(`te${i}`)))
        const decide = (policy: Policy) => {
          if (policy.institution(`te${i}`) === undefined) throw new Problem('not-found')
          return { facts: [keyAdded(`k${i}`)], reads: [] }
        }
        codes.push(await codeOf(two.submit({ ...says(`use-${i}`), decide })))
      }
      expect(new Set(codes)).toEqual(new Set(['accepted']))
    }))

  test('who loses every time is told of the conflict after ten tries', () =>
    withBench(async (bench) => {
      const { log } = bench.engine
      let outrun = 0
      const outpaced = instead(log, {
        async append(message) {
          await bench.append([keyAdded(`other-${outrun++}`)])
          return log.append(message)
        },
      })
      const one = await bench.open({ engine: { ...bench.engine, log: outpaced } })
      let decided = 0
      const losing = { ...says('c1'), decide: () => ({ facts: [keyAdded(`mine-${decided++}`)], reads: [] }) }
      expect(await codeOf(one.submit(losing))).toBe('conflict')
      expect([decided, outrun]).toEqual([10, 10])
      expect(one.policy.signingKeys().map(({ kid }) => kid)).toEqual(
        Array.from({ length: 10 }, (_, index) => `other-${index}`),
      )
    }))
})
