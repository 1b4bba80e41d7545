import { describe, expect, test } from '@jest/globals'
import { type Fact, Policy } from '@unavez/policy'

import {
  acceptDelegation,
  delegationView,
  endDelegation,
  proposeDelegation,
  type ProposeDelegation,
} from '../src/delegation.ts'

const at = new Date('2026-11-22T12:00:00Z')
const type = 'pa.gob.civil.birth-registered.v1'
const joined = (id: string): Fact => ({
  type: 'institution-joined',
  aggregate: `institution:${id}`,
  id,
  name: { es: id, en: id },
  country: 'PA',
})
const drafted: Fact = {
  type: 'contract-drafted',
  aggregate: `contract:${type}`,
  contract: type,
  kind: 'event',
  domain: 'civil',
  owner: 'te',
  retention: 'P90D',
  description: { es: 'd', en: 'd' },
  version: 1,
  schema: {},
}
const world = [joined('css'), joined('caja'), drafted]
const command: ProposeDelegation = {
  id: 'del_1',
  proposer: 'css',
  principal: 'css',
  delegate: 'caja',
  roles: ['consumer', 'consumer'],
  contracts: [type, type],
  until: '2030-01-01T00:00:00Z',
}
const propose = (more: Partial<ProposeDelegation> = {}) =>
  proposeDelegation(Policy.of(world), { ...command, ...more }, at)
const after = (...facts: readonly Fact[]) => Policy.of([...world, ...facts]).members.delegation('del_1')
const thrown = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    const { code, details } = error as { code: string; details: { pointer?: string } }
    return details.pointer === undefined ? code : [code, details.pointer]
  }
}

describe('a delegation', () => {
  test('is proposed with each role and contract once, and waits for the other party', () => {
    expect(after(...propose())).toMatchObject({
      roles: ['consumer'],
      contracts: [type],
      proposer: 'css',
      state: 'proposed',
    })
  })

  test('needs two active parties, contracts that exist, and time ahead', () => {
    expect(thrown(() => propose({ delegate: 'css' }))).toEqual(['body-invalid', '/delegate'])
    expect(thrown(() => propose({ delegate: 'mef' }))).toBe('not-found')
    expect(thrown(() => propose({ contracts: [type, 'pa.gob.none.v1'] }))).toEqual(['body-invalid', '/contracts/1'])
    expect(thrown(() => propose({ until: '2026-11-22T12:00:00Z' }))).toEqual(['body-invalid', '/until'])
  })

  test('is in force once the party that did not propose it has accepted; accepting again changes nothing', () => {
    const facts = propose()
    expect(acceptDelegation(after(...facts), 'css', at)).toEqual([])
    const accepted = acceptDelegation(after(...facts), 'caja', at)
    expect(after(...facts, ...accepted)?.state).toBe('active')
    expect(acceptDelegation(after(...facts, ...accepted), 'caja', at)).toEqual([])
  })

  test('ends once, with a reason, or by itself when its time is over; then nobody accepts it', () => {
    const facts = propose()
    const ended = after(...facts, ...endDelegation(after(...facts), 'Done'))
    expect(ended?.state).toBe('ended')
    expect(thrown(() => endDelegation(ended, 'Again'))).toBe('state-conflict')
    expect(thrown(() => acceptDelegation(ended, 'caja', at))).toBe('state-conflict')
    const proposed = after(...facts)
    const then = new Date('2030-01-01T00:00:00Z')
    expect(proposed && delegationView(proposed, then).state).toBe('expired')
    expect(thrown(() => acceptDelegation(proposed, 'caja', then))).toBe('state-conflict')
  })
})
