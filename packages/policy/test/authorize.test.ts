import { describe, expect, test } from '@jest/globals'

import { authorize, type Decision, type Fact, Policy, type Question } from '../src/index.ts'
import {
  about,
  agreement,
  agreementIs,
  approved,
  asks,
  at,
  bus,
  contract,
  drafted,
  institution,
  joined,
  policyAfter,
  published,
  registered,
  requested,
  subscription,
  system,
  systemIs,
  world,
} from './world.ts'

const admin = 'operator.admin'
const decide = (question: Question, ...facts: readonly Fact[]): Decision =>
  authorize(policyAfter(...facts), question, at)
/** `yes`, `hidden`, or the codes of the reasons. */
const told = ({ allowed, hidden, reasons }: Decision) =>
  allowed ? 'yes' : hidden ? 'hidden' : reasons.map(({ code }) => code).join(' ')

describe('who may do what', () => {
  const answers: readonly (readonly [string, Question['action'], Question['on'], string])[] = [
    ['te.registro', 'publish', contract, 'yes'],
    ['te.reader', 'publish', contract, 'role-missing'],
    ['caja.main', 'publish', contract, 'contract-owner'],
    ['css.main', 'publish', contract, 'contract-owner role-missing'],
    ['te.registro', 'publish', { kind: 'contract', id: 'none' }, 'hidden'],
    ['te.registro', 'publish', institution('te'), 'yes'],
    ['te.reader', 'publish', institution('te'), 'role-missing'],
    ['te.registro', 'publish', institution('css'), 'hidden'],
    ['css.main', 'subscribe', agreement, 'yes'],
    ['css.desk', 'subscribe', agreement, 'role-missing'],
    ['te.reader', 'subscribe', agreement, 'consumer-only'],
    ['caja.main', 'subscribe', agreement, 'hidden'],
    ['css.main', 'subscribe', institution('css'), 'yes'],
    ['css.desk', 'subscribe', institution('css'), 'role-missing'],
    ['css.main', 'subscribe', institution('te'), 'hidden'],
    ['css.main', 'subscribe', { kind: 'agreement', id: 'none' }, 'hidden'],
    ['css.main', 'receive', subscription, 'yes'],
    ['css.desk', 'receive', subscription, 'role-missing'],
    ['te.reader', 'receive', subscription, 'consumer-only'],
    ['caja.main', 'receive', subscription, 'hidden'],
    [admin, 'receive', subscription, 'consumer-only role-missing'],
    [admin, 'create-institution', bus, 'yes'],
    ['te.registro', 'create-institution', bus, 'operator-only'],
    ['te.reader', 'read-institution', institution('te'), 'yes'],
    ['css.main', 'read-institution', institution('te'), 'hidden'],
    [admin, 'read-institution', institution('te'), 'yes'],
    [admin, 'read-institution', institution('none'), 'hidden'],
    [admin, 'read-institution', institution('unavez'), 'hidden'],
    [admin, 'register-system', institution('unavez'), 'hidden'],
    [admin, 'invite', institution('unavez'), 'hidden'],
    [admin, 'manage-keys', system('unavez.notices'), 'hidden'],
    ['css.main', 'read-institution', bus, 'yes'],
    [admin, 'suspend-institution', institution('te'), 'yes'],
    [admin, 'suspend-institution', institution('operator'), 'operator-stays'],
    ['te.registro', 'suspend-institution', institution('te'), 'operator-only'],
    ['te.registro', 'suspend-institution', institution('css'), 'hidden'],
    [admin, 'register-system', institution('te'), 'yes'],
    ['te.registro', 'register-system', institution('te'), 'yes'],
    ['te.reader', 'register-system', institution('te'), 'role-missing'],
    ['css.main', 'register-system', institution('te'), 'hidden'],
    ['te.reader', 'read-system', system('te.registro'), 'yes'],
    ['css.main', 'read-system', system('te.registro'), 'hidden'],
    [admin, 'read-system', system('te.registro'), 'yes'],
    ['te.registro', 'read-system', institution('te'), 'yes'],
    ['te.registro', 'suspend-system', system('te.reader'), 'yes'],
    ['te.reader', 'suspend-system', system('te.registro'), 'role-missing'],
    ['css.main', 'suspend-system', system('te.registro'), 'hidden'],
    [admin, 'suspend-system', system(admin), 'operator-stays'],
    ['te.registro', 'draft-contract', institution('te'), 'yes'],
    ['te.reader', 'draft-contract', institution('te'), 'role-missing'],
    ['caja.main', 'draft-contract', institution('te'), 'contract-owner'],
    ['caja.main', 'draft-contract', institution('8-123-4567'), 'hidden'],
    ['te.registro', 'publish-contract', contract, 'yes'],
    ['caja.main', 'publish-contract', contract, 'contract-owner'],
    ['css.portal', 'read-contract', contract, 'yes'],
    ['css.portal', 'read-contract', bus, 'yes'],
    ['css.main', 'request-agreement', institution('css'), 'yes'],
    ['css.desk', 'request-agreement', institution('css'), 'yes'],
    ['css.portal', 'request-agreement', institution('css'), 'role-missing'],
    ['caja.main', 'request-agreement', institution('css'), 'consumer-only'],
    ['caja.main', 'request-agreement', institution('8-123-4567'), 'hidden'],
    ['css.portal', 'read-agreement', agreement, 'yes'],
    ['te.reader', 'read-agreement', agreement, 'yes'],
    [admin, 'read-agreement', agreement, 'yes'],
    ['caja.main', 'read-agreement', agreement, 'hidden'],
    ['caja.main', 'read-agreement', bus, 'yes'],
    ['te.registro', 'approve-agreement', agreement, 'yes'],
    ['te.reader', 'approve-agreement', agreement, 'role-missing'],
    ['css.main', 'approve-agreement', agreement, 'owner-only'],
    ['caja.main', 'approve-agreement', agreement, 'hidden'],
    ['te.registro', 'suspend-agreement', agreement, 'yes'],
    ['css.main', 'suspend-agreement', agreement, 'yes'],
    [admin, 'suspend-agreement', agreement, 'yes'],
    ['css.desk', 'suspend-agreement', agreement, 'role-missing'],
    ['caja.main', 'end-agreement', agreement, 'hidden'],
    ['css.main', 'end-agreement', agreement, 'yes'],
    ['te.reader', 'read-subscription', subscription, 'yes'],
    ['css.desk', 'read-subscription', subscription, 'yes'],
    ['caja.main', 'read-subscription', subscription, 'hidden'],
    [admin, 'read-subscription', subscription, 'yes'],
    ['css.main', 'change-subscription', subscription, 'yes'],
    ['css.desk', 'change-subscription', subscription, 'role-missing'],
    ['te.registro', 'change-subscription', subscription, 'consumer-only'],
    ['caja.main', 'change-subscription', subscription, 'hidden'],
    ['css.portal', 'speak', bus, 'yes'],
    ['css.gone', 'speak', bus, 'speaker-unknown'],
    ['te.registro', 'approve-agreement', bus, 'hidden'],
  ]
  test.each(answers)('%s, %s, %j: %s', (...[speaker, action, on, answer]) => {
    expect(told(decide(asks(speaker, action, on)))).toBe(answer)
  })

  test('roles count as policy has them, whatever a token claims: a system speaks for its own institution only', () => {
    const question: Question = { action: 'speak', actor: { institution: 'css', system: 'registro' }, on: bus }
    expect(told(decide(question))).toBe('speaker-unknown')
  })
})

