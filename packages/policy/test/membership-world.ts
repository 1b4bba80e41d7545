import type { Fact, PersonRole, Policy, Question, ReasonCode } from '../src/index.ts'
import { asks, bus, contract, institution, policyAfter, subscription, type } from './world.ts'

const reason = 'because'

export const key = (kid: string) => ({ kid, kty: 'OKP', crv: 'Ed25519', x: kid })
export const keyAdded = (clientId: string, kid: string, notAfter?: string): Fact => ({
  type: 'system-key-added',
  aggregate: `system:${clientId}`,
  key: key(kid),
  ...(notAfter === undefined ? {} : { notAfter }),
})
export const keyRevoked = (clientId: string, kid: string): Fact => ({
  type: 'system-key-revoked',
  aggregate: `system:${clientId}`,
  kid,
  reason,
})

export const enrolled = (id: string): Fact => ({
  type: 'institution-enrolled',
  aggregate: `institution:${id}`,
  id,
  name: { es: id, en: id },
  country: 'PA',
})
export const approvedIs = (id: string): Fact => ({
  type: 'institution-approved',
  aggregate: `institution:${id}`,
  reason,
})
export const left = (id: string): Fact => ({ type: 'institution-left', aggregate: `institution:${id}`, reason })

export const person = (of: string, id: string, ...roles: readonly PersonRole[]): Fact => ({
  type: 'person-added',
  aggregate: `person:${of}/${id}`,
  institution: of,
  id,
  name: id,
  roles,
})
export const personRemoved = (of: string, id: string): Fact => ({
  type: 'person-removed',
  aggregate: `person:${of}/${id}`,
  reason,
})

/** A question that a person asks: `te/ana`. */
export const personAsks = (who: string, action: Question['action'], on: Question['on']): Question => {
  const [of = '', id = ''] = who.split('/')
  return { action, actor: { institution: of, system: '', person: id }, on }
}

export const delegation = { kind: 'delegation', id: 'del_1' } as const
/** css lets caja consume births for it. */
export const proposed: Fact = {
  type: 'delegation-proposed',
  aggregate: 'delegation:del_1',
  id: 'del_1',
  principal: 'css',
  delegate: 'caja',
  roles: ['consumer'],
  contracts: [type],
  until: '2030-01-01T00:00:00Z',
  proposer: 'css',
}
export const accepted: Fact = { type: 'delegation-accepted', aggregate: 'delegation:del_1' }
export const delegationEnded: Fact = { type: 'delegation-ended', aggregate: 'delegation:del_1', reason }

export const onBehalf = (speaker: string, principal: string, of: Pick<Question, 'action' | 'on'>): Question => {
  const question = asks(speaker, of.action, of.on)
  return { ...question, actor: { ...question.actor, onBehalfOf: principal } }
}
export const withKey = (question: Question, kid: string): Question => ({
  ...question,
  actor: { ...question.actor, key: kid },
})

const receives = asks('css.main', 'receive', subscription)
const received = onBehalf('caja.main', 'css', receives)
const suspended: Fact = { type: 'institution-suspended', aggregate: 'institution:css', reason }
const resumed: Fact = { type: 'institution-resumed', aggregate: 'institution:css', reason }
const mides: readonly Fact[] = [
  enrolled('mides'),
  {
    type: 'system-registered',
    aggregate: 'system:mides.main',
    institution: 'mides',
    id: 'main',
    name: 'm',
    roles: [],
    keys: [],
  },
]

/** A case in which each reason of membership is given, and where a remedy lies within the bus, the policy once it was applied. */
export const membershipCases = {
  'institution-pending': [
    policyAfter(...mides),
    asks('mides.main', 'speak', bus),
    policyAfter(...mides, approvedIs('mides')),
  ],
  'institution-left': [policyAfter(left('css')), receives],
  'key-not-valid': [
    policyAfter(keyAdded('css.main', 'k1'), keyRevoked('css.main', 'k1')),
    withKey(receives, 'k1'),
    policyAfter(keyAdded('css.main', 'k1')),
  ],
  'person-removed': [
    policyAfter(person('te', 'ana', 'institution-admin'), personRemoved('te', 'ana')),
    personAsks('te/ana', 'manage-people', institution('te')),
    policyAfter(person('te', 'ana', 'institution-admin')),
  ],
  'delegation-missing': [policyAfter(proposed), received, policyAfter(proposed, accepted)],
  'delegation-scope': [
    policyAfter(proposed, accepted),
    onBehalf('caja.main', 'css', { action: 'draft-contract', on: contract }),
  ],
  'principal-not-active': [
    policyAfter(proposed, accepted, suspended),
    received,
    policyAfter(proposed, accepted, suspended, resumed),
  ],
  'party-only': [policyAfter(proposed), asks('operator.admin', 'accept-delegation', delegation)],
} as const satisfies Partial<Record<ReasonCode, readonly [Policy, Question, Policy?]>>
