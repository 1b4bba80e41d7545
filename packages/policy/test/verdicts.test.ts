import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { authorize, type Fact, Policy, type PolicyRecord, type Question } from '../src/index.ts'
import { accepted, approvedIs, enrolled, keyAdded, keyRevoked, left, proposed } from './membership-world.ts'
import { logs } from './records.ts'
import { consented, movedTo, paused, pushed, pushing, resumed } from './push-world.ts'
import { about, agreement, agreementIs, asks, contract, subscription, systemIs, world } from './world.ts'

const at = '2026-11-22T12:00:00Z'
const reason = 'because'
const amended = { purpose: { es: 'p', en: 'p' }, legalBasis: { kind: 'law', norm: 'l' }, fields: ['child'] } as const
const timed: Fact = {
  type: 'agreement-amendment-requested',
  aggregate: 'agreement:agr_1',
  version: 2,
  contractVersion: 1,
  proposer: 'css',
  ...amended,
  validFrom: '2026-12-01T00:00:00Z',
  validUntil: '2027-01-01T00:00:00Z',
  correctionsUntil: '2027-02-01T00:00:00Z',
}
const facts: readonly Fact[] = [
  ...world,
  timed,
  { type: 'agreement-amended', aggregate: 'agreement:agr_1', version: 2, reason },
  pushed,
  consented,
  paused,
  resumed,
  movedTo('https://caja.example/hooks', { system: 'caja.main' }),
  agreementIs('agreement-suspended'),
  { type: 'agreement-resumed', aggregate: 'agreement:agr_1', reason, backlog: 'deliver' },
  agreementIs('agreement-ended'),
  keyAdded('css.main', 'k2'),
  { type: 'system-key-limited', aggregate: 'system:css.main', kid: 'k2', notAfter: '2026-12-15T00:00:00Z' },
  keyRevoked('css.main', 'k2'),
  systemIs('system-suspended', 'css.main'),
  systemIs('system-resumed', 'css.main'),
  about('institution-suspended', 'te'),
  about('institution-resumed', 'te'),
  enrolled('mef'),
  approvedIs('mef'),
  { ...proposed, until: '2026-12-20T00:00:00Z' } as Fact,
  accepted,
]

const actors = [
  { institution: 'te', system: 'registro' },
  { institution: 'css', system: 'main' },
  { institution: 'css', system: 'main', key: 'k2' },
  { institution: 'caja', system: 'main' },
  { institution: 'caja', system: 'main', onBehalfOf: 'css' },
  { institution: 'te', system: '', person: 'ana' },
  { institution: 'operator', system: 'admin' },
  { institution: 'unavez', system: 'notices' },
] as const
const deliver = asks('unavez.notices', 'deliver', pushing)
const questions: readonly Question[] = [
  ...actors.flatMap((actor) => [
    { action: 'publish', actor, on: contract } as const,
    { action: 'receive', actor, on: subscription } as const,
    { action: 'receive', actor, on: pushing } as const,
    { action: 'read-agreement', actor, on: agreement } as const,
    { action: 'read-agreement', actor, on: { kind: 'agreement', id: 'agr_9' } } as const,
  ]),
  deliver,
  { ...deliver, on: subscription },
]

/** Boundaries of everything above, and a millisecond to each side. */
const times = [at, '2026-12-01T00:00:00Z', '2026-12-15T00:00:00Z', '2027-01-01T00:00:00Z', '2027-02-01T00:00:00Z']
  .concat('2026-12-20T00:00:00Z', '2030-01-01T00:00:00Z')
  .flatMap((time) => [-1, 0, 1].map((ms) => new Date(Date.parse(time) + ms)))
const asked = fc.tuple(
  fc.constantFrom(...questions),
  fc.shuffledSubarray([...times, new Date(Number.NaN)], { minLength: 2 }),
)

function recordOf(offset: number, command: string, fact: Fact): PolicyRecord {
  const value = Buffer.from(JSON.stringify({ command, hash: '', at, reads: {}, facts: [fact] }))
  return { offset, appendedAt: new Date(at), by: { institution: 'te', system: 'registro' }, authentic: true, value }
}

function folded(taken: readonly Fact[]): Policy {
  const policy = new Policy()
  for (const [offset, fact] of taken.entries()) policy.apply(recordOf(offset, `fact-${offset}`, fact))
  return policy
}

/** What the rules say when nothing is kept. */
function anew(policy: Policy, question: Question, at: Date) {
  policy.verdicts.forget()
  return authorize(policy, question, at)
}

describe('a verdict that is kept', () => {
  test('is what the rules say, whatever was folded and asked before, whenever', () => {
    const steps = fc.array(
      fc.tuple(fc.constantFrom(...facts, left('caja')), fc.array(asked, { minLength: 1, maxLength: 12 })),
      {
        minLength: 1,
        maxLength: 10,
      },
    )
    fc.assert(
      fc.property(fc.subarray([...facts], { minLength: facts.length - 6 }), steps, (begun, taken) => {
        const [kept, rules] = [folded(begun), folded(begun)]
        for (const [place, [fact, many]] of taken.entries()) {
          for (const [question, moments] of many) {
            for (const moment of moments) {
              expect(authorize(kept, question, moment)).toEqual(anew(rules, question, moment))
            }
          }
          for (const policy of [kept, rules]) policy.apply(recordOf(policy.offset, `step-${place}`, fact))
        }
      }),
      { numRuns: 300 },
    )
  })

  test('does not outlive what is restored or folded after it', () => {
    fc.assert(
      fc.property(logs, fc.array(asked, { minLength: 1, maxLength: 20 }), (records, many) => {
        const policy = new Policy()
        for (const record of records) {
          policy.apply(record)
          for (const [question, moments] of many) authorize(policy, question, moments[0] ?? new Date(at))
        }
        const restored = new Policy()
        for (const [question] of many) authorize(restored, question, new Date(at))
        for (const chunk of policy.snapshot()) restored.restore(chunk)
        restored.restored()
        for (const [question] of many) {
          const before = authorize(policy, question, new Date(at))
          expect(before).toEqual(anew(policy, question, new Date(at)))
          expect(authorize(restored, question, new Date(at))).toEqual(before)
        }
      }),
      { numRuns: 100 },
    )
  })

  test('is told without asking the rules again', () => {
    const policy = Policy.of(world)
    const question = asks('css.main', 'receive', subscription)
    const first = authorize(policy, question, new Date(at))
    expect(first.allowed).toBe(true)
    expect(policy.verdicts.find(question, new Date(at))?.reasons).toBe(first.reasons)
    expect(policy.verdicts.find(question, new Date('2030-01-01T00:00:00Z'))).toBeUndefined()
  })
})
