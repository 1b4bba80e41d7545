import { describe, expect, test } from '@jest/globals'

import { Contract } from '../src/index.ts'
import { faultOf } from './fault.ts'
import { field, schemaWith, thingType } from './samples.ts'

const contractOf = (...fields: readonly object[]) => new Contract(thingType, schemaWith(...fields))

function readAs(written: readonly [type: unknown, value: unknown], readerType: unknown): unknown {
  const writer = contractOf(field('before', 'string'), field('value', written[0]))
  const reader = contractOf(field('value', readerType), field('added', 'int', { default: 7 }))
  const { wire } = writer.encode({ person: '8-1-1', before: 'x', value: written[1] }, { schemaId: 1 })
  return reader.projection(['value', 'added'], writer).read(wire)
}

const color = (...symbols: readonly string[]) => ({ type: 'enum', name: 'Color', symbols })
const decimal = (precision: number, scale: number) => ({ type: 'bytes', logicalType: 'decimal', precision, scale })

const listOf = (items: string) => ({ type: 'array', items })
const withOther = { ...color('other', 'red'), default: 'other' }

describe('records of one version read by another', () => {
  test.each([
    { type: 'int', value: 5, readerType: 'long', wanted: 5 },
    { type: 'int', value: 5, readerType: 'double', wanted: 5 },
    { type: 'long', value: '9007199254740993', readerType: 'double', wanted: 9_007_199_254_740_992 },
    { type: 'string', value: 'día', readerType: 'bytes', wanted: Buffer.from('día').toString('base64') },
    { type: 'string', value: 'x', readerType: ['null', 'string'], wanted: 'x' },
    { type: ['string', 'null'], value: 'x', readerType: ['null', 'string'], wanted: 'x' },
    { type: ['string', 'null'], value: null, readerType: ['null', 'string'], wanted: null },
    { type: color('red'), value: 'red', readerType: color('blue', 'red'), wanted: 'red' },
    { type: color('red', 'pink'), value: 'pink', readerType: withOther, wanted: 'other' },
    { type: decimal(5, 2), value: '1.50', readerType: decimal(9, 2), wanted: '1.50' },
    { type: listOf('int'), value: [1, 2], readerType: listOf('long'), wanted: [1, 2] },
  ])('$type $value read as $readerType gives $wanted, and a new field its default', (row) => {
    expect(readAs([row.type, row.value], row.readerType)).toEqual({ value: row.wanted, added: 7 })
  })

  test.each([
    ['long', 5, 'int'],
    ['string', 'x', 'int'],
    [['null', 'string'], null, 'string'],
    [color('red', 'pink'), 'red', color('red')],
    [decimal(5, 2), '1.50', decimal(5, 3)],
    [decimal(9, 2), '1.50', decimal(5, 2)],
    [{ type: 'int', logicalType: 'date' }, '2026-01-01', 'int'],
    [
      { type: 'long', logicalType: 'timestamp-millis' },
      '2026-01-01T00:00:00Z',
      { type: 'long', logicalType: 'timestamp-micros' },
    ],
  ])('%j %j cannot be read as %j', (type, value, readerType) => {
    expect(faultOf(() => readAs([type, value], readerType)).code).toBe('schema-invalid')
  })

  test('a field without default that was not written cannot be read', () => {
    const writer = contractOf(field('old', 'int'))
    const reader = contractOf(field('new', 'int'))
    expect(faultOf(() => reader.projection(['new'], writer)).code).toBe('schema-invalid')
    expect(reader.projection(['person'], writer).fields).toEqual(['person'])
  })
})
