import { describe, expect, test } from '@jest/globals'

import { Contract } from '../src/index.ts'
import { faultOf } from './fault.ts'
import { field, schemaWith, thingType } from './samples.ts'

const contract = new Contract(
  thingType,
  schemaWith(
    field('list', { type: 'array', items: 'string' }, { default: [] }),
    field('rows', {
      type: 'array',
      items: { type: 'record', name: 'Row', fields: [{ name: 'text', type: 'string', default: 'x'.repeat(500) }] },
    }),
  ),
)
const small = contract.encode({ person: '8-1-1', rows: [] }, { schemaId: 1 }).wire

test('foreign bytes of a decimal beyond its precision are refused', () => {
  const decimals = new Contract(
    thingType,
    schemaWith(field('value', { type: 'bytes', logicalType: 'decimal', precision: 2, scale: 2 })),
  )
  const { wire } = decimals.encode({ person: '8-1-1', value: '0.99' }, { schemaId: 1 })
  const more = Buffer.from(wire)
  more[more.length - 1] = 100
  expect(faultOf(() => decimals.decode(more)).code).toBe('data-invalid')
})

describe('P14: bytes and data that would grow', () => {
  test.each([
    ['a count beyond the bytes', '80808010'],
    ['a negative count beyond the bytes', 'ffffff0f00'],
    ['a count of two thousand million', 'feffffff0f'],
    ['a length beyond the bytes', '02feffffff0f'],
    ['a varint without end', 'ffffffffffffffffffffff'],
  ])('%s are refused at once', (_what, hex) => {
    const wire = Buffer.concat([small.subarray(0, 5 + 6), Buffer.from(hex, 'hex')])
    expect(faultOf(() => contract.decode(wire)).code).toBe('data-invalid')
    expect(faultOf(() => contract.projection(['rows']).read(wire)).code).toBe('data-invalid')
  })

  test('items whose defaults would fill the memory are refused as too large', () => {
    const rows = Array.from({ length: 50_000 }, () => ({}))
    const act = () => contract.encode({ person: '8-1-1', rows }, { schemaId: 1 })
    expect(faultOf(act)).toEqual({ code: 'event-too-large', pointer: '/data' })
  })

  test('a refusal in the middle leaves nothing behind for the next record', () => {
    faultOf(() => contract.encode({ person: '8-1-1', list: ['a', 5], rows: [] }, { schemaId: 1 }))
    const { wire, parties } = contract.encode({ person: '8-1-1', rows: [] }, { schemaId: 1 })
    expect(wire.equals(small)).toBe(true)
    expect(parties).toEqual([])
  })
})