describe('who is stopped', () => {
  test('P6: a suspended institution is refused everything, and answers again once resumed', () => {
    const question = asks('css.main', 'receive', subscription)
    const suspended = about('institution-suspended', 'css')
    expect(told(decide(question, suspended))).toBe('institution-suspended')
    expect(told(decide(asks('css.main', 'speak', bus), suspended))).toBe('institution-suspended')
    expect(told(decide(question, suspended, about('institution-resumed', 'css')))).toBe('yes')
  })

  test('P6: a suspended system is refused everything while its sisters go on', () => {
    const suspended = systemIs('system-suspended', 'css.main')
    expect(told(decide(asks('css.main', 'read-agreement', agreement), suspended))).toBe('system-suspended')
    expect(told(decide(asks('css.desk', 'read-agreement', agreement), suspended))).toBe('yes')
    expect(told(decide(asks('css.main', 'speak', bus), suspended, systemIs('system-resumed', 'css.main')))).toBe('yes')
  })

  test('P6: nothing is received or subscribed under an agreement that is not in force', () => {
    const questions = [asks('css.main', 'receive', subscription), asks('css.main', 'subscribe', agreement)]
    const refusals = (...facts: readonly Fact[]) => questions.map((question) => told(decide(question, ...facts)))
    const both = ['agreement-not-active', 'agreement-not-active']
    expect(refusals(agreementIs('agreement-suspended'))).toEqual(both)
    expect(refusals(agreementIs('agreement-ended'))).toEqual(both)
    expect(refusals(about('institution-suspended', 'te'))).toEqual(both)
    const pending = Policy.of(world.filter((fact) => fact !== approved))
    expect(questions.map((question) => told(authorize(pending, question, at)))).toEqual(both)
  })

  test('an agreement is in force from its first moment up to, and without, its last', () => {
    const facts = world.map((fact) => (fact === requested ? { ...requested, validFrom: '2026-01-01T00:00:00Z' } : fact))
    const asked = (moment: string) =>
      told(authorize(Policy.of(facts), asks('css.main', 'receive', subscription), new Date(moment)))
    expect(asked('2025-12-31T23:59:59.999Z')).toBe('agreement-not-active')
    expect(asked('2026-01-01T00:00:00Z')).toBe('yes')
    expect(asked('2029-12-31T23:59:59.999Z')).toBe('yes')
    expect(asked('2030-01-01T00:00:00Z')).toBe('agreement-not-active')
  })

  test('what one side suspended only that side or the operator resumes', () => {
    const policy = policyAfter()
    const facts = [agreementIs('agreement-suspended')]
    const value = Buffer.from(JSON.stringify({ command: 'n', hash: '', reads: {}, facts }))
    const by = { institution: 'te', system: 'registro' }
    policy.apply({ offset: policy.offset, appendedAt: at, by, authentic: true, value })
    const speakers = ['te.registro', 'te.reader', 'css.main', 'css.desk', admin, 'caja.main']
    expect(
      speakers.map((speaker) => told(authorize(policy, asks(speaker, 'resume-agreement', agreement), at))),
    ).toEqual(['yes', 'role-missing', 'suspended-by-other', 'suspended-by-other role-missing', 'yes', 'hidden'])
  })

  test('a paused and an ended subscription receive nothing', () => {
    const question = asks('css.main', 'receive', subscription)
    const aggregate = 'subscription:sub_1'
    expect(told(decide(question, { type: 'subscription-paused', aggregate }))).toBe('subscription-paused')
    expect(told(decide(question, { type: 'subscription-ended', aggregate }))).toBe('subscription-ended')
  })

  test('an event is published under a published contract about events', () => {
    const question = asks('te.registro', 'publish', contract)
    const draft = Policy.of(world.filter((fact) => fact !== published))
    expect(told(authorize(draft, question, at))).toBe('contract-not-published')
    const evidence = Policy.of(
      world.map((fact) => (fact === drafted ? ({ ...drafted, kind: 'evidence' } as Fact) : fact)),
    )
    expect(told(authorize(evidence, question, at))).toBe('contract-not-event')
  })

  test('a draft of an agreement is known to its consumer alone', () => {
    const draft = { ...requested, type: 'agreement-drafted' } as Fact
    const policy = Policy.of([...world.filter((fact) => fact !== requested && fact !== approved), draft])
    expect(policy.agreementsOf('css').map(({ id }) => id)).toEqual(['agr_1'])
    expect(policy.agreementsOf('te')).toEqual([])
    expect(policy.agreementsOn(contract.id)).toEqual([])
    for (const speaker of ['te.registro', 'caja.main', 'operator.admin']) {
      expect(authorize(policy, asks(speaker, 'read-agreement', agreement), at).hidden).toBe(true)
    }
    expect(authorize(policy, asks('css.main', 'read-agreement', agreement), at).allowed).toBe(true)
  })

  test('what this code can not read is refused wherever an answer depends on it', () => {
    const unread = (fact: Fact, ...questions: readonly Question[]) => {
      const value = { command: 'n', hash: '', reads: {}, facts: [{ type: 'novel', aggregate: fact.aggregate }] }
      const policy = policyAfter()
      const by = { institution: '', system: '' }
      policy.apply({
        offset: policy.offset,
        appendedAt: at,
        by,
        authentic: true,
        value: Buffer.from(JSON.stringify(value)),
      })
      return questions.map((question) => told(authorize(policy, question, at)))
    }
    const receive = asks('css.main', 'receive', subscription)
    const publish = asks('te.registro', 'publish', contract)
    expect(unread(joined('css'), receive, publish)).toEqual(['policy-too-new', 'yes'])
    expect(unread(joined('te'), receive, publish)).toEqual(['policy-too-new', 'policy-too-new'])
    expect(unread(registered('css.main'), receive, asks('css.desk', 'speak', bus))).toEqual(['policy-too-new', 'yes'])
    expect(unread(drafted, receive, publish)).toEqual(['policy-too-new', 'policy-too-new'])
    expect(unread(requested, receive, asks('css.main', 'subscribe', agreement))).toEqual([
      'policy-too-new',
      'policy-too-new',
    ])
    expect(unread({ ...approved, aggregate: 'subscription:sub_1' }, receive, publish)).toEqual([
      'policy-too-new',
      'yes',
    ])
  })
})
