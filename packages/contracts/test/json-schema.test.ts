import { describe, expect, test } from '@jest/globals'
import { contracts, samples } from '@unavez/schemas'
import fc from 'fast-check'
import { Compile } from 'typebox/schema'

import { Contract, jsonSchemaOf, sampleData } from '../src/index.ts'
import { contractWithData } from './random-contract.ts'
import { field, schemaWith, thingType } from './samples.ts'

const contractOf = (...fields: readonly object[]) => new Contract(thingType, schemaWith(...fields))
const encodes = (contract: Contract, data: unknown): boolean => {
  try {
    return contract.encode(data, { schemaId: 1 }).wire.length > 0
  } catch {
    return false
  }
}

describe('the JSON Schema of a contract', () => {
  test('takes all data that the contract takes', () => {
    fc.assert(
      fc.property(contractWithData, ({ contract: { schema }, data }) => {
        const contract = new Contract(thingType, schema)
        const validator = Compile(jsonSchemaOf(contract))
        const plain: unknown = JSON.parse(JSON.stringify(data))
        expect(validator.Errors(plain)[1]).toEqual([])
        expect(validator.Check(sampleData(contract))).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  test('whatever stands in a field’s place: what it refuses, the contract refuses too', () => {
    fc.assert(
      fc.property(contractWithData, fc.jsonValue({ maxDepth: 2 }), ({ contract: { schema }, data, fields }, other) => {
        const contract = new Contract(thingType, schema)
        const validator = Compile(jsonSchemaOf(contract))
        for (const name of fields) {
          const changed: unknown = JSON.parse(JSON.stringify({ ...data, [name]: other }))
          expect(encodes(contract, changed) && !validator.Check(changed)).toBe(false)
        }
      }),
      { numRuns: 200 },
    )
  })

  test.each([
    ['a field that the contract does not have', { person: '8-1-1', n: 1, more: 1 }],
    ['a field left out', { person: '8-1-1' }],
    ['a text for a number', { person: '8-1-1', n: '1' }],
    ['a number out of range', { person: '8-1-1', n: 2 ** 31 }],
    ['null where it is not taken', { person: null, n: 1 }],
    ['a symbol that is not listed', { person: '8-1-1', n: 1, color: 'pink' }],
    ['too many digits behind the point', { person: '8-1-1', n: 1, amount: '1.234' }],
    ['bytes of the wrong length', { person: '8-1-1', n: 1, hash: 'AAAA' }],
    ['an item of another type', { person: '8-1-1', n: 1, list: ['x'] }],
  ])('refuses %s', (_what, data) => {
    const contract = contractOf(
      field('n', 'int'),
      field('color', { type: 'enum', name: 'Color', symbols: ['red'] }, { default: 'red' }),
      field('amount', ['null', { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 }], { default: null }),
      field('hash', ['null', { type: 'fixed', name: 'Hash', size: 6 }]),
      field('list', { type: 'array', items: 'int' }, { default: [] }),
    )
    const validator = Compile(jsonSchemaOf(contract))
    expect(validator.Check({ person: '8-1-1', n: 1 })).toBe(true)
    expect(validator.Check(data)).toBe(false)
    expect(encodes(contract, data)).toBe(false)
  })

  test('describes itself in the language asked for, with the bus’s attributes', () => {
    const doc = { es: 'La otra', en: 'The other' }
    const attributes = { identifies: 'person', scheme: 'pa-cedula', role: 'party', classification: 'personal' }
    const contract = contractOf(field('other', ['null', 'string'], { ...attributes, default: null, doc }))
    expect(jsonSchemaOf(contract, 'en')).toEqual({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'urn:unavez:contract:zz.test.thing-seen.v1',
      title: 'ThingSeen',
      type: 'object',
      properties: {
        person: {
          type: 'string',
          maxLength: 64,
          'x-classification': 'personal',
          'x-identifies': 'person',
          'x-scheme': 'pa-cedula',
          'x-role': 'key',
        },
        other: {
          anyOf: [{ type: 'string' }, { type: 'null' }],
          maxLength: 64,
          description: 'The other',
          default: null,
          'x-classification': 'personal',
          'x-identifies': 'person',
          'x-scheme': 'pa-cedula',
          'x-role': 'party',
        },
      },
      required: ['person'],
      additionalProperties: false,
    })
    expect(jsonSchemaOf(contract)).toMatchObject({ properties: { other: { description: 'La otra' } } })
  })

  test.each(Object.entries(samples))('of %s takes its sample', (type, sample) => {
    const document = Object.values<{ type: string; schema: object }>(contracts).find((one) => one.type === type)
    expect(Compile(jsonSchemaOf(new Contract(type, document?.schema))).Check(sample)).toBe(true)
  })
})
