import { describe, expect, test } from '@jest/globals'

import { Contract } from '../src/index.ts'
import { faultOf, refusalOf } from './fault.ts'
import { field, key, schemaWith, thingType } from './samples.ts'

const fixed = { type: 'fixed', name: 'Two', size: 2 }
const logical = (type: string, logicalType: string) => ({ type, logicalType })
const decimal = { type: 'bytes', logicalType: 'decimal', precision: 5, scale: 2 }

/** What comes back when a value of the type is given. */
function given(type: unknown, value: unknown, more?: object): unknown {
  const contract = new Contract(thingType, schemaWith(field('value', type, more)))
  return contract.encode({ person: '8-1-1', value }, { schemaId: 1 }).data['value']
}

describe('values', () => {
  test.each([
    { type: 'long', value: '12', back: 12 },
    { type: 'long', value: '-9223372036854775808', back: '-9223372036854775808' },
    { type: 'float', value: 0.1, back: Math.fround(0.1) },
    { type: 'int', value: -0, back: 0 },
    { type: logical('int', 'date'), value: '2024-02-29', back: '2024-02-29' },
    { type: logical('int', 'time-millis'), value: '08:30:00.5', back: '08:30:00.500' },
    { type: logical('int', 'time-millis'), value: '08:30:00.000', back: '08:30:00' },
    { type: logical('long', 'timestamp-millis'), value: '2026-11-20T22:10:00-05:00', back: '2026-11-21T03:10:00Z' },
    {
      type: logical('long', 'timestamp-millis'),
      value: '2026-11-20T03:10:00.250000Z',
      back: '2026-11-20T03:10:00.250Z',
    },
    {
      type: logical('long', 'timestamp-micros'),
      value: '1969-12-31T23:59:59.000001Z',
      back: '1969-12-31T23:59:59.000001Z',
    },
    {
      type: logical('string', 'uuid'),
      value: '018F0000-0000-7000-8000-00000000000A',
      back: '018f0000-0000-7000-8000-00000000000a',
    },
    { type: decimal, value: '1', back: '1.00' },
    { type: decimal, value: '-999.99', back: '-999.99' },
    { type: decimal, value: '-0', back: '0.00' },
    { type: 'bytes', value: '', back: '' },
    { type: fixed, value: 'AAE=', back: 'AAE=' },
    { type: ['null', 'int'], value: undefined, back: null },
    { type: ['int', 'null'], value: null, back: null },
  ])('$type $value comes back as $back', ({ type, value, back }) => {
    expect(given(type, value)).toEqual(back)
  })

  test.each([
    { type: 'int', written: 5, back: 5 },
    { type: ['null', 'string'], written: null, back: null },
    { type: ['string', 'null'], written: 'x', back: 'x' },
    { type: 'bytes', written: '\u00ff', back: '/w==' },
    { type: logical('int', 'date'), written: 1, back: '1970-01-02' },
    { type: logical('long', 'timestamp-micros'), written: 1, back: '1970-01-01T00:00:00.000001Z' },
    { type: decimal, written: '\u0001\u0000', back: '2.56' },
    { type: { type: 'map', values: fixed }, written: { a: '\u0000\u0001' }, back: { a: 'AAE=' } },
  ])('an absent $type takes the default that Avro writes as $written', ({ type, written, back }) => {
    expect(given(type, undefined, { default: written })).toEqual(back)
  })

  test.each([
    { type: 'null', value: 0 },
    { type: 'boolean', value: 1 },
    { type: 'int', value: 2_147_483_648 },
    { type: 'int', value: 1.5 },
    { type: 'int', value: '5' },
    { type: 'int', value: null },
    { type: 'int', value: undefined },
    { type: 'long', value: 9_007_199_254_740_992 },
    { type: 'long', value: '9223372036854775808' },
    { type: 'long', value: '007' },
    { type: 'long', value: '' },
    { type: 'double', value: '1' },
    { type: 'double', value: Number.POSITIVE_INFINITY },
    { type: 'float', value: 1e39 },
    { type: 'string', value: 5 },
    { type: 'string', value: 'a\ud800' },
    { type: 'bytes', value: 'AAE' },
    { type: 'bytes', value: 'A-E=' },
    { type: fixed, value: 'AAEC' },
    { type: { type: 'enum', name: 'E', symbols: ['a'] }, value: 'toString' },
    { type: logical('int', 'date'), value: '2026-02-29' },
    { type: logical('int', 'date'), value: '0000-01-01' },
    { type: logical('int', 'date'), value: '2026-1-01' },
    { type: logical('int', 'date'), value: '20260101' },
    { type: logical('int', 'time-millis'), value: '24:00:00' },
    { type: logical('int', 'time-millis'), value: '08:30:00.0001' },
    { type: logical('long', 'timestamp-millis'), value: '2026-11-20T03:10:00' },
    { type: logical('long', 'timestamp-millis'), value: '2026-11-20T03:10:60Z' },
    { type: logical('long', 'timestamp-millis'), value: '2026-11-20T03:10:00.0001Z' },
    { type: logical('long', 'timestamp-millis'), value: '0001-01-01T00:00:00+01:00' },
    { type: logical('string', 'uuid'), value: '018f' },
    { type: decimal, value: 1.5 },
    { type: decimal, value: '1000.00' },
    { type: decimal, value: '1.005' },
    { type: decimal, value: '01' },
    { type: decimal, value: '1e2' },
    { type: { type: 'array', items: 'int' }, value: {} },
    { type: { type: 'map', values: 'int' }, value: [] },
  ])('$type takes no $value', ({ type, value }) => {
    expect(faultOf(() => given(type, value))).toEqual({ code: 'data-invalid', pointer: '/data/value' })
  })
})

