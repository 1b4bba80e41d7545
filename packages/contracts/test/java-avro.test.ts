import { describe, expect, test } from '@jest/globals'

import { Contract, wireHeaderBytes } from '../src/index.ts'
import { hex, schema } from './java-avro.vectors.ts'

const contract = new Contract('zz.test.vector-taken.v1', schema)

const longs = [0, -1, 1, -64, 64, 2_147_483_647, -2_147_483_648, 9_007_199_254_740_991, -9_007_199_254_740_991]
const bigLongs = ['9007199254740992', '9223372036854775807', '-9223372036854775808']
const decimals = ['0.00', '-0.01', '1.27', '1.28', '-1.28', '-1.29']
const bigDecimals = ['12345678901234567890.12', '-99999999999999999999.99']

/** The records that the Java program wrote, as plain JSON. */
const record = (i: number) => {
  const isEven = i % 2 === 0
  return {
    child: '8-123-456',
    long: [...longs, ...bigLongs][i],
    decimal: [...decimals, ...bigDecimals][i % 8],
    fixedDecimal: decimals[(i + 3) % 6],
    date: isEven ? '2026-11-20' : '0001-01-01',
    time: isEven ? '23:59:59.999' : '00:00:00',
    millis: isEven ? '2026-11-20T03:10:00.007Z' : '1969-12-31T23:59:59.999Z',
    micros: isEven ? '2026-11-20T03:10:00.000007Z' : '1969-12-31T23:59:59.999999Z',
    union: i % 3 === 0 ? null : 'ñandú €',
    unionLast: i % 3 === 1 ? null : i * -1000 + 0,
    enum: isEven ? 'one' : 'three',
    bytes: Buffer.from([i, 255, 0]).toString('base64'),
    float: Math.fround(Math.fround(0.1) * i),
    double: 0.1 * i,
    boolean: isEven,
    list: Array.from({ length: i % 3 }, (_, k) => ({ text: `item ${k}`, count: k })),
    map: isEven ? { key: i } : {},
  }
}

describe('bytes equal to Java Avro’s', () => {
  test.each(hex.map((bytes, i) => ({ i, bytes })))('record $i', ({ i, bytes }) => {
    const { wire, data } = contract.encode(record(i), { schemaId: 7 })
    expect(wire.subarray(wireHeaderBytes).toString('hex')).toBe(bytes)
    expect(data).toEqual(record(i))
  })

  test('the header is a zero byte and the schema’s id', () => {
    expect(contract.encode(record(0), { schemaId: 7 }).wire.subarray(0, 5).toString('hex')).toBe('0000000007')
  })
})
