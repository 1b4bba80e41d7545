import { describe, expect, test } from '@jest/globals'

import { authorize, decodeDecision, encodeDecision, type Fact, type Question } from '../src/index.ts'
import {
  accepted,
  delegation,
  delegationEnded,
  enrolled,
  key,
  keyAdded,
  keyRevoked,
  left,
  onBehalf,
  person,
  personAsks,
  personRemoved,
  proposed,
  withKey,
} from './membership-world.ts'
import { agreement, asks, at, bus, contract, institution, policyAfter, subscription, system } from './world.ts'

const admin = 'operator.admin'
const ask = (question: Question, ...facts: readonly Fact[]): string => {
  const { allowed, hidden, reasons } = authorize(policyAfter(...facts), question, at)
  return allowed ? 'yes' : hidden ? 'hidden' : reasons.map(({ code }) => code).join(' ')
}

describe('a system’s keys', () => {
  const receives = asks('css.main', 'receive', subscription)

  test('what a key proved counts while it stands, not once it is revoked or past its time', () => {
    const later = keyAdded('css.main', 'k1', '2026-11-22T12:00:01Z')
    expect(ask(withKey(receives, 'k1'), later)).toBe('yes')
    expect(ask(withKey(receives, 'k1'), keyAdded('css.main', 'k1', '2026-11-22T12:00:00Z'))).toBe('key-not-valid')
    expect(ask(withKey(receives, 'k1'), later, keyRevoked('css.main', 'k1'))).toBe('key-not-valid')
    expect(ask(withKey(receives, 'other'), later)).toBe('key-not-valid')
  })

  test('two keys stand beside each other while one follows the other', () => {
    const facts = [keyAdded('css.main', 'k1'), keyAdded('css.main', 'k2')]
    expect(facts.map((_, at) => ask(withKey(receives, `k${at + 1}`), ...facts))).toEqual(['yes', 'yes'])
  })

  test('a revoked key keeps its id: it does not come back, nor is it revoked or limited again', () => {
    const policy = policyAfter(keyAdded('css.main', 'k1'), keyRevoked('css.main', 'k1'))
    const aggregate = 'system:css.main'
    expect(policy.readable([{ type: 'system-key-added', aggregate, key: key('k1') }])).toBe(false)
    expect(policy.readable([keyRevoked('css.main', 'k1')])).toBe(false)
    expect(
      policy.readable([{ type: 'system-key-limited', aggregate, kid: 'k1', notAfter: '2030-01-01T00:00:00Z' }]),
    ).toBe(false)
    expect(policy.readable([keyAdded('css.main', 'k2')])).toBe(true)
  })

  test('are managed by administrators of the institution and by the operator, whose own are no facts', () => {
    expect(ask(asks('te.registro', 'manage-keys', system('te.reader')))).toBe('yes')
    expect(ask(asks('te.reader', 'manage-keys', system('te.reader')))).toBe('role-missing')
    expect(ask(asks('caja.main', 'manage-keys', system('te.reader')))).toBe('hidden')
    expect(ask(asks(admin, 'manage-keys', system('te.reader')))).toBe('yes')
    expect(ask(asks(admin, 'manage-keys', system(admin)))).toBe('operator-stays')
  })
})

describe('leaving', () => {
  test('ends what the institution consumed and what it provided, on both sides, for good', () => {
    for (const id of ['te', 'css']) {
      const policy = policyAfter(left(id))
      expect(policy.agreement('agr_1')?.state).toBe('ended')
      expect(policy.agreementsOf(id === 'te' ? 'css' : 'te').map(({ state }) => state)).toEqual(['ended'])
    }
    expect(policyAfter(left('css')).subscription('sub_1')?.state).toBe('ended')
    expect(ask(asks('css.main', 'receive', subscription), left('te'))).toBe('agreement-not-active')
    expect(ask(asks('css.main', 'receive', subscription), left('css'))).toBe('institution-left')
    expect(ask(asks(admin, 'read-institution', institution('css')), left('css'))).toBe('yes')
  })

  test('is final: the id joins no more, and nothing resumes it', () => {
    const policy = policyAfter(left('css'))
    expect(policy.readable([{ type: 'institution-resumed', aggregate: 'institution:css', reason: 'r' }])).toBe(false)
    expect(policy.readable([enrolled('css')])).toBe(false)
  })

  test('what was decided at the same moment about its agreements stays readable, and is over all the same', () => {
    const policy = policyAfter(left('te'), { type: 'agreement-suspended', aggregate: 'agreement:agr_1', reason: 'r' })
    expect(policy.opaque('agreement:agr_1')).toBe(false)
    expect(policy.agreement('agr_1')?.state).toBe('ended')
  })
})

