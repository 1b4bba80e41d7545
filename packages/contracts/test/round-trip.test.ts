import { describe, expect, test } from '@jest/globals'
import { Problem } from '@unavez/protocol'
import avsc from 'avsc'
import fc from 'fast-check'

import { Contract, sampleData, schemaIdOf, wireHeaderBytes } from '../src/index.ts'
import { contractWithData, randomContract } from './random-contract.ts'
import { thingType } from './samples.ts'

/** avsc as the other side: only types for longs beyond 2^53 are left to us. */
const wideLong = avsc.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64LE(value)
    return bytes
  },
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => Number(a > b) - Number(a < b),
})

function codeOf(read: () => unknown): string {
  try {
    read()
    return 'read'
  } catch (error) {
    return error instanceof Problem ? error.code : String(error)
  }
}

describe('plain JSON, Avro and back', () => {
  test('whatever follows a contract comes back as it was given', () => {
    fc.assert(
      fc.property(contractWithData, ({ contract: { schema }, data }) => {
        const contract = new Contract(thingType, schema)
        const { wire, data: back } = contract.encode(data, { schemaId: 3 })
        expect(back).toEqual(data)
        expect(schemaIdOf(wire)).toBe(3)
        expect(contract.encode(back, { schemaId: 3 }).wire.equals(wire)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('every contract has a sample that follows it and fills in every field', () => {
    fc.assert(
      fc.property(randomContract, ({ schema, fieldNames }) => {
        const contract = new Contract(thingType, schema)
        const sample = sampleData(contract)
        expect(contract.encode(sample, { schemaId: 1 }).data).toEqual(sample)
        expect(Object.keys(sample)).toEqual(fieldNames)
      }),
    )
  })

  test('another Avro library reads the bytes and writes the same ones', () => {
    fc.assert(
      fc.property(contractWithData, ({ contract: { schema }, data }) => {
        const { wire } = new Contract(thingType, schema).encode(data, { schemaId: 3 })
        const body = wire.subarray(wireHeaderBytes)
        const other = avsc.Type.forSchema(structuredClone(schema) as avsc.Schema, {
          registry: { long: wideLong },
          wrapUnions: true,
        })
        expect(other.toBuffer(other.fromBuffer(body)).toString('hex')).toBe(body.toString('hex'))
      }),
      { numRuns: 200 },
    )
  })

  test('cut or garbled bytes are refused as data-invalid or read as other data, never anything else', () => {
    fc.assert(
      fc.property(contractWithData, fc.nat(), fc.nat(255), ({ contract: { schema }, data }, at, byte) => {
        const contract = new Contract(thingType, schema)
        const { wire } = contract.encode(data, { schemaId: 3 })
        const place = wireHeaderBytes + (at % (wire.length - wireHeaderBytes))
        const garbled = Buffer.from(wire)
        garbled[place] = byte
        const code = codeOf(() => contract.decode(garbled))
        expect(['read', 'data-invalid']).toContain(code)
        expect(() => contract.decode(wire.subarray(0, place))).toThrow(
          expect.objectContaining({ code: 'data-invalid' }),
        )
      }),
      { numRuns: 300 },
    )
  })
})
