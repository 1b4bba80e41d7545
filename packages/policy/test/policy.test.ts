import { describe, expect, test } from '@jest/globals'

import { type ControlRecord, commandMemoryMs, type Fact, Policy } from '../src/index.ts'
import {
  approved,
  drafted,
  joined,
  policyAfter,
  published,
  requested,
  schema,
  subscribed,
  type,
  world,
} from './world.ts'

const by = { institution: 'te', system: 'te.registro' }

/** Appends records to a policy as the log would, one offset after the other. */
function logInto(policy: Policy) {
  let offset = policy.offset
  return (record: Partial<ControlRecord> | Buffer | null, more: { authentic?: boolean; appendedAt?: Date } = {}) => {
    const { authentic = true, appendedAt = new Date('2026-11-22T12:00:00Z') } = more
    const given = Buffer.isBuffer(record) || record === null ? {} : record
    const complete = { command: `c${offset}`, hash: 'h', at: '2026-11-22T12:00:00Z', reads: {}, facts: [], ...given }
    const value = Buffer.isBuffer(record) || record === null ? record : Buffer.from(JSON.stringify(complete))
    return policy.apply({ offset: offset++, appendedAt, by, authentic, value })
  }
}

describe('acceptance', () => {
  test('the first record that read a version wins, the second has moved on', () => {
    const policy = new Policy()
    const append = logInto(policy)
    const reads = { 'institution:te': 0 }
    expect(append({ reads, facts: [joined('te')] })).toEqual({ accepted: true })
    expect(append({ command: 'second', reads, facts: [joined('te')] })).toEqual({ accepted: false, why: 'moved-on' })
    expect(policy.version('institution:te')).toBe(1)
    expect(policy.outcome('second')).toEqual({ state: 'moved-on', offset: 1 })
  })

  test('a command that moved on may be decided again under the same id', () => {
    const policy = new Policy()
    const append = logInto(policy)
    append({ facts: [joined('te')] })
    append({ command: 'x', reads: { 'institution:te': 0 }, facts: [joined('css')] })
    expect(append({ command: 'x', reads: { 'institution:te': 1 }, facts: [joined('css')] })).toEqual({ accepted: true })
    expect(policy.outcome('x')).toEqual({ state: 'accepted', offset: 2, hash: 'h' })
  })

  test('a repeated command is accepted once', () => {
    const policy = new Policy()
    const append = logInto(policy)
    append({ command: 'x', facts: [joined('te')] })
    expect(append({ command: 'x', hash: 'other', facts: [joined('css')] })).toEqual({
      accepted: false,
      why: 'repeated',
    })
    expect(policy.institution('css')).toBeUndefined()
    expect(policy.outcome('x')).toEqual({ state: 'accepted', offset: 0, hash: 'h' })
  })

  test('a command id is remembered for 35 days by the time of the log', () => {
    const policy = new Policy()
    const append = logInto(policy)
    const start = Date.parse('2026-01-01T00:00:00Z')
    append({ command: 'x', facts: [joined('te')] }, { appendedAt: new Date(start) })
    const within = append({ command: 'x' }, { appendedAt: new Date(start + commandMemoryMs - 1) })
    expect(within).toEqual({ accepted: false, why: 'repeated' })
    expect(append({ command: 'x' }, { appendedAt: new Date(start + commandMemoryMs) })).toEqual({ accepted: true })
  })

  test('a clock of the log that jumps back forgets nothing and remembers nothing longer', () => {
    const policy = new Policy()
    const append = logInto(policy)
    append({ command: 'x' }, { appendedAt: new Date('2026-06-01T00:00:00Z') })
    append({ command: 'y' }, { appendedAt: new Date('2020-01-01T00:00:00Z') })
    append({ command: 'z' }, { appendedAt: new Date(Number.NaN) })
    expect(append({ command: 'x' }, { appendedAt: new Date('2020-01-01T00:00:00Z') }).accepted).toBe(false)
    append({}, { appendedAt: new Date(Date.parse('2026-06-01T00:00:00Z') + commandMemoryMs) })
    expect(['x', 'y', 'z'].map((command) => policy.outcome(command))).toEqual([undefined, undefined, undefined])
  })

  test('a foreign record is refused and stays refused', () => {
    const policy = new Policy()
    const append = logInto(policy)
    const foreign = { accepted: false, why: 'foreign' }
    const forged = { command: 'x', facts: [joined('te')] }
    expect(append(forged, { authentic: false })).toEqual(foreign)
    expect(append(Buffer.from('{"command":'))).toEqual(foreign)
    expect(append(Buffer.from('[]'))).toEqual(foreign)
    expect(append(null)).toEqual(foreign)
    expect(append(Buffer.from(JSON.stringify({ command: 'x', hash: 'h', reads: { a: -1 }, facts: [] })))).toEqual(
      foreign,
    )
    expect(policy.outcome('x')).toBeUndefined()
    expect(append(forged)).toEqual({ accepted: true })
    expect(policy.offset).toBe(6)
  })

  test('a record that comes again at its old offset changes nothing', () => {
    const policy = policyAfter()
    const before = policy.version('institution:te')
    const value = Buffer.from(JSON.stringify({ command: 'n', hash: '', reads: {}, facts: [joined('te')] }))
    policy.apply({ offset: 0, appendedAt: new Date(0), by, authentic: true, value })
    expect(policy.version('institution:te')).toBe(before)
  })

  test('one record moves each of its aggregates by one version, however many facts it has', () => {
    const policy = new Policy()
    logInto(policy)({ facts: [drafted, published, joined('te')] })
    expect([policy.version(`contract:${type}`), policy.version('institution:te')]).toEqual([1, 1])
    expect(policy.history(`contract:${type}`).map((entry) => [entry.type, entry.version])).toEqual([
      ['contract-drafted', 1],
      ['contract-published', 1],
    ])
  })
})

