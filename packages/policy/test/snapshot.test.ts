import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { authorize, Policy, type PolicyRecord } from '../src/index.ts'
import { logs, namesIn, questions } from './records.ts'
import { at, type } from './world.ts'

const folded = (records: readonly PolicyRecord[], policy = new Policy()): Policy => {
  for (const record of records) policy.apply(record)
  return policy
}

function restored(chunks: Iterable<string>): Policy {
  const policy = new Policy()
  for (const chunk of chunks) policy.restore(chunk)
  policy.restored()
  return policy
}

const institutions = ['te', 'css', 'caja', 'mef', 'operator']

/** Everything that can be asked of a fold. */
function observed(policy: Policy) {
  const { members } = policy
  const commands = [...namesIn.commands, ...Array.from({ length: 50 }, (_, i) => `c${i}`)]
  return {
    offset: policy.offset,
    aggregates: namesIn.aggregates.map((name) => [policy.version(name), policy.opaque(name), policy.history(name)]),
    outcomes: commands.map((command) => policy.outcome(command)),
    lists: [policy.institutions(), policy.contracts(), policy.agreements(), policy.subscriptions(), policy.norms()],
    more: [policy.procedures(), policy.signingKeys(), policy.subjects(), policy.domains(), policy.agreementsOn(type)],
    schemas: [
      policy.subjects().map((subject) => policy.schemasOf(subject)),
      [1, 2, 3].map((id) => policy.schemaById(id)),
    ],
    relations: institutions.map((id) => [
      policy.institution(id),
      policy.systemsOf(id),
      policy.agreementsOf(id),
      policy.subscriptionsOf({ institution: id }),
      members.peopleOf(id),
      members.invitationsTo(id),
      members.delegationsOf(id),
    ]),
    under: policy.subscriptionsOf({ agreement: 'agr_1' }),
    logins: ['l1', 'l2'].map((login) => members.peopleByLogin(login)),
    decisions: questions.map((question) => authorize(policy, question, at)),
  }
}

describe('a snapshot', () => {
  test('and the rest of the log are the same as the whole log, for everything that can be asked', () => {
    fc.assert(
      fc.property(logs, fc.nat({ max: 60 }), (records, cut) => {
        const begun = folded(records.slice(0, cut))
        const rest = records.slice(cut)
        expect(observed(folded(rest, restored(begun.snapshot())))).toEqual(observed(folded(records)))
      }),
      { numRuns: 300 },
    )
  })

  test('is of the moment when it was asked for, whatever is folded while it is read', () => {
    fc.assert(
      fc.property(logs, fc.nat({ max: 60 }), (records, cut) => {
        const policy = folded(records.slice(0, cut))
        const snapshot = policy.snapshot()
        folded(records.slice(cut), policy)
        expect(observed(restored(snapshot))).toEqual(observed(folded(records.slice(0, cut))))
      }),
      { numRuns: 150 },
    )
  })

  test('of one fold is the same text each time, and that of what it restores', () => {
    fc.assert(
      fc.property(logs, (records) => {
        const texts = [...folded(records).snapshot()]
        expect([...folded(records).snapshot()]).toEqual(texts)
        expect([...restored(texts).snapshot()]).toEqual(texts)
      }),
      { numRuns: 100 },
    )
  })

  test('comes in texts of bounded length', () => {
    const command = (offset: number) => ({ command: `c${offset}`, hash: 'h'.repeat(100), at, reads: {}, facts: [] })
    const records = Array.from({ length: 5000 }, (_, offset) => ({
      offset,
      appendedAt: at,
      by: { institution: 'te', system: 'te.a' },
      authentic: true,
      value: Buffer.from(JSON.stringify(command(offset))),
    }))
    const texts = [...folded(records).snapshot()]
    expect(texts.length).toBeGreaterThan(2)
    expect(Math.max(...texts.map(({ length }) => length))).toBeLessThanOrEqual(256 * 1024 + 2)
    expect(restored(texts).outcome('c4999')).toEqual({ state: 'accepted', offset: 4999, hash: 'h'.repeat(100) })
  })
})
