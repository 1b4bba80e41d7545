import { describe, expect, test } from '@jest/globals'
import { contractUsed, type Fact, Policy } from '@unavez/policy'

import { type ChangeAgreement, changeAgreement } from '../src/agreement-change.ts'
import { type RequestAgreement, requestAgreement } from '../src/agreement.ts'
import { knownOf } from '../src/known.ts'
import { birthSchema } from './birth-facts.ts'

const type = 'pa.gob.civil.birth-registered.v1'
const now = new Date('2026-11-22T10:00:00Z')

const wish = {
  id: 'agr_1',
  consumer: 'css',
  contract: type,
  purpose: { es: 'Afiliar al recién nacido', en: 'Enrol the newborn' },
  legalBasis: { kind: 'law', norm: 'Ley 51 de 2005', article: '77' },
  fields: ['child', 'birthDate'],
  validUntil: '2030-01-01T00:00:00Z',
}

const drafted: Fact = {
  type: 'contract-drafted',
  aggregate: `contract:${type}`,
  contract: type,
  kind: 'event',
  domain: 'civil',
  owner: 'te',
  retention: 'P90D',
  description: { es: 'Nacimiento', en: 'Birth' },
  version: 1,
  schema: birthSchema,
}
const published: Fact = {
  type: 'contract-published',
  aggregate: `contract:${type}`,
  version: 1,
  numbered: { sequence: 'schema', of: 'sha256:1' },
}
const requested: Fact = {
  type: 'agreement-requested',
  aggregate: 'agreement:agr_1',
  owner: 'te',
  version: 1,
  ...wish,
  validUntil: '2030-01-01T00:00:00.000Z',
}
const aggregate = 'agreement:agr_1'
const approved: Fact = { type: 'agreement-approved', aggregate, reason: 'Agreed' }
const suspended: Fact = { type: 'agreement-suspended', aggregate, reason: 'Audit' }
const rejected: Fact = { type: 'agreement-rejected', aggregate, reason: 'No' }
const ended: Fact = { type: 'agreement-ended', aggregate, reason: 'Done' }

const given = (...facts: readonly Fact[]) => {
  const policy = Policy.of(facts)
  return {
    asks: (more: Partial<RequestAgreement> = {}) =>
      requestAgreement(
        policy.agreement('agr_1'),
        { ...wish, ...more },
        { known: knownOf(policy, { ...wish, ...more }), at: now },
      ),
    when: (command: ChangeAgreement, at = now) => changeAgreement(policy.agreement('agr_1'), command, at),
  }
}

const refused = (code: string, pointer?: string) =>
  expect.objectContaining({ code, ...(pointer === undefined ? {} : { details: expect.objectContaining({ pointer }) }) })

function accepts(decide: () => unknown): boolean {
  try {
    decide()
    return true
  } catch {
    return false
  }
}

describe('A request for an agreement', () => {
  test('becomes a pending agreement on the published version, with the owner of the contract', () => {
    expect(given(drafted, published).asks()).toEqual([requested, contractUsed(type)])
  })

  test('keeps the day from which it is valid', () => {
    expect(given(drafted, published).asks({ validFrom: '2027-01-01T00:00:00Z' })).toEqual([
      { ...requested, validFrom: '2027-01-01T00:00:00.000Z' },
      contractUsed(type),
    ])
  })

  test('needs a contract that exists and is published', () => {
    expect(() => given().asks()).toThrow(refused('body-invalid', '/contract'))
    expect(() => given(drafted).asks()).toThrow(refused('contract-not-published', '/contract'))
  })

  test.each<[string, Partial<RequestAgreement>, string]>([
    ['no field', { fields: [] }, '/fields'],
    ['a field that the contract does not have', { fields: ['child', 'father'] }, '/fields/1'],
    ['a field named twice', { fields: ['child', 'mother', 'child'] }, '/fields/2'],
    ['a validity that is over', { validUntil: '2026-11-22T10:00:00Z' }, '/validUntil'],
    ['a validity that ends before it begins', { validFrom: '2031-01-01T00:00:00Z' }, '/validFrom'],
  ])('with %s is refused with a pointer to the fault', (_, more, pointer) => {
    expect(() => given(drafted, published).asks(more)).toThrow(refused('body-invalid', pointer))
  })

  test.each<[Partial<RequestAgreement>, string]>([
    [{ purpose: { es: 'Afiliar a 8-123-4567', en: 'Enrol' } }, '/purpose/es'],
    [{ purpose: { es: 'Afiliar', en: 'Enrol 8-123-4567' } }, '/purpose/en'],
    [{ legalBasis: { kind: 'law', norm: '8-123-4567' } }, '/legalBasis/norm'],
  ])('P7: with an identity number in its text is refused', (more, pointer) => {
    expect(() => given(drafted, published).asks(more)).toThrow(refused('identifier-in-clear', pointer))
  })

  test('with an identifier that is taken is refused', () => {
    expect(() => given(drafted, published, requested).asks()).toThrow(refused('agreement-exists'))
  })
})

