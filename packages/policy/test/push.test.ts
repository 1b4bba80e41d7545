import { describe, expect, test } from '@jest/globals'

import { authorize, type Fact, Policy, theBus } from '../src/index.ts'
import {
  aggregate,
  blocked,
  consented,
  consentedTo,
  endpoint,
  movedTo,
  paused,
  pushed,
  pushing,
  resumed,
  secret,
  signing,
} from './push-world.ts'
import { about, agreementIs, approved, at, policyAfter, subscribed, systemIs, world } from './world.ts'

const after = (...facts: readonly Fact[]) => policyAfter(pushed, ...facts).subscription('sub_2')
const offsets = { aggregate, to: [3, 4] }

describe('A pushed subscription', () => {
  test('waits for the consent of its endpoint, and is active with it', () => {
    expect(after()).toMatchObject({ state: 'awaiting-consent', endpoint: { ...endpoint, version: 1 } })
    expect(after(consented)).toMatchObject({ state: 'active', endpoint: { consented: true } })
  })

  test('needs another consent for another address, and none for another way to sign in', () => {
    const moved = movedTo('https://css.example/new')
    expect(after(consented, moved)).toMatchObject({ state: 'awaiting-consent', endpoint: { version: 2 } })
    expect(after(consented, moved, consentedTo(2))).toMatchObject({ state: 'active' })
    const { sealed: _, ...open } = endpoint
    const signedIn: Fact = { type: 'subscription-endpoint-set', aggregate, endpoint: { ...open, auth: 'none' } }
    expect(after(consented, signedIn)).toMatchObject({ state: 'active', endpoint: { version: 2, auth: 'none' } })
  })

  test('keeps to the rate that its receiver allowed, until another address or another word', () => {
    const allowed = consentedTo(1, { ratePerMinute: 60 })
    const rateAfter = (...facts: readonly Fact[]) => after(allowed, ...facts)?.endpoint?.ratePerMinute
    expect(rateAfter()).toBe(60)
    expect(rateAfter(movedTo(endpoint.url, { auth: 'none' }))).toBe(60)
    expect(rateAfter(movedTo('https://css.example/new'))).toBeUndefined()
    expect(rateAfter(consentedTo(1))).toBeUndefined()
  })

  test('that is paused or blocked stays so, whatever becomes of its endpoint, and waits for consent when it goes on', () => {
    const moved = movedTo('https://css.example/new')
    expect(after(paused, consented)).toMatchObject({ state: 'paused', reason: 'http-410' })
    expect(after(paused, consented, resumed)?.state).toBe('active')
    expect(after(consented, blocked, moved)).toMatchObject({ state: 'blocked', reason: 'held-too-many' })
    const gone = after(consented, blocked, moved, resumed)
    expect(gone?.state).toBe('awaiting-consent')
    expect(gone).not.toHaveProperty('reason')
  })

  test('goes on in a new epoch where it is rewound to', () => {
    const rewound: Fact = { type: 'subscription-rewound', ...offsets }
    expect(after(consented, rewound)).toMatchObject({ epoch: 2, start: [3, 4], back: true })
    const skipped: Fact = { type: 'subscription-resumed', aggregate, backlog: 'skip', skipTo: [5, 6] }
    expect(after(consented, rewound, paused, skipped)).not.toHaveProperty('back')
  })

  test('that is resumed with what waited has all that is held due at once; so has one whose agreement is', () => {
    const due = [{ kind: 'retry', n: expect.any(Number) }]
    expect(after(consented, paused, resumed)?.orders).toEqual(due)
    expect(
      after(consented, paused, { type: 'subscription-resumed', aggregate, backlog: 'skip', skipTo: [1, 1] }),
    ).toMatchObject({ orders: [], epoch: 2 })
    const again: Fact = { type: 'agreement-resumed', aggregate: 'agreement:agr_1', reason: 'Again', backlog: 'deliver' }
    const policy = policyAfter(pushed, agreementIs('agreement-suspended'), again)
    expect(policy.subscription('sub_2')?.orders).toEqual(due)
    expect(policy.subscription('sub_1')?.orders).toEqual([])
  })

  test('remembers the newest orders, each by the offset of its record', () => {
    const orders = Array.from({ length: 300 }, (_, i): Fact => {
      return { type: 'delivery-ordered', aggregate, order: { kind: 'retry', held: `t${i}` } }
    })
    const skip: Fact = { type: 'delivery-ordered', aggregate, order: { kind: 'skip', held: 'h1' }, reason: 'Poison' }
    const remembered = after(...orders, skip)?.orders ?? []
    expect(remembered).toHaveLength(256)
    const n = world.length + 1 + orders.length
    expect(remembered.at(-1)).toEqual({ kind: 'skip', held: 'h1', reason: 'Poison', n })
    expect(remembered.at(-2)).toEqual({ kind: 'retry', held: 't299', n: n - 1 })
  })

  test('signs with the new key and, until its time, with the one that it replaces; never with a third', () => {
    const rotated = (sealed: string, until: string): Fact => ({
      type: 'subscription-secret-rotated',
      aggregate,
      key: { use: 'secret', sealed },
      until,
    })
    const until = '2026-11-24T00:00:00Z'
    const [first, second] = [rotated('s2', until), rotated('s3', until)]
    expect(after(first)?.keys).toEqual([{ use: 'secret', sealed: 's2' }, signing, { ...secret, until }])
    expect(after(first, second)?.keys).toEqual([
      { use: 'secret', sealed: 's3' },
      signing,
      { use: 'secret', sealed: 's2', until },
    ])
  })

  test('facts of pulls written before there was any push are read as ever', () => {
    expect(Policy.of([subscribed]).subscription('sub_1')).toEqual({
      id: 'sub_1',
      agreement: 'agr_1',
      consumer: 'css',
      mode: 'pull',
      state: 'active',
      epoch: 1,
      start: [0, 0],
      filterVersion: 1,
      baseline: 'include',
      keys: [],
      orders: [],
    })
  })
})

