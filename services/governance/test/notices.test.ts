import { describe, expect, test } from '@jest/globals'
import { type Fact, Policy } from '@unavez/policy'

import { noticesOf } from '../src/notices.ts'
import { facts as world, type, wish } from './birth-facts.ts'

const reason = 'because'
const aggregate = 'agreement:agr_1'
const terms = { purpose: wish.purpose, legalBasis: wish.legalBasis, fields: ['child'] }
const agreed: readonly Fact[] = [
  {
    type: 'agreement-requested',
    aggregate,
    id: 'agr_1',
    consumer: 'css',
    owner: 'te',
    contract: type,
    version: 1,
    ...terms,
    validUntil: '2030-01-31T00:00:00.000Z',
  },
  { type: 'agreement-approved', aggregate, reason },
]
const told = (institution: string, at: string, ...more: readonly Fact[]) =>
  noticesOf(Policy.of([...world, ...agreed, ...more]), institution, new Date(at)).map(
    ({ kind, about, days }) => `${kind} ${about} ${days}`,
  )

describe('A notice', () => {
  test.each([
    ['2029-12-01T00:00:00Z', []],
    ['2029-12-02T00:00:00Z', ['agreement-ending agr_1 60']],
    ['2029-12-31T23:59:59Z', ['agreement-ending agr_1 60']],
    ['2030-01-01T00:00:00Z', ['agreement-ending agr_1 30']],
    ['2030-01-24T00:00:00Z', ['agreement-ending agr_1 7']],
    ['2030-01-30T23:59:59Z', ['agreement-ending agr_1 7']],
    ['2030-01-31T00:00:00Z', []],
  ])('of an agreement that ends comes 60, 30 and 7 days before, to both sides alone (%s)', (at, expected) => {
    expect(told('css', at)).toEqual(expected)
    expect(told('te', at)).toEqual(expected)
    expect(told('minsa', at)).toEqual([])
  })

  test('is over when the agreement is amended to last, or has ended', () => {
    const at = '2030-01-30T00:00:00Z'
    const longer = { version: 2, contractVersion: 1, proposer: 'css', ...terms, validUntil: '2031-01-31T00:00:00.000Z' }
    const amended: readonly Fact[] = [
      { type: 'agreement-amendment-requested', aggregate, ...longer },
      { type: 'agreement-amended', aggregate, version: 2, reason },
    ]
    expect(told('css', at, ...amended)).toEqual([])
    expect(told('css', at, { type: 'agreement-ended', aggregate, reason })).toEqual([])
  })

  test('of a key that expires goes to its institution, unless it was revoked', () => {
    const key = { kid: 'k1', kty: 'OKP', crv: 'Ed25519', x: 'AA' }
    const system = 'system:css.main'
    const added: Fact = { type: 'system-key-added', aggregate: system, key, notAfter: '2027-01-31T00:00:00.000Z' }
    const revoked: Fact = { type: 'system-key-revoked', aggregate: system, kid: 'k1', reason }
    const at = '2027-01-30T12:00:00Z'
    expect(told('css', at, added)).toEqual(['key-expiring css.main/k1 1'])
    expect(told('te', at, added)).toEqual([])
    expect(told('css', at, added, revoked)).toEqual([])
  })

  test('of a contract’s sunset goes to its owner and to whoever uses it', () => {
    const sunset: Fact = {
      type: 'contract-deprecated',
      aggregate: `contract:${type}`,
      since: '2027-01-01T00:00:00.000Z',
      sunset: '2027-06-30T00:00:00.000Z',
    }
    const at = '2027-06-20T00:00:00Z'
    for (const institution of ['te', 'css'])
      expect(told(institution, at, sunset)).toEqual([`contract-sunset ${type} 30`])
    expect(told('minsa', at, sunset)).toEqual([])
  })
})
