import { describe, expect, test } from '@jest/globals'

import { avroName, Contract, effectiveClassification, typeOfAvroName, typeParts } from '../src/index.ts'
import { faultOf, refusalOf } from './fault.ts'
import { field, key, schemaWith, thingType } from './samples.ts'

const compile = (schema: unknown) => () => new Contract(thingType, schema)
const withType = (type: unknown, more?: object) => schemaWith(field('value', type, more))
const nested = (depth: number): unknown => (depth === 0 ? 'int' : { type: 'array', items: nested(depth - 1) })
const fixedOf = (size: number) => ({ type: 'fixed', name: 'F', size })

describe('a schema that is not valid is refused at the pointer of the fault', () => {
  test.each([
    ['no record', { type: 'enum', name: 'ThingSeen', symbols: ['a'] }, '/schema/type'],
    ['no schema', null, '/schema/type'],
    ['another name', { ...schemaWith(), name: 'OtherSeen' }, '/schema/name'],
    ['another namespace', { ...schemaWith(), namespace: 'zz.other.v1' }, '/schema/namespace'],
    ['no fields', { ...schemaWith(), fields: [] }, '/schema/fields'],
    ['no key', { ...schemaWith(), fields: [field('a', 'int')] }, '/schema/fields'],
    ['two keys', schemaWith({ ...key, name: 'other' }), '/schema/fields'],
    ['a field name with a hyphen', schemaWith(field('a-b', 'int')), '/schema/fields/1/name'],
    ['a field named __proto__', schemaWith(field('__proto__', 'int')), '/schema/fields/1/name'],
    ['a field named constructor', schemaWith(field('constructor', 'int')), '/schema/fields/1/name'],
    ['a field named prototype', schemaWith(field('prototype', 'int')), '/schema/fields/1/name'],
    ['a field named toString', schemaWith(field('toString', 'int')), '/schema/fields/1/name'],
    ['a name too long', schemaWith(field('a'.repeat(101), 'int')), '/schema/fields/1/name'],
    ['a field twice', schemaWith(field('a', 'int'), field('a', 'int')), '/schema/fields/2/name'],
    ['no classification', schemaWith({ name: 'a', type: 'int' }), '/schema/fields/1/classification'],
    ['an unknown classification', withType('int', { classification: 'secret' }), '/schema/fields/1/classification'],
    ['a slip in an attribute', withType('string', { identifes: 'person' }), '/schema/fields/1/identifes'],
    ['a logical type on the field', withType('int', { logicalType: 'date' }), '/schema/fields/1/logicalType'],
    ['an unknown type', withType('integer'), '/schema/fields/1/type'],
    ['no type', schemaWith({ name: 'a', classification: 'public' }), '/schema/fields/1/type'],
    ['an unknown logical type', withType({ type: 'int', logicalType: 'day' }), '/schema/fields/1/type/logicalType'],
    ['a date on a long', withType({ type: 'long', logicalType: 'date' }), '/schema/fields/1/type/logicalType'],
    ['a union of three', withType(['null', 'int', 'string']), '/schema/fields/1/type'],
    ['a union without null', withType(['int', 'string']), '/schema/fields/1/type'],
    ['a union in a union', withType(['null', ['null', 'int']]), '/schema/fields/1/type'],
    ['an array of nulls', withType({ type: 'array', items: 'null' }), '/schema/fields/1/type/items'],
    ['an array of nothing', withType({ type: 'array' }), '/schema/fields/1/type/items'],
    ['a fixed of no bytes', withType(fixedOf(0)), '/schema/fields/1/type/size'],
    ['an enum without symbols', withType({ type: 'enum', name: 'E', symbols: [] }), '/schema/fields/1/type/symbols'],
    ['a symbol twice', withType({ type: 'enum', name: 'E', symbols: ['a', 'a'] }), '/schema/fields/1/type/symbols'],
    [
      'a scale beyond the precision',
      withType({ type: 'bytes', logicalType: 'decimal', precision: 4, scale: 5 }),
      '/schema/fields/1/type/scale',
    ],
    [
      'a precision that the fixed cannot hold',
      withType({ ...fixedOf(2), logicalType: 'decimal', precision: 5 }),
      '/schema/fields/1/type/precision',
    ],
    ['a default of another type', withType('int', { default: 'x' }), '/schema/fields/1/default'],
    ['a default of the second branch', withType(['int', 'null'], { default: null }), '/schema/fields/1/default'],
    ['a doc in one language', withType('int', { doc: { es: 'x' } }), '/schema/fields/1/doc'],
    ['a concept that is no URI', withType('int', { concept: 'birth date' }), '/schema/fields/1/concept'],
    [
      'an identifier that is a number',
      schemaWith({ ...key, name: 'b', role: 'party', type: 'int' }),
      '/schema/fields/1/type',
    ],
    ['an unknown scheme', schemaWith({ ...key, name: 'b', role: 'party', scheme: 'zz' }), '/schema/fields/1/scheme'],
    ['an unknown role', schemaWith({ ...key, name: 'b', role: 'owner' }), '/schema/fields/1/role'],
    ['a role without scheme', withType('string', { role: 'party' }), '/schema/fields/1/identifies'],
    [
      'a cédula that identifies a vehicle',
      schemaWith({ ...key, name: 'b', role: 'party', identifies: 'vehicle' }),
      '/schema/fields/1/identifies',
    ],
    [
      'a default identifier',
      schemaWith({ ...key, name: 'b', role: 'party', default: '8-1-1' }),
      '/schema/fields/1/default',
    ],
    [
      'a key inside another field',
      withType({ type: 'record', name: 'In', fields: [key] }),
      '/schema/fields/1/type/fields/0/role',
    ],
    [
      'a type that contains itself',
      withType({ type: 'record', name: 'In', fields: [{ name: 'again', type: ['null', 'In'] }] }),
      '/schema/fields/1/type/fields/0/type/1',
    ],
  ])('%s', (_what, schema, pointer) => {
    expect(faultOf(compile(schema))).toEqual({ code: 'schema-invalid', pointer })
  })

  test('nesting and size are bounded', () => {
    expect(faultOf(compile(withType(nested(500)))).code).toBe('schema-invalid')
    expect(compile(withType(nested(10)))).not.toThrow()
    const wide = Array.from({ length: 2_000 }, (_, i) => field(`f${i}`, 'int'))
    expect(faultOf(compile(schemaWith(...wide))).code).toBe('schema-invalid')
    const doubled = Array.from({ length: 20 }, (_, i) => {
      const type = i === 0 ? 'int' : `R${i - 1}`
      const fields = [field('a', type), field('b', type)]
      return field(`f${i}`, { type: 'record', name: `R${i}`, fields })
    })
    expect(faultOf(compile(schemaWith(...doubled))).code).toBe('schema-invalid')
  })

  test('the refusal tells the reason in both languages', () => {
    const { details } = refusalOf(compile(withType('integer')))
    expect(details.detail).toEqual({ es: 'Tipo Avro desconocido', en: 'Unknown Avro type' })
  })
})

