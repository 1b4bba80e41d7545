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

const registered = (institution: string, roles: ('administrator' | 'publisher' | 'consumer')[]): Fact => ({
  type: 'system-registered',
  aggregate: `system:${institution}.main`,
  institution,
  id: 'main',
  name: 'main',
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
]

function stepsOf(institution: string, facts: readonly Fact[]): readonly string[] {
  const policy = Policy.of([...everyone, ...facts])
  const system = policy.system(`${institution}.main`)
  if (system === undefined) throw new Error('No such system')
  const agreements = policy.agreementsOf(institution)
  const subscriptions = policy.subscriptionsOf({ institution })
  return nextSteps({ policy, system, agreements, subscriptions }).map(({ request }) => request)
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
})
