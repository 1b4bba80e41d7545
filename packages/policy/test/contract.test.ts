import { describe, expect, test } from '@jest/globals'

import {
  authorize,
  type ContractState,
  contractUsed,
  contractUsers,
  type ControlRecord,
  type Fact,
  Policy,
} from '../src/index.ts'
import { agreementIs, asks, at, contract, drafted, policyAfter, published, requested, type, world } from './world.ts'

const aggregate = `contract:${type}`
const draftedAgain = { ...drafted, version: 2 } as Fact
const publishedAgain = { ...published, version: 2, numbered: { sequence: 'schema', of: 'another' } } as Fact
const retired: Fact = { type: 'contract-retired', aggregate }
const deprecated = (sunset: string, since = '2026-01-01T00:00:00Z'): Fact => ({
  type: 'contract-deprecated',
  aggregate,
  since,
  sunset,
})
const stateAfter = (...facts: readonly Fact[]): ContractState | undefined => Policy.of(facts).contract(type)

describe('A contract, as the fold knows it', () => {
  test('has versions without gaps, each with a number of its own, the newest perhaps a draft', () => {
    expect(stateAfter(drafted, published, draftedAgain)).toMatchObject({
      state: 'published',
      versions: [
        { version: 1, state: 'published', schemaId: 1 },
        { version: 2, state: 'draft' },
      ],
    })
    expect(stateAfter(drafted, published, draftedAgain, publishedAgain)?.versions[1]).toMatchObject({ schemaId: 2 })
    expect(stateAfter(drafted, published, { ...drafted, version: 3 } as Fact)).toBeUndefined()
    expect(stateAfter(drafted, draftedAgain)).toBeUndefined()
  })

  test('is held against all earlier versions, both ways, unless it says otherwise', () => {
    expect(stateAfter(drafted)?.compatibility).toBe('full-transitive')
    const set: Fact = { type: 'contract-compatibility-set', aggregate, compatibility: 'backward' }
    expect(stateAfter(drafted, set, { ...drafted, retention: 'P40D' } as Fact)?.compatibility).toBe('backward')
  })

  test('goes on when it is deprecated, and its sunset only moves later', () => {
    const once = [drafted, published, deprecated('2027-01-01T00:00:00Z')]
    expect(stateAfter(...once)?.state).toBe('deprecated')
    expect(stateAfter(...once, deprecated('2027-06-01T00:00:00Z', '2026-05-01T00:00:00Z'))?.deprecation).toEqual({
      since: '2026-01-01T00:00:00Z',
      sunset: '2027-06-01T00:00:00Z',
    })
    expect(stateAfter(...once, deprecated('2026-12-01T00:00:00Z'))).toBeUndefined()
    expect(stateAfter(...once, draftedAgain, publishedAgain)?.state).toBe('deprecated')
    const policy = policyAfter(deprecated('2027-01-01T00:00:00Z'))
    expect(authorize(policy, asks('te.registro', 'publish', contract), at).allowed).toBe(true)
  })

  test('is used by agreements that are pending or active', () => {
    const users = (policy: Policy) => policy.usersOf(type, at).map(({ id }) => id)
    expect(users(policyAfter())).toEqual(['agr_1'])
    expect(users(Policy.of(world.slice(0, world.indexOf(requested) + 1)))).toEqual(['agr_1'])
    expect(users(policyAfter(agreementIs('agreement-suspended')))).toEqual([])
    expect(users(policyAfter(agreementIs('agreement-ended')))).toEqual([])
  })

  test('Control: is used or retired, whichever comes first in the log; many begin to use it at once', () => {
    const ends = { reads: { [aggregate]: 2, [contractUsers(type)]: 0 }, facts: [retired] }
    const asks = { reads: { [aggregate]: 2 }, facts: [requested, contractUsed(type)] }
    const asksToo = {
      ...asks,
      facts: [{ ...requested, aggregate: 'agreement:agr_2', id: 'agr_2' } as Fact, contractUsed(type)],
    }
    const outcomes = (...records: readonly Partial<ControlRecord>[]) => {
      const policy = Policy.of([drafted, published])
      return records.map((record, index) => {
        const value = Buffer.from(JSON.stringify({ command: `c${index}`, hash: '', ...record }))
        const by = { institution: 'te', system: 'registro' }
        return policy.apply({ offset: policy.offset, appendedAt: at, by, authentic: true, value }).accepted
      })
    }
    expect(outcomes(asks, asksToo, ends)).toEqual([true, true, false])
    expect(outcomes(ends, asks)).toEqual([true, false])
  })

  test('is over when it is retired: nothing follows', () => {
    const over = [drafted, published, retired]
    expect(stateAfter(...over)?.state).toBe('retired')
    for (const fact of [draftedAgain, deprecated('2030-01-01T00:00:00Z'), retired])
      expect(stateAfter(...over, fact)).toBeUndefined()
    expect(stateAfter(drafted, retired)).toBeUndefined()
  })

  test('of evidence makes no domain that events are read from', () => {
    const evidence = { validity: 'P1Y', staleOn: [type], answerWithin: 'PT1H', previewRequired: false }
    const policy = Policy.of([{ ...drafted, kind: 'evidence', evidence } as Fact, published])
    expect(policy.contract(type)).toMatchObject({ kind: 'evidence', evidence })
    expect(policy.domains()).toEqual([])
    expect(policy.schemaById(1)?.contract).toBe(type)
  })
})
