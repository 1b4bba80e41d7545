import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { Policy, type PolicyRecord } from '../src/index.ts'
import { world } from './world.ts'

const by = { institution: 'te', system: 'te.registro' }
const appendedAt = new Date('2026-11-22T12:00:00Z')
const recordOf = (offset: number, value: unknown): PolicyRecord => ({
  offset,
  appendedAt,
  by,
  authentic: true,
  value: Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value)),
})

const aggregates = fc.constantFrom(
  'institution:a',
  'institution:b',
  'agreement:x',
  'contract:c',
  'signing-keys',
  '__proto__',
  'q',
)
const body = fc.oneof(
  fc.constantFrom(...world).map((fact) => ({ ...fact })),
  fc.record({ type: fc.constantFrom(...world.map(({ type }) => type), 'novel', '__proto__', 'toString') }),
  fc.record({
    type: fc.string(),
    reason: fc.jsonValue(),
    numbered: fc.record({ sequence: fc.constantFrom('schema', 'next'), of: fc.constantFrom('p', 'q', '__proto__') }),
  }),
)
const fact = fc
  .tuple(body, aggregates, fc.boolean())
  .map(([part, aggregate, keep]) => (keep ? { aggregate, ...part } : { ...part, aggregate }))
const record = fc.record({
  command: fc.constantFrom('1', '2', '3', '4', '5', '6', '7', '8'),
  hash: fc.constant('h'),
  at: fc.constant('2026-11-22T12:00:00Z'),
  reads: fc.dictionary(aggregates, fc.nat({ max: 3 }), { maxKeys: 2 }),
  facts: fc.array(fact, { maxLength: 3 }),
})

describe('the fold', () => {
  test('takes any bytes and any JSON without throwing, and passes every offset', () => {
    const value = fc.oneof(
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      fc.jsonValue(),
      record,
      fc.record({ command: fc.jsonValue(), hash: fc.jsonValue(), reads: fc.jsonValue(), facts: fc.jsonValue() }),
    )
    fc.assert(
      fc.property(fc.array(value, { maxLength: 20 }), (values) => {
        const policy = new Policy()
        for (const [offset, each] of values.entries()) policy.apply(recordOf(offset, each))
        expect(policy.offset).toBe(values.length)
      }),
      { numRuns: 500 },
    )
  })

  test('replicas of different versions agree on acceptance, versions and numbers', () => {
    const known = fc.subarray(world.map(({ type }) => type))
    fc.assert(
      fc.property(fc.array(record, { maxLength: 30 }), known, (records, types) => {
        const old = new Policy({ reads: (type) => types.some((each) => each === type) })
        const young = new Policy()
        const named = new Set(records.flatMap(({ facts }) => facts.map(({ aggregate }) => aggregate)))
        for (const [offset, each] of records.entries()) {
          expect(old.apply(recordOf(offset, each))).toEqual(young.apply(recordOf(offset, each)))
          expect(old.outcome(each.command)).toEqual(young.outcome(each.command))
        }
        for (const aggregate of named) {
          expect(old.version(aggregate)).toBe(young.version(aggregate))
          expect(old.history(aggregate)).toEqual(young.history(aggregate))
        }
        for (const contract of old.contracts()) {
          const ids = contract.versions.map(({ schemaId }) => schemaId)
          const readByBoth = young.contract(contract.type)?.versions.map(({ schemaId }) => schemaId) ?? ids
          expect(ids.filter((id, index) => id !== readByBoth[index])).toEqual([])
        }
      }),
      { numRuns: 500 },
    )
  })

  test('a number is given once for each thing, from one on without gaps, whatever the replica reads', () => {
    const of = fc.constantFrom('a', 'b', 'c', 'd')
    fc.assert(
      fc.property(fc.array(of, { maxLength: 12 }), (things) => {
        const policy = new Policy()
        const ids = things.map((thing, offset) => {
          const type = `pa.gob.civil.t${offset}.v1`
          const aggregate = `contract:${type}`
          const drafted = world.find((each) => each.type === 'contract-drafted')
          const published = {
            type: 'contract-published',
            aggregate,
            version: 1,
            numbered: { sequence: 'schema', of: thing },
          }
          policy.apply(
            recordOf(offset, {
              command: type,
              hash: '',
              reads: {},
              facts: [{ ...drafted, aggregate, contract: type }, published],
            }),
          )
          return policy.contract(type)?.versions[0]?.schemaId
        })
        const order = [...new Set(things)]
        expect(ids).toEqual(things.map((thing) => order.indexOf(thing) + 1))
      }),
    )
  })
})

describe('two deciders on one log', () => {
  /** Each may leave at most one of two on call: the classic write skew. */
  test('Control: interleaved as they may be, no write skew is accepted', () => {
    const step = fc.record({ who: fc.nat({ max: 1 }), delay: fc.nat({ max: 4 }) })
    fc.assert(
      fc.property(fc.array(step, { minLength: 2, maxLength: 40 }), (steps) => {
        const policy = new Policy()
        const onCall = [true, true]
        const waiting: { due: number; who: number; reads: Record<string, number>; command: string }[] = []
        const land = (now: number): void => {
          for (const each of waiting.filter(({ due }) => due <= now)) {
            waiting.splice(waiting.indexOf(each), 1)
            const facts = [{ type: 'left', aggregate: `doctor:${each.who}` }]
            const { accepted } = policy.apply(
              recordOf(policy.offset, { command: each.command, hash: '', reads: each.reads, facts }),
            )
            if (accepted) onCall[each.who] = !onCall[each.who]
            expect(onCall).toContain(true)
          }
        }
        for (const [now, { who, delay }] of steps.entries()) {
          const mayLeave = onCall[who] === false || onCall[1 - who] === true
          const reads = { 'doctor:0': policy.version('doctor:0'), 'doctor:1': policy.version('doctor:1') }
          if (mayLeave) waiting.push({ due: now + delay, who, reads, command: `c${now}` })
          land(now)
        }
        land(Number.POSITIVE_INFINITY)
      }),
      { numRuns: 1000 },
    )
  })
})
