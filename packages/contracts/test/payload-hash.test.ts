import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { canonicalJson, Contract, payloadHash } from '../src/index.ts'
import { field, schemaWith, thingType } from './samples.ts'

const envelope = { type: thingType, occurredat: '2026-11-20T03:10:00Z', changetype: 'created' }

describe('payload hash', () => {
  test('can never change', () => {
    expect(payloadHash({ ...envelope, data: { b: 'ñ', a: [1.5, null, true] } })).toBe(
      'sha256:0960f61d1e844a9e85eac30a119a2cea586bb5b52c629175dba95a0969f3fda9',
    )
    expect(payloadHash({ ...envelope, changetype: 'corrected', previouseventid: 'e1', data: {} })).toBe(
      'sha256:b2b2eb48aaf5616f99d4d6e9823831498f0e6f7cd171d9903704cb228994a2fb',
    )
  })

  test('an absent previous event is left out', () => {
    const data = { a: 1 }
    expect(payloadHash({ ...envelope, previouseventid: undefined, data })).toBe(payloadHash({ ...envelope, data }))
  })

  test('is the same for every way to write the same data', () => {
    const contract = new Contract(
      thingType,
      schemaWith(
        field('amount', { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 }),
        field('at', { type: 'long', logicalType: 'timestamp-millis' }),
        field('note', ['null', 'string'], { default: null }),
      ),
    )
    const hashOf = (data: object) => payloadHash({ ...envelope, data: contract.encode(data, { schemaId: 1 }).data })
    const one = hashOf({ person: '8-1-1', amount: '5.00', at: '2026-11-20T03:10:00Z', note: null })
    expect(hashOf({ at: '2026-11-19T22:10:00.000-05:00', amount: '5', person: '08-01-01' })).toBe(one)
    expect(hashOf({ person: '8-1-1', amount: '5.01', at: '2026-11-20T03:10:00Z' })).not.toBe(one)
  })
})

describe('canonical JSON', () => {
  test('RFC 8785: the examples of sorting and of primitive types', () => {
    const sorted = {
      '\u20ac': 'Euro Sign',
      '\r': 'CR',
      '\ufb33': 'Dalet',
      1: 'One',
      '\ud83d\ude00': 'Grin',
      '\u0080': 'C',
      ö: 'O',
    }
    const keys = Object.keys(JSON.parse(canonicalJson(sorted)) as object)
    expect(canonicalJson(sorted).startsWith('{"\\r":"CR","1":"One"')).toBe(true)
    expect(keys.slice(1)).toEqual(['\r', '\u0080', 'ö', '\u20ac', '\ud83d\ude00', '\ufb33'])
    const numbers = [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001, -0]
    expect(canonicalJson({ numbers, string: '\u20ac$\u000f\nA\'B"\\\\"/', literals: [null, true, false] })).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27,0],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
  })

  test('has the same value as the JSON it was made from, in one order of members', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
        expect(canonicalJson(JSON.parse(text))).toBe(text)
      }),
    )
  })

  test('numbers that are not finite have none', () => {
    expect(() => canonicalJson({ a: Number.NaN })).toThrow('not finite')
  })
})