describe('An agreement', () => {
  const reason = 'Agreed'

  test('that is pending can be approved, rejected or withdrawn', () => {
    expect(given(requested).when({ change: 'approve', reason })).toEqual([approved])
    expect(given(requested).when({ change: 'reject', reason: 'No' })).toEqual([rejected])
    expect(given(requested).when({ change: 'end', reason: 'Done' })).toEqual([ended])
  })

  test('that is active can be suspended and ended', () => {
    expect(given(requested, approved).when({ change: 'suspend', reason: 'Audit' })).toEqual([suspended])
    expect(given(requested, approved).when({ change: 'end', reason: 'Done' })).toEqual([ended])
  })

  test('that is suspended can be resumed with what waited, or without it', () => {
    const state = given(requested, approved, suspended)
    expect(state.when({ change: 'resume', reason, backlog: 'deliver' })).toEqual([
      { type: 'agreement-resumed', aggregate, reason, backlog: 'deliver' },
      contractUsed(type),
    ])
    expect(state.when({ change: 'resume', reason, backlog: 'skip', skipTo: [1, 2] })).toEqual([
      { type: 'agreement-resumed', aggregate, reason, backlog: 'skip', skipTo: [1, 2] },
      contractUsed(type),
    ])
  })

  const resume: ChangeAgreement = { change: 'resume', reason, backlog: 'deliver' }
  test.each<[string, readonly Fact[], ChangeAgreement]>([
    ['pending cannot be suspended', [requested], { change: 'suspend', reason }],
    ['pending cannot be resumed', [requested], resume],
    ['active cannot be approved again', [requested, approved], { change: 'approve', reason }],
    ['active cannot be rejected', [requested, approved], { change: 'reject', reason }],
    ['active cannot be resumed', [requested, approved], resume],
    ['suspended cannot be suspended again', [requested, approved, suspended], { change: 'suspend', reason }],
    ['rejected stays rejected', [requested, rejected], { change: 'approve', reason }],
    ['rejected cannot be ended', [requested, rejected], { change: 'end', reason }],
    ['ended stays ended', [requested, approved, ended], { change: 'end', reason }],
    ['ended cannot be resumed', [requested, approved, ended], resume],
  ])('that is %s', (_, facts, command) => {
    expect(() => given(...facts).when(command)).toThrow(
      expect.objectContaining({ code: 'state-conflict', details: { detail: expect.anything() } }),
    )
  })

  test('whose validity is over can be ended but neither approved nor resumed', () => {
    const later = new Date('2030-01-01T00:00:00Z')
    expect(() => given(requested).when({ change: 'approve', reason }, later)).toThrow(refused('state-conflict'))
    expect(() => given(requested, approved, suspended).when(resume, later)).toThrow(refused('state-conflict'))
    expect(given(requested, approved).when({ change: 'end', reason: 'Done' }, later)).toEqual([ended])
  })

  test.each<[string, readonly Fact[]]>([
    ['pending', [requested]],
    ['active', [requested, approved]],
    ['suspended', [requested, approved, suspended]],
    ['rejected', [requested, rejected]],
    ['ended', [requested, approved, ended]],
  ])('that is %s changes exactly as the fold can follow', (state, facts) => {
    expect(Policy.of(facts).agreement('agr_1')?.state).toBe(state)
    const changes = [
      { change: 'approve', fact: approved },
      { change: 'reject', fact: rejected },
      { change: 'suspend', fact: suspended },
      { change: 'end', fact: ended },
    ] as const
    const decided = changes.filter(({ change }) => accepts(() => given(...facts).when({ change, reason })))
    const followed = changes.filter(({ fact }) => Policy.of(facts).readable([fact]))
    expect(decided).toEqual(followed)
  })

  test('that does not exist is not found', () => {
    expect(() => given().when({ change: 'approve', reason })).toThrow(refused('not-found'))
  })

  test('P7: is not changed with an identity number in the reason', () => {
    expect(() => given(requested).when({ change: 'approve', reason: 'por 8-123-4567' })).toThrow(
      refused('identifier-in-clear', '/reason'),
    )
  })
})