describe('what code can not read', () => {
  const facts: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ['a type it does not know', { type: 'institution-merged', aggregate: 'institution:te' }],
    ['a body without a part', { type: 'institution-suspended', aggregate: 'institution:te' }],
    [
      'a body with a part too many',
      { type: 'institution-suspended', aggregate: 'institution:te', reason: '', until: '' },
    ],
    ['a fact that makes no sense here', { type: 'institution-resumed', aggregate: 'institution:te', reason: '' }],
    ['a fact about something of another kind', { type: 'agreement-approved', aggregate: 'institution:te', reason: '' }],
    ['no type at all', { aggregate: 'institution:te' }],
  ]
  test.each(facts)('%s: the version advances, the state is not known, the rest goes on', (_, body) => {
    const policy = policyAfter()
    const append = logInto(policy)
    const value = { command: 'n', hash: '', reads: { 'institution:te': 1 }, facts: [body] }
    expect(append(Buffer.from(JSON.stringify(value)))).toEqual({ accepted: true })
    expect(policy.version('institution:te')).toBe(2)
    expect(policy.opaque('institution:te')).toBe(true)
    expect(policy.institution('te')).toBeUndefined()
    expect(policy.institution('css')?.state).toBe('active')
    append({ facts: [joined('te')] })
    expect([policy.opaque('institution:te'), policy.version('institution:te')]).toEqual([true, 3])
  })

  test('what can not be read is not offered to the log', () => {
    const policy = policyAfter()
    expect(policy.readable([joined('mef')])).toBe(true)
    expect(policy.readable([joined('te')])).toBe(false)
    expect(policy.readable([approved])).toBe(false)
    const later: readonly Fact[] = [joined('mef'), { ...published, aggregate: 'contract:none' }]
    expect(policy.readable(later)).toBe(false)
    expect(policy.institution('mef')).toBeUndefined()
  })

  test('nothing that is recorded locks the operator out', () => {
    const reason = 'r'
    const policy = policyAfter(
      { type: 'institution-suspended', aggregate: 'institution:operator', reason },
      { type: 'system-suspended', aggregate: 'system:operator.admin', reason },
      { type: 'agreement-approved', aggregate: 'institution:operator', reason },
    )
    expect([policy.institution('operator')?.state, policy.system('operator.admin')?.state]).toEqual([
      'active',
      'active',
    ])
  })
})

