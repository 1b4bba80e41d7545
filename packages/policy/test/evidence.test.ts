import { describe, expect, test } from '@jest/globals'

import { authorize, type Fact, Policy, type Question } from '../src/index.ts'
import { agreement, agreementIs, asks, at, bus, offered, policyAfter, requested, type, world } from './world.ts'

const target = { kind: 'evidence', id: `css.enrolment/birth-proof/${type}` } as const
const decided = (policy: Policy, question: Question) => authorize(policy, question, at)
const codes = (policy: Policy, question: Question) => decided(policy, question).reasons.map(({ code }) => code)
const withRequested = (change: object) =>
  Policy.of([...world.map((fact) => (fact === requested ? ({ ...fact, ...change } as Fact) : fact)), offered])

describe('Asking for evidence', () => {
  const ask = asks('css.desk', 'request', target)

  test('an agreement on the type lets the institution of the procedure ask', () => {
    expect(decided(policyAfter(offered), ask).allowed).toBe(true)
    expect(
      decided(policyAfter(offered), asks('css.desk', 'request', { kind: 'procedure', id: 'css.enrolment' })).allowed,
    ).toBe(true)
  })

  test('an agreement made for the procedure counts for it, one made for another does not', () => {
    expect(decided(withRequested({ procedure: 'css.enrolment' }), ask).allowed).toBe(true)
    expect(codes(withRequested({ procedure: 'css.pension' }), ask)).toEqual(['agreement-not-active'])
  })

  test('a suspended agreement says no, with what can be done about it', () => {
    expect(codes(policyAfter(offered, agreementIs('agreement-suspended')), ask)).toEqual(['agreement-not-active'])
  })

  test('nobody asks for the procedure of another institution, nor without the role', () => {
    expect(codes(policyAfter(offered), asks('caja.main', 'request', target))).toEqual(
      expect.arrayContaining(['procedure-owner']),
    )
    expect(codes(policyAfter(offered), asks('css.main', 'request', target))).toEqual(['role-missing'])
  })

  test('a procedure that does not exist is hidden', () => {
    expect(decided(policyAfter(), ask).hidden).toBe(true)
  })
})

describe('Answering for evidence', () => {
  test('the owner of the contract answers while the agreement is in force', () => {
    const answer = asks('te.registro', 'provide', agreement)
    expect(decided(policyAfter(), answer).allowed).toBe(true)
    expect(codes(policyAfter(agreementIs('agreement-suspended')), answer)).toEqual(['agreement-not-active'])
    expect(decided(policyAfter(), asks('te.registro', 'provide', bus)).allowed).toBe(true)
  })

  test('whoever is no provider does not see the agreement, and a system without the role is refused', () => {
    expect(decided(policyAfter(), asks('caja.main', 'provide', agreement)).hidden).toBe(true)
    expect(codes(policyAfter(), asks('te.reader', 'provide', agreement))).toEqual(['role-missing'])
  })
})

describe('Reading evidence', () => {
  test('the consumer of the agreement reads it while the agreement is in force', () => {
    const read = asks('css.desk', 'read-evidence', agreement)
    expect(decided(policyAfter(), read).allowed).toBe(true)
    expect(codes(policyAfter(agreementIs('agreement-ended')), read)).toEqual(['agreement-not-active'])
    expect(codes(policyAfter(), asks('te.registro', 'read-evidence', agreement))).toEqual(
      expect.arrayContaining(['consumer-only']),
    )
    expect(decided(policyAfter(), asks('caja.main', 'read-evidence', agreement)).hidden).toBe(true)
  })
})