describe('people', () => {
  const people = [
    person('te', 'ana', 'institution-admin'),
    person('te', 'eva', 'officer'),
    person('operator', 'rut', 'operator'),
  ]
  const answers: readonly (readonly [string, Question['action'], Question['on'], string])[] = [
    ['te/ana', 'manage-people', institution('te'), 'yes'],
    ['te/eva', 'manage-people', institution('te'), 'role-missing'],
    ['te/eva', 'read-people', institution('te'), 'yes'],
    ['te/ana', 'manage-people', institution('css'), 'hidden'],
    ['te/ana', 'appoint-officers', institution('te'), 'operator-only'],
    ['operator/rut', 'appoint-officers', institution('te'), 'yes'],
    ['operator/rut', 'create-institution', bus, 'yes'],
    ['te/ana', 'approve-agreement', agreement, 'yes'],
    ['te/eva', 'approve-agreement', agreement, 'role-missing'],
    ['te/ana', 'publish', contract, 'role-missing'],
    ['te/none', 'speak', bus, 'speaker-unknown'],
    ['css/ana', 'speak', bus, 'speaker-unknown'],
  ]
  test.each(answers)('%s asks to %s %j: %s', (...[who, action, on, answer]) => {
    expect(ask(personAsks(who, action, on), ...people)).toBe(answer)
  })

  test('who was removed says nothing more, and may be added again with other roles', () => {
    const facts = [...people, personRemoved('te', 'ana')]
    const question = personAsks('te/ana', 'manage-people', institution('te'))
    expect(ask(question, ...facts)).toBe('person-removed')
    expect(ask(question, ...facts, person('te', 'ana', 'dpo'))).toBe('role-missing')
    expect(
      policyAfter(...facts)
        .members.peopleOf('te')
        .map(({ id }) => id),
    ).toEqual(['eva'])
  })

  test('are found by their login, and no more by one that was replaced', () => {
    const named: Fact = { ...person('te', 'ana', 'dpo'), login: 'one' } as Fact
    const renamed: Fact = { type: 'person-changed', aggregate: 'person:te/ana', login: 'two' }
    expect(
      policyAfter(named)
        .members.peopleByLogin('one')
        .map(({ id }) => id),
    ).toEqual(['ana'])
    const { members } = policyAfter(named, renamed)
    expect([members.peopleByLogin('one').length, members.peopleByLogin('two').length]).toEqual([0, 1])
  })
})

describe('delegations', () => {
  const receives = onBehalf('caja.main', 'css', { action: 'receive', on: subscription })

  test('let the delegate do for the principal what both accepted, until they end', () => {
    expect(ask(receives)).toBe('delegation-not-valid')
    expect(ask(receives, proposed)).toBe('delegation-not-valid')
    expect(ask(receives, proposed, accepted)).toBe('yes')
    expect(ask(receives, proposed, accepted, delegationEnded)).toBe('delegation-not-valid')
    expect(ask(receives, { ...proposed, until: '2026-11-22T12:00:00Z' } as Fact, accepted)).toBe('delegation-not-valid')
  })

  test('reach the contracts they name, the roles they pass on, and never bind', () => {
    expect(ask(receives, { ...proposed, contracts: ['pa.gob.other.v1'] } as Fact, accepted)).toBe(
      'delegation-not-valid',
    )
    expect(ask(receives, { ...proposed, roles: ['provider'] } as Fact, accepted)).toBe('role-missing')
    const binds = onBehalf('caja.main', 'css', { action: 'end-agreement', on: agreement })
    expect(ask(binds, proposed, accepted)).toBe('delegation-not-valid')
    expect(ask(onBehalf('te.reader', 'css', { action: 'receive', on: subscription }), proposed, accepted)).toBe(
      'delegation-not-valid',
    )
  })

  test('are proposed by a party for itself, accepted by the parties, ended by either or the operator', () => {
    expect(ask(asks('css.main', 'propose-delegation', institution('css')))).toBe('yes')
    expect(ask(asks('css.main', 'propose-delegation', institution('te')))).toBe('hidden')
    expect(ask(asks('css.desk', 'propose-delegation', institution('css')))).toBe('role-missing')
    expect(ask(asks('caja.main', 'accept-delegation', delegation), proposed)).toBe('yes')
    expect(ask(asks('te.registro', 'accept-delegation', delegation), proposed)).toBe('hidden')
    expect(ask(asks(admin, 'accept-delegation', delegation), proposed)).toBe('party-only')
    expect(ask(asks(admin, 'end-delegation', delegation), proposed)).toBe('yes')
  })
})

test('P11: a decision’s id keeps person, key and principal, so that it is recomputed as it was made', () => {
  const secret = Buffer.alloc(32, 1)
  const asked = withKey(onBehalf('caja.main', 'css', { action: 'receive', on: subscription }), 'k9')
  for (const question of [asked, personAsks('te/ana', 'speak', bus)]) {
    const decision = authorize(policyAfter(), question, at)
    expect(decodeDecision(secret, encodeDecision(secret, question, decision))?.question).toEqual(question)
  }
})