describe('a valid schema', () => {
  test('may use others’ attributes, orders, named types again and nested classifications', () => {
    const place = {
      type: 'record',
      name: 'Place',
      fields: [{ name: 'code', type: 'string', classification: 'sensitive' }],
    }
    const contract = new Contract(
      thingType,
      schemaWith(
        field('born', place, { order: 'ignore', 'x-source': 'civil' }),
        field('lives', ['null', 'zz.test.v1.Place'], { default: null, concept: 'https://example.org/place' }),
      ),
    )
    expect(contract.fields.map(effectiveClassification)).toEqual(['personal', 'sensitive', 'sensitive'])
    expect(contract.name).toBe('zz.test.v1.ThingSeen')
  })

  test('has one text and fingerprint, however its members are ordered', () => {
    const one = new Contract(thingType, withType('int', { doc: { es: 'a', en: 'b' }, default: 5 }))
    const other = new Contract(thingType, {
      fields: [
        Object.fromEntries(Object.entries({ ...key, type: { type: 'string' } }).toReversed()),
        { classification: 'public', doc: { en: 'b', es: 'a' }, default: 5, type: 'int', name: 'value' },
      ],
      namespace: 'zz.test.v1',
      name: 'ThingSeen',
      type: 'record',
    })
    expect(other.schemaText).toBe(one.schemaText)
    expect(one.schemaText).toMatch(
      /^\{"type":"record","name":"ThingSeen","namespace":"zz.test.v1","fields":\[\{"type":"string",/,
    )
    expect(other.fingerprint).toBe(one.fingerprint)
    expect(one.fingerprint).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(new Contract(thingType, JSON.parse(one.schemaText)).schemaText).toBe(one.schemaText)
  })

  test.each([
    ['a default', withType('int', { default: 6 })],
    ['a classification', withType('int', { default: 5, classification: 'personal' })],
    ['a logical type', withType({ type: 'int', logicalType: 'date' }, { default: 5 })],
    ['a doc', withType('int', { default: 5, doc: 'x' })],
  ])('is another one with another %s', (_what, schema) => {
    const one = new Contract(thingType, withType('int', { default: 5 }))
    expect(new Contract(thingType, schema).fingerprint).not.toBe(one.fingerprint)
  })
})

describe('type and Avro name', () => {
  test.each([
    ['pa.gob.civil.birth-registered.v1', 'pa.gob.civil.v1.BirthRegistered'],
    ['pa.gob.social-security.employment-started.v12', 'pa.gob.social_security.v12.EmploymentStarted'],
  ])('%s is %s and back', (type, full) => {
    const name = avroName(type)
    expect(`${name?.namespace}.${name?.name}`).toBe(full)
    expect(typeOfAvroName(full)).toBe(type)
  })

  test('a type comes apart', () => {
    expect(typeParts('pa.gob.civil.birth-registered.v1')).toEqual({
      authority: 'pa.gob',
      domain: 'civil',
      fact: 'birth-registered',
      major: 1,
    })
  })

  test.each([
    '',
    'birth',
    'civil.birth.v1',
    'pa.civil.Birth.v1',
    'pa.civil.birth.v0',
    'pa.civil.birth',
    'pa..birth.v1',
    'pa.civil.birth-.v1',
    'pa.civil.birth-2.v1',
    'pa.civil.../etc.v1',
    'pa.civil.birth.v1\n',
    'pa.civil.ñandú.v1',
  ])('%j is no type', (type) => {
    expect(avroName(type)).toBeUndefined()
  })

  test.each(['BirthRegistered', 'pa.v1.birth', 'pa.gob.civil.v01.Birth'])('%s is no type’s name', (name) => {
    expect(typeOfAvroName(name)).toBeUndefined()
  })
})
