import { describe, expect, test } from '@jest/globals'
import { type Fact, Policy } from '@unavez/policy'

import { nextSteps } from '../src/me.ts'

const joined = (id: string): Fact => ({
  type: 'institution-joined',
  aggregate: `institution:${id}`,
  id,
  name: { es: id, en: id },
  country: 'PA',
})

type Role = 'administrator' | 'publisher' | 'consumer'
const registered = (institution: string, roles: Role[], id = 'main'): Fact => ({
  type: 'system-registered',
  aggregate: `system:${institution}.${id}`,
  institution,
  id,
  name: id,
  roles,
  keys: [],
})

const contract = 'pa.gob.civil.birth-registered.v1'
const drafted: Fact = {
  type: 'contract-drafted',
  aggregate: `contract:${contract}`,
  contract,
  kind: 'event',
  domain: 'civil',
  owner: 'te',
  retention: 'P90D',
  description: { es: 'x', en: 'x' },
  version: 1,
  schema: {},
}
const requested: Fact = {
  type: 'agreement-requested',
  aggregate: 'agreement:agr_1',
  id: 'agr_1',
  consumer: 'css',
  owner: 'te',
  contract,
  version: 1,
  purpose: { es: 'x', en: 'x' },
  legalBasis: { kind: 'law', norm: 'Ley 51 de 2005' },
  fields: ['child'],
  validUntil: '2090-01-01T00:00:00Z',
}
const approved: Fact = { type: 'agreement-approved', aggregate: 'agreement:agr_1', reason: 'x' }
const subscribed: Fact = {
  type: 'subscription-created',
  aggregate: 'subscription:sub_1',
  id: 'sub_1',
  agreement: 'agr_1',
  consumer: 'css',
  mode: 'pull',
  start: [0],
}
const everyone = [
  joined('te'),
  joined('css'),
  registered('te', ['administrator', 'publisher']),
  registered('css', ['consumer']),
  registered('css', ['administrator'], 'admin'),
]

const at = new Date('2026-11-22T12:00:00Z')

function stepsOf(institution: string, facts: readonly Fact[], id = 'main'): readonly string[] {
  const policy = Policy.of([...everyone, ...facts])
  const system = policy.system(`${institution}.${id}`)
  if (system === undefined) throw new Error('No such system')
  const agreements = policy.agreementsOf(institution)
  const subscriptions = policy.subscriptionsOf({ institution })
  return nextSteps({ policy, system, agreements, subscriptions, at }).map(({ request }) => request)
}

describe('what to do now', () => {
  test('is to register a contract for a publisher without one, and to request an agreement for a consumer without one', () => {
    expect([stepsOf('te', []), stepsOf('css', [])]).toEqual([['POST /v1/contracts'], ['POST /v1/agreements']])
  })

  test('is to decide what another institution asks for; who asked waits', () => {
    const facts = [drafted, requested]
    expect([stepsOf('te', facts), stepsOf('css', facts)]).toEqual([['POST /v1/agreements/agr_1/approve'], []])
  })

  test('is to subscribe once an agreement is active, and nothing once that is done', () => {
    const facts = [drafted, requested, approved]
    expect([stepsOf('te', facts), stepsOf('css', facts)]).toEqual([[], ['POST /v1/subscriptions']])
    expect(stepsOf('css', [...facts, subscribed])).toEqual([])
  })

  test('is to decide what the contract’s owner offers, and an amendment that the other side asks for', () => {
    const offered: Fact = { ...requested, proposer: 'te' }
    expect(stepsOf('te', [drafted, offered])).toEqual([])
    expect(stepsOf('css', [drafted, offered], 'admin')).toEqual(['POST /v1/agreements/agr_1/approve'])
    const amendment: Fact = {
      type: 'agreement-amendment-requested',
      aggregate: 'agreement:agr_1',
      version: 2,
      contractVersion: 1,
      proposer: 'css',
      purpose: { es: 'x', en: 'x' },
      legalBasis: { kind: 'law', norm: 'Ley 51 de 2005' },
      fields: ['child'],
      validUntil: '2090-01-01T00:00:00Z',
    }
    expect(stepsOf('te', [drafted, requested, approved, amendment])).toEqual(['POST /v1/agreements/agr_1/approve'])
  })

  test('is to renew a key that expires within 30 days, the soonest first, and to answer who proposes a delegation', () => {
    const added = (kid: string, notAfter: string): Fact => ({
      type: 'system-key-added',
      aggregate: 'system:css.main',
      key: { kid, kty: 'OKP' },
      notAfter,
    })
    const keys = [added('later', '2026-12-20T00:00:00Z'), added('sooner', '2026-11-30T00:00:00Z')]
    const fine = [added('new', '2027-11-30T00:00:00Z'), added('over', '2026-11-01T00:00:00Z')]
    const renewal = 'PUT /v1/institutions/css/systems/main/keys/{kid}'
    const proposed: Fact = {
      type: 'delegation-proposed',
      aggregate: 'delegation:del_1',
      id: 'del_1',
      principal: 'te',
      delegate: 'css',
      roles: ['publisher'],
      contracts: [contract],
      until: '2027-01-01T00:00:00Z',
      proposer: 'te',
    }
    const facts = [drafted, ...keys, ...fine, proposed]
    expect(stepsOf('css', facts, 'admin')).toEqual([renewal, renewal, 'POST /v1/delegations/del_1/accept'])
    expect(stepsOf('te', facts)).toEqual([])
  })
})
