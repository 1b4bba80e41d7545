import { describe, expect, test } from '@jest/globals'
import { type Fact, Policy } from '@unavez/policy'

import { changeInstitution, type InstitutionChange, joinInstitution } from '../src/institution.ts'

const te = { id: 'te', name: { es: 'Tribunal Electoral', en: 'Electoral Tribunal' }, country: 'PA' }
const joined: Fact = { type: 'institution-joined', aggregate: 'institution:te', ...te }
const suspended: Fact = { type: 'institution-suspended', aggregate: 'institution:te', reason: 'Audit' }

const given = (...facts: readonly Fact[]) => {
  const state = Policy.of(facts).institution('te')
  return {
    joins: (more: object = {}) => joinInstitution(state, { ...te, ...more }),
    when: (change: InstitutionChange, reason = 'Audit') => changeInstitution(state, { change, reason }),
  }
}

describe('An institution', () => {
  test('joins with its name and country', () => {
    expect(given().joins()).toEqual([joined])
  })

  test('that is synthetic says so in its first fact', () => {
    expect(given().joins({ synthetic: true })).toEqual([{ ...joined, synthetic: true }])
    expect(given().joins({ synthetic: false })).toEqual([joined])
  })

  test('joins once', () => {
    expect(() => given(joined).joins()).toThrow(
      expect.objectContaining({ code: 'institution-exists', details: { pointer: '/id' } }),
    )
  })

  test('cannot take a name that the bus keeps for itself', () => {
    expect(() => given().joins({ id: 'operator' })).toThrow(expect.objectContaining({ code: 'institution-exists' }))
  })

  test('is suspended and resumed with a reason', () => {
    expect(given(joined).when('suspend')).toEqual([suspended])
    expect(given(joined, suspended).when('resume', 'Done')).toEqual([
      { type: 'institution-resumed', aggregate: 'institution:te', reason: 'Done' },
    ])
  })

  test('cannot be suspended twice, nor resumed while it is active', () => {
    expect(() => given(joined, suspended).when('suspend')).toThrow(expect.objectContaining({ code: 'state-conflict' }))
    expect(() => given(joined).when('resume')).toThrow(expect.objectContaining({ code: 'state-conflict' }))
  })

  const enrolled: Fact = {
    type: 'institution-enrolled',
    aggregate: 'institution:te',
    id: 'te',
    name: { es: 'te', en: 'te' },
    country: 'PA',
  }

  test('that enrolled begins when it is approved, once', () => {
    const approved = { type: 'institution-approved', aggregate: 'institution:te', reason: 'Seen' } as const
    expect(given(enrolled).when('approve', 'Seen')).toEqual([approved])
    expect(() => given(enrolled, approved).when('approve')).toThrow(expect.objectContaining({ code: 'state-conflict' }))
    expect(() => given(enrolled).when('suspend')).toThrow(expect.objectContaining({ code: 'state-conflict' }))
  })

  test('leaves from any state, and for good', () => {
    const left = { type: 'institution-left', aggregate: 'institution:te', reason: 'Merged' } as const
    for (const facts of [[enrolled], [joined], [joined, suspended]]) {
      expect(given(...facts).when('leave', 'Merged')).toEqual([left])
    }
    for (const change of ['leave', 'resume', 'approve', 'suspend'] as const) {
      expect(() => given(joined, left).when(change)).toThrow(expect.objectContaining({ code: 'state-conflict' }))
    }
  })

  test('that does not exist is not found', () => {
    expect(() => given().when('suspend')).toThrow(expect.objectContaining({ code: 'not-found' }))
  })

  test('P7: is not suspended with an identity number in the reason', () => {
    expect(() => given(joined).when('suspend', 'Denuncia de 8-123-4567')).toThrow(
      expect.objectContaining({
        code: 'identifier-in-clear',
        details: expect.objectContaining({ pointer: '/reason' }),
      }),
    )
  })
})
