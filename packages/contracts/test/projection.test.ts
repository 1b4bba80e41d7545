import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { Contract } from '../src/index.ts'
import { faultOf } from './fault.ts'
import { contractWithData, randomContract } from './random-contract.ts'
import { field, schemaWith, thingType } from './samples.ts'

/** Gives every leaf of a value of plain JSON that is a text or a number another one of the same type, found nowhere else. */
function marked(type: unknown, next: () => number): unknown {
  if (Array.isArray(type))
    return marked(
      type.find((branch) => branch !== 'null'),
      next,
    )
  const node: Record<string, unknown> = typeof type === 'object' && type !== null ? { ...type } : { type }
  const n = 1_000_000 + next()
  switch (node['logicalType'] ?? node['type']) {
    case 'record':
      return Object.fromEntries(fieldsOf(node).map((one) => [one.name, marked(one.type, next)]))
    case 'array':
      return [marked(node['items'], next), marked(node['items'], next)]
    case 'map':
      return { [`map${n}`]: marked(node['values'], next) }
    case 'boolean':
      return true
    case 'enum':
      return 'red'
    case 'int':
    case 'long':
      return n
    case 'float':
    case 'double':
      return n + 0.5
    case 'date':
      return `${1000 + (n % 8000)}-06-15`
    case 'timestamp-millis':
      return `${1000 + (n % 8000)}-06-15T01:02:03Z`
    case 'uuid':
      return `018f0000-0000-7000-8000-00000${n}`
    case 'decimal':
      return node['scale'] === 0 ? `${n}` : `${n}.1234`
    case 'fixed':
      return Buffer.from(`#${String(n).slice(-5)}`).toString('base64')
    case 'bytes':
      return Buffer.from(`bytes ${n}`).toString('base64')
    default:
      return `text ${n}`
  }
}

const fieldsOf = (node: Record<string, unknown>) => node['fields'] as readonly { name: string; type: unknown }[]

/** The texts by which a value would be recognised: all its leaves but booleans and symbols, and the keys of its maps. */
function traces(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(traces)
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, member]) => [
      ...(key.startsWith('map') ? [key] : []),
      ...traces(member),
    ])
  }
  return typeof value === 'boolean' || value === 'red' ? [] : [String(value)]
}

describe('projection', () => {
  test('P7: no other field’s value is in what a field set shows, in any encoding of it', () => {
    fc.assert(
      fc.property(
        randomContract.chain((contract) => fc.tuple(fc.constant(contract), fc.subarray([...contract.fieldNames]))),
        ([{ schema }, fields]) => {
          let count = 0
          const values = schema.fields.slice(1).map((one) => {
            const { name, type } = one as { name: string; type: unknown }
            return [name, marked(type, () => (count += 1))]
          })
          const data: Record<string, unknown> = { person: '8-123-456', ...Object.fromEntries(values) }
          const contract = new Contract(thingType, schema)
          const { wire } = contract.encode(data, { schemaId: 1 })
          const shown = contract.projection(fields).text(wire)
          const hidden = Object.entries(data).filter(([name]) => !fields.includes(name))
          for (const trace of hidden.flatMap(([, value]) => traces(value))) {
            expect(shown).not.toContain(trace)
            expect(shown).not.toContain(Buffer.from(trace, 'base64').toString('latin1'))
          }
          expect(Object.keys(JSON.parse(shown) as object).sort()).toEqual([...fields].sort())
        },
      ),
      { numRuns: 300 },
    )
  })

  test('P7: what is named is shown exactly as in the whole record, in the contract’s order', () => {
    fc.assert(
      fc.property(contractWithData, ({ contract: { schema, fieldNames }, data, fields }) => {
        const contract = new Contract(thingType, schema)
        const { wire } = contract.encode(data, { schemaId: 1 })
        const inOrder = fieldNames.filter((name) => fields.includes(name))
        const wanted = Object.fromEntries(inOrder.map((name) => [name, data[name]]))
        const projection = contract.projection(fields.toReversed())
        expect(projection.text(wire)).toBe(JSON.stringify(wanted))
        expect(projection.fields).toEqual(inOrder)
      }),
      { numRuns: 300 },
    )
  })

  test('P7: bytes of a field that is not named are never decoded, even if they are no value of it', () => {
    const contract = new Contract(thingType, schemaWith(field('secret', 'boolean'), field('shown', 'int')))
    const { wire } = contract.encode({ person: '8-1-1', secret: true, shown: 5 }, { schemaId: 1 })
    const broken = Buffer.from(wire)
    broken[broken.length - 2] = 0x77
    expect(faultOf(() => contract.decode(broken)).code).toBe('data-invalid')
    expect(contract.projection(['shown']).read(broken)).toEqual({ shown: 5 })
  })

  test('a field that the contract does not have is refused at its place in the field set', () => {
    const contract = new Contract(thingType, schemaWith(field('shown', 'int')))
    const act = () => contract.projection(['shown', 'hidden'])
    expect(faultOf(act)).toEqual({ code: 'body-invalid', pointer: '/fields/1' })
  })

  test('a reader is made once per field set and writer', () => {
    const contract = new Contract(thingType, schemaWith(field('shown', 'int')))
    expect(contract.projection(['shown'])).toBe(contract.projection(['shown']))
  })
})
