import { describe, expect, test } from '@jest/globals'
import { type Fact, Policy } from '@unavez/policy'

import { type ChangeSubscription, changeSubscription, createSubscription } from '../src/subscription.ts'

const requested: Fact = {
  type: 'agreement-requested',
  aggregate: 'agreement:agr_1',
  id: 'agr_1',
  consumer: 'css',
  owner: 'te',
  contract: 'pa.gob.civil.birth-registered.v1',
  version: 1,
  purpose: { es: 'Afiliar', en: 'Enrol' },
  legalBasis: { kind: 'law', norm: 'Ley 51 de 2005' },
  fields: ['child'],
  validUntil: '2030-01-01T00:00:00.000Z',
}
const approved: Fact = { type: 'agreement-approved', aggregate: 'agreement:agr_1', reason: 'Agreed' }
const suspended: Fact = { type: 'agreement-suspended', aggregate: 'agreement:agr_1', reason: 'Audit' }
const aggregate = 'subscription:sub_1'
const created: Fact = {
  type: 'subscription-created',
  aggregate,
  id: 'sub_1',
  agreement: 'agr_1',
  consumer: 'css',
  mode: 'pull',
  start: [7, 0, 3],
}
const paused: Fact = { type: 'subscription-paused', aggregate }
const ended: Fact = { type: 'subscription-ended', aggregate }

const given = (...facts: readonly Fact[]) => {
  const policy = Policy.of(facts)
  const [subscription, agreement] = [policy.subscription('sub_1'), policy.agreement('agr_1')]
  return {
    subscribes: () => createSubscription({ subscription, agreement }, { id: 'sub_1', mode: 'pull', start: [7, 0, 3] }),
    when: (command: ChangeSubscription) => changeSubscription(subscription, command),
  }
}

const refused = (code: string) => expect.objectContaining({ code })

describe('A subscription', () => {
  test('puts an active agreement to work from the offsets given', () => {
    expect(given(requested, approved).subscribes()).toEqual([created])
  })

  test('needs an agreement that is active', () => {
    expect(() => given().subscribes()).toThrow(refused('agreement-not-active'))
    expect(() => given(requested).subscribes()).toThrow(refused('agreement-not-active'))
    expect(() => given(requested, approved, suspended).subscribes()).toThrow(refused('agreement-not-active'))
  })

  test('is made once under one identifier', () => {
    expect(() => given(requested, approved, created).subscribes()).toThrow(refused('state-conflict'))
  })

  test('is paused and resumed with what waited, or without it', () => {
    expect(given(created).when({ change: 'pause' })).toEqual([paused])
    expect(given(created).when({ change: 'pause', reason: 'Maintenance' })).toEqual([
      { ...paused, reason: 'Maintenance' },
    ])
    expect(given(created, paused).when({ change: 'resume', backlog: 'deliver' })).toEqual([
      { type: 'subscription-resumed', aggregate, backlog: 'deliver' },
    ])
    expect(given(created, paused).when({ change: 'resume', backlog: 'skip', skipTo: [9, 9, 9] })).toEqual([
      { type: 'subscription-resumed', aggregate, backlog: 'skip', skipTo: [9, 9, 9] },
    ])
  })

  test('that skips what waited leaves its older cursors behind', () => {
    const skipped: Fact = { type: 'subscription-resumed', aggregate, backlog: 'skip', skipTo: [9, 9, 9] }
    const before = Policy.of([created]).subscription('sub_1')
    const after = Policy.of([created, paused, skipped]).subscription('sub_1')
    expect(after).toMatchObject({ state: 'active', start: [9, 9, 9] })
    expect(after?.epoch).toBeGreaterThan(before?.epoch ?? 0)
  })

  test('ends for good, active or paused', () => {
    expect(given(created).when({ change: 'end' })).toEqual([ended])
    expect(given(created, paused).when({ change: 'end' })).toEqual([ended])
  })

  test.each<[string, readonly Fact[], ChangeSubscription]>([
    ['active cannot be resumed', [created], { change: 'resume', backlog: 'deliver' }],
    ['paused cannot be paused again', [created, paused], { change: 'pause' }],
    ['ended cannot be resumed', [created, ended], { change: 'resume', backlog: 'deliver' }],
    ['ended cannot be ended again', [created, ended], { change: 'end' }],
  ])('that is %s', (_, facts, command) => {
    expect(() => given(...facts).when(command)).toThrow(refused('state-conflict'))
  })

  test('that does not exist is not found', () => {
    expect(() => given().when({ change: 'pause' })).toThrow(refused('not-found'))
  })
})