describe('what was folded', () => {
  test('one schema gets one number, the next schema the next', () => {
    const policy = new Policy()
    const append = logInto(policy)
    const twin = 'pa.gob.civil.birth-noted.v1'
    const other = 'pa.gob.tax.paid.v1'
    const rename = (fact: Fact, contract: string, of: string) => ({
      ...fact,
      aggregate: `contract:${contract}`,
      ...(fact.type === 'contract-drafted' ? { contract } : { numbered: { sequence: 'schema', of } }),
    })
    append({ facts: [drafted, published] })
    for (const [contract, of] of [
      [twin, 'fingerprint'],
      [other, 'another'],
    ] as const) {
      const value = {
        command: contract,
        hash: '',
        reads: {},
        facts: [rename(drafted, contract, of), rename(published, contract, of)],
      }
      append(Buffer.from(JSON.stringify(value)))
    }
    const idOf = (contract: string) => policy.contract(contract)?.versions[0]?.schemaId
    expect([type, twin, other].map(idOf)).toEqual([1, 1, 2])
    expect(policy.schemaById(1)).toEqual({
      id: 1,
      subject: 'pa.gob.civil.v1.BirthRegistered',
      contract: type,
      version: 1,
      schema,
    })
    const names = ['pa.gob.civil.v1.BirthRegistered', 'pa.gob.civil.v1.BirthNoted', 'pa.gob.tax.v1.Paid']
    expect(names.map((name) => policy.schemasOf(name).map(({ contract }) => contract))).toEqual([
      [type],
      [twin],
      [other],
    ])
    expect(policy.subjects()).toEqual(names.toSorted())
    expect(policy.domains()).toEqual(['civil'])
  })

  test('lists and relations follow the facts', () => {
    const policy = policyAfter()
    const ids = (states: readonly { readonly id: string }[]) => states.map(({ id }) => id)
    expect(ids(policy.institutions())).toEqual(['te', 'css', 'caja'])
    expect(ids(policy.systemsOf('te'))).toEqual(['registro', 'reader'])
    expect(['te', 'css', 'caja'].map((each) => ids(policy.agreementsOf(each)))).toEqual([['agr_1'], ['agr_1'], []])
    expect(ids(policy.subscriptionsOf({ agreement: 'agr_1' }))).toEqual(['sub_1'])
    expect(ids(policy.subscriptionsOf({ institution: 'css' }))).toEqual(['sub_1'])
    expect(policy.subscription('sub_1')).toMatchObject({ state: 'active', epoch: 1, start: [0, 0] })
    expect(policy.offset).toBe(world.length)
  })

  test('an agreement that is resumed with skip moves its subscriptions into a new epoch', () => {
    const aggregate = 'agreement:agr_1'
    const suspended: Fact = { type: 'agreement-suspended', aggregate, reason: 'r' }
    const resumed = (backlog: 'deliver' | 'skip'): Fact => ({
      type: 'agreement-resumed',
      aggregate,
      reason: 'r',
      backlog,
      skipTo: [7, 9],
    })
    expect(policyAfter(suspended, resumed('deliver')).subscription('sub_1')).toMatchObject({ epoch: 1, start: [0, 0] })
    expect(policyAfter(suspended, resumed('skip')).subscription('sub_1')).toMatchObject({ epoch: 2, start: [7, 9] })
  })

  test('a history tells who did what, when and why', () => {
    const policy = policyAfter()
    logInto(policy)({
      at: '2026-11-22T11:59:00Z',
      facts: [{ type: 'agreement-suspended', aggregate: 'agreement:agr_1', reason: 'audit' }],
    })
    expect(policy.history('agreement:agr_1').map((entry) => entry.type)).toEqual([
      requested.type,
      approved.type,
      'agreement-suspended',
    ])
    expect(policy.history('agreement:agr_1').at(-1)).toEqual({
      type: 'agreement-suspended',
      version: 3,
      at: '2026-11-22T11:59:00.000Z',
      by,
      reason: 'audit',
    })
    expect(policy.history(subscribed.aggregate)).toHaveLength(1)
  })
})