describe('Whether the bus may send', () => {
  const deliver = { action: 'deliver', actor: theBus('delivery'), on: pushing } as const
  const told = (policy: Policy, question = deliver) => {
    const { allowed, hidden, reasons } = authorize(policy, question, at)
    return allowed ? 'yes' : hidden ? 'hidden' : reasons.map(({ code }) => code).join(' ')
  }
  const ready = [pushed, consented]
  const removed: Fact = { type: 'person-removed', aggregate: 'person:css/ana', reason: 'Left' }

  test('P6: is asked for the consumer, under an agreement in force and a subscription that is active', () => {
    expect(told(policyAfter(...ready))).toBe('yes')
    expect(told(policyAfter(pushed))).toBe('subscription-awaiting-consent')
    expect(told(policyAfter(...ready, blocked))).toBe('subscription-blocked')
    expect(told(policyAfter(...ready, paused))).toBe('subscription-paused')
    expect(told(policyAfter(...ready, agreementIs('agreement-suspended')))).toBe('agreement-not-active')
    expect(told(policyAfter(...ready, about('institution-suspended', 'css')))).toBe('institution-suspended')
    expect(told(policyAfter(...ready, about('institution-suspended', 'te')))).toBe('agreement-not-active')
  })

  test('P6: the system whose endpoint it is must stand; without one the institution must', () => {
    expect(told(policyAfter(...ready, systemIs('system-suspended', 'css.main')))).toBe('system-suspended')
    const { system: _, ...byPerson } = endpoint
    const personal = [{ ...pushed, endpoint: byPerson }, consented]
    expect(told(policyAfter(...personal, systemIs('system-suspended', 'css.main')))).toBe('yes')
    expect(told(policyAfter(...personal, about('institution-suspended', 'css')))).toBe('institution-suspended')
    expect(told(policyAfter(...personal, removed))).toBe('yes')
  })

  test('P6: an endpoint that another institution set receives as long as the delegation lasts', () => {
    const delegated: Fact = { ...pushed, endpoint: { ...endpoint, system: 'caja.main' } }
    const given: Fact = {
      type: 'delegation-proposed',
      aggregate: 'delegation:del_1',
      id: 'del_1',
      principal: 'css',
      delegate: 'caja',
      roles: ['consumer'],
      contracts: ['pa.gob.civil.birth-registered.v1'],
      until: '2030-01-01T00:00:00Z',
      proposer: 'css',
    }
    const accepted: Fact = { type: 'delegation-accepted', aggregate: 'delegation:del_1' }
    const ended: Fact = { type: 'delegation-ended', aggregate: 'delegation:del_1', reason: 'Over' }
    expect(told(policyAfter(delegated, consented))).toBe('delegation-not-valid')
    expect(told(policyAfter(delegated, consented, given, accepted))).toBe('yes')
    expect(told(policyAfter(delegated, consented, given, accepted, ended))).toBe('delegation-not-valid')
    const publishing: Fact = { ...given, roles: ['publisher'] }
    expect(told(policyAfter(delegated, consented, publishing, accepted))).toBe('delegation-not-valid')
  })

  test('nobody but the bus itself asks', () => {
    const asked = (institution: string) => {
      const question = { ...deliver, actor: { institution, system: 'main' } }
      return authorize(policyAfter(...ready), question, at).allowed
    }
    expect(asked('css')).toBe(false)
    expect(asked('operator')).toBe(false)
  })

  test('what this code can not read is not sent', () => {
    const novel = { type: 'novel', aggregate } as unknown as Fact
    expect(told(Policy.of([...world, pushed, consented, novel]))).toBe('policy-too-new')
    expect(told(Policy.of(world.filter((fact) => fact !== approved && fact !== subscribed)))).toBe('speaker-unknown')
  })
})