const row = {
  type: 'record',
  name: 'Row',
  fields: [field('a', 'int'), field('who', 'string', { ...key, name: 'who', role: 'party' })],
}
const contract = new Contract(
  thingType,
  schemaWith(
    field('rows', { type: 'array', items: row }, { default: [] }),
    field('map', { type: 'map', values: 'int' }, { default: {} }),
  ),
)
const encode = (data: unknown, pointer?: string) => () =>
  contract.encode(data, { schemaId: 1, ...(pointer === undefined ? {} : { pointer }) })

describe('records', () => {
  test.each([
    ['no object', [], '/data'],
    ['no data', null, '/data'],
    ['a field missing', {}, '/data/person'],
    ['an unknown field', { person: '8-1-1', other: 1 }, '/data/other'],
    ['a field of every object’s', JSON.parse('{"person":"8-1-1","__proto__":1}'), '/data/__proto__'],
    [
      'a fault in an item',
      {
        person: '8-1-1',
        rows: [
          { a: 1, who: '8-1-1' },
          { a: 'x', who: '8-1-1' },
        ],
      },
      '/data/rows/1/a',
    ],
    ['an unknown field in an item', { person: '8-1-1', rows: [{ a: 1, who: '8-1-1', b: 1 }] }, '/data/rows/0/b'],
    ['a fault in a map', { person: '8-1-1', map: { one: 1, two: 'x' } }, '/data/map/two'],
    ['a forbidden key of a map', { person: '8-1-1', map: JSON.parse('{"__proto__":1}') }, '/data/map/__proto__'],
  ])('%s is refused at the pointer', (_what, data, pointer) => {
    expect(faultOf(encode(data))).toEqual({ code: 'data-invalid', pointer })
  })

  test('the pointer begins where the caller says', () => {
    expect(faultOf(encode({}, '/3/data')).pointer).toBe('/3/data/person')
  })

  test('identifiers are checked and come back in canonical form, the key and the parties apart', () => {
    const { data, key: found, parties } = encode({ person: ' pe-0012-0003 ', rows: [{ a: 1, who: '08-0001-02' }] })()
    expect(data).toEqual({ person: 'PE-12-3', rows: [{ a: 1, who: '8-1-2' }], map: {} })
    expect(found).toEqual({ scheme: 'pa-cedula', id: 'PE-12-3', role: 'key', identifies: 'person' })
    expect(parties).toEqual([{ scheme: 'pa-cedula', id: '8-1-2', role: 'party', identifies: 'person' }])
    const wrong = encode({ person: '8-1-1', rows: [{ a: 1, who: '14-1-1' }] })
    expect(faultOf(wrong)).toEqual({ code: 'identifier-invalid', pointer: '/data/rows/0/who' })
  })

  test('P7: a refusal names no value, not even one that stands as a key', () => {
    const refusals = [
      encode({ person: '8-1-1', '8-123-456': 1 }),
      encode({ person: '8-1-1', map: { '8-123-456': 'x' } }),
      encode({ person: '8-123-456-7' }),
      encode({ person: '8-1-1', rows: '8-123-456' }),
    ].map(refusalOf)
    for (const { message, details } of refusals) {
      expect(`${message} ${JSON.stringify(details)}`).not.toContain('8-123-456')
      expect(details.pointer).toMatch(/^\/data/)
    }
  })
})
