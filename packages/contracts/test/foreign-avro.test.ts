import { describe, expect, test } from '@jest/globals'
import { Problem } from '@unavez/protocol'
import avsc from 'avsc'
import fc from 'fast-check'

import { Contract, wireHeaderBytes } from '../src/index.ts'
import { faultOf } from './fault.ts'
import { contractWithData } from './random-contract.ts'
import { field, schemaWith, thingType } from './samples.ts'

const bare = (wire: Buffer) => wire.subarray(wireHeaderBytes)
const contractOf = (...fields: readonly object[]) => new Contract(thingType, schemaWith(...fields))

/** What becomes of bytes: data that the contract takes, or a refusal. */
function outcome(contract: Contract, bytes: Buffer): string {
  try {
    contract.encode(contract.decodeForeign(bytes, '/data'), { schemaId: 1 })
    return 'taken'
  } catch (error) {
    return error instanceof Problem ? error.code : String(error)
  }
}

describe('Avro that a stranger wrote', () => {
  test('what follows the contract is the same record as its JSON', () => {
    fc.assert(
      fc.property(contractWithData, ({ contract: { schema }, data }) => {
        const contract = new Contract(thingType, schema)
        const { wire, data: asJson } = contract.encode(data, { schemaId: 7 })
        const again = contract.encode(contract.decodeForeign(bare(wire), '/data'), { schemaId: 7 })
        expect(again.wire.equals(wire)).toBe(true)
        expect(again.data).toEqual(asJson)
      }),
      { numRuns: 200 },
    )
  })

  test('P14: bytes garbled in several places, or of nothing at all, are taken or refused, never anything else', () => {
    const garbling = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(contractWithData, garbling, ({ contract: { schema }, data }, garbled) => {
        const contract = new Contract(thingType, schema)
        const bytes = Buffer.from(bare(contract.encode(data, { schemaId: 1 }).wire))
        for (const [at, byte] of garbled) bytes[at % bytes.length] = byte
        expect(['taken', 'data-invalid', 'identifier-invalid', 'event-too-large']).toContain(outcome(contract, bytes))
      }),
      { numRuns: 300 },
    )
    fc.assert(
      fc.property(contractWithData, fc.uint8Array({ maxLength: 300 }), ({ contract: { schema } }, bytes) => {
        const code = outcome(new Contract(thingType, schema), Buffer.from(bytes))
        expect(['taken', 'data-invalid', 'identifier-invalid', 'event-too-large']).toContain(code)
      }),
      { numRuns: 300 },
    )
  })

  test('what is taken of garbled bytes is what another Avro library reads in them', () => {
    const contract = contractOf(field('list', { type: 'array', items: 'int' }), field('flag', ['null', 'boolean']))
    const other = avsc.Type.forSchema(
      schemaWith(field('list', { type: 'array', items: 'int' }), field('flag', ['null', 'boolean'])) as avsc.Schema,
      { wrapUnions: true },
    )
    const bytes = bare(contract.encode({ person: '8-1-1', list: [1, -2, 3], flag: true }, { schemaId: 1 }).wire)
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, byte) => {
        const garbled = Buffer.from(bytes)
        garbled[at] = byte
        fc.pre(outcome(contract, garbled) === 'taken')
        const { list, person } = contract.decodeForeign(garbled, '/data')
        const read = other.fromBuffer(garbled)
        expect({ list: read.list, person: read.person }).toEqual({ list, person })
      }),
    )
  })

  test('every spelling of an identifier becomes the one of its scheme', () => {
    const type = avsc.Type.forSchema(schemaWith() as avsc.Schema)
    const contract = contractOf()
    const read = contract.encode(contract.decodeForeign(type.toBuffer({ person: ' 08-0001-00001' }), '/data'), {
      schemaId: 1,
    })
    expect(read.data).toEqual({ person: '8-1-1' })
    expect(read.wire.equals(contract.encode({ person: '8-1-1' }, { schemaId: 1 }).wire)).toBe(true)
  })

  test('bytes behind the record, text that is no UTF-8 and a record beyond the limit are refused at the pointer given', () => {
    const contract = contractOf(field('note', 'string'))
    const bytes = bare(contract.encode({ person: '8-1-1', note: 'ñ' }, { schemaId: 1 }).wire)
    const fault = (given: Buffer) => faultOf(() => contract.decodeForeign(given, '/data_base64'))
    const invalid = { code: 'data-invalid', pointer: '/data_base64' }
    expect(fault(Buffer.concat([bytes, Buffer.from([0])]))).toEqual(invalid)
    expect(fault(bytes.subarray(0, -1))).toEqual(invalid)
    const latin = Buffer.from(bytes)
    latin[latin.length - 1] = 0xff
    expect(fault(latin)).toEqual(invalid)
    expect(fault(Buffer.alloc(256 * 1024 + 1))).toEqual({ code: 'event-too-large', pointer: '/data_base64' })
  })

  test('P14: bombs are refused before they grow', () => {
    const rows = { type: 'record', name: 'Row', fields: [{ name: 'one', type: ['null', 'int'], default: null }] }
    const contract = contractOf(
      field('rows', { type: 'array', items: rows }),
      field('map', { type: 'map', values: 'int' }),
      field('amount', { type: 'bytes', logicalType: 'decimal', precision: 38, scale: 2 }),
    )
    const key = bare(contractOf().encode({ person: '8-1-1' }, { schemaId: 1 }).wire)
    const bombs = {
      'two thousand million items': 'feffffff0f',
      'the lowest count there is': 'ffffffff0f02',
      'a block longer than the bytes': '01feffffff0f',
      'a varint without end': 'ff'.repeat(200_000),
      'a key of a thousand million bytes': '00020280a8d6b907',
      'a number of a hundred thousand digits': `0000${'90a10f'}${'7f'.repeat(125_000)}`,
    }
    for (const hex of Object.values(bombs))
      expect(outcome(contract, Buffer.concat([key, Buffer.from(hex, 'hex')]))).toBe('data-invalid')
    expect(() => contractOf(field('nothing', { type: 'array', items: 'null' }))).toThrow(
      expect.objectContaining({ code: 'schema-invalid' }),
    )
  })
})
