import { describe, expect, test } from '@jest/globals'
import { Problem } from '@unavez/protocol'
import fc from 'fast-check'

import { compileFilter, Contract } from '../src/index.ts'
import { field, schemaWith, thingType } from './samples.ts'

const address = { type: 'record', name: 'Address', fields: [{ name: 'province', type: 'string' }] }
const contract = new Contract(
  thingType,
  schemaWith(field('colour', 'string'), field('legs', ['null', 'int'], { default: null }), field('home', address)),
)
const { fields } = contract

const event = (data: Record<string, unknown>, attributes: Record<string, string> = {}) => ({
  attribute: (name: string) => ({ type: thingType, id: 'thing-1', ...attributes })[name],
  data: () => data,
})
const matches = (filter: unknown, data: Record<string, unknown> = {}, attributes: Record<string, string> = {}) =>
  compileFilter(filter, fields).matches(event(data, attributes))

function outcome(filter: unknown): string {
  try {
    return typeof matches(filter)
  } catch (error) {
    return error instanceof Problem ? 'Problem' : String(error)
  }
}

const refused = (code: string, pointer: string) =>
  expect.objectContaining({ code, details: expect.objectContaining({ pointer }) })

describe('A filter', () => {
  test.each<[unknown, boolean]>([
    [{ exact: { 'data.colour': 'red' } }, true],
    [{ exact: { 'data.colour': 'blue' } }, false],
    [{ exact: { 'data.colour': 'red', 'data.legs': '4' } }, true],
    [{ exact: { 'data.colour': 'red', 'data.legs': '2' } }, false],
    [{ prefix: { id: 'thing-' } }, true],
    [{ suffix: { 'data.home.province': 'riquí' } }, true],
    [{ suffix: { causedby: 'x' } }, false],
    [{ any: [{ exact: { id: 'other' } }, { exact: { 'data.legs': '4' } }] }, true],
    [{ all: [{ exact: { id: 'other' } }, { exact: { 'data.legs': '4' } }] }, false],
    [{ not: { exact: { id: 'other' } } }, true],
    [[{ prefix: { id: 'thing' } }, { not: { exact: { 'data.colour': 'red' } } }], false],
  ])('%j over the envelope and agreed fields: %s', (filter, expected) => {
    expect(matches(filter, { colour: 'red', legs: 4, home: { province: 'Chiriquí' } })).toBe(expected)
  })

  test('compares nothing with what is absent or null', () => {
    expect(matches({ prefix: { 'data.legs': 'n' } }, { legs: null })).toBe(false)
    expect(matches({ not: { prefix: { 'data.legs': 'n' } } }, { legs: null })).toBe(true)
  })

  test('names the fields that it reads, and reads none for the envelope alone', () => {
    expect(compileFilter({ exact: { id: 'x' } }, fields).fields).toEqual([])
    expect(compileFilter({ any: [{ exact: { id: 'x' } }, { exact: { 'data.legs': '1' } }] }, fields).fields).toEqual([
      'legs',
    ])
  })

  const deep = (levels: number): unknown => (levels === 0 ? { exact: { id: 'x' } } : { not: deep(levels - 1) })
  test.each<[string, unknown, string]>([
    ['nothing', undefined, '/filter'],
    ['a text', 'red', '/filter'],
    ['no dialect', {}, '/filter'],
    ['two dialects at once', { exact: { id: 'x' }, prefix: { id: 'x' } }, '/filter'],
    ['a dialect that there is not', { sql: 'true' }, '/filter'],
    ['an empty list', [], '/filter'],
    ['an empty any', { any: [] }, '/filter/any'],
    ['an empty comparison', { exact: {} }, '/filter/exact'],
    ['a number as text', { exact: { id: 4 } }, '/filter/exact/id'],
    ['an empty text', { exact: { id: '' } }, '/filter/exact/id'],
    ['a text that is too long', { exact: { id: 'x'.repeat(300) } }, '/filter/exact/id'],
    ['a field that is not agreed', { exact: { 'data.size': 'x' } }, '/filter/exact'],
    ['an attribute that consumers do not see', { exact: { payloadhash: 'x' } }, '/filter/exact'],
    ['a record as a value', { exact: { 'data.home': 'x' } }, '/filter/exact'],
    ['a field that says who is meant', { exact: { 'data.person': 'x' } }, '/filter/exact'],
    ['a name of the prototype', { exact: { 'data.__proto__': 'x' } }, '/filter/exact'],
    ['too deep a nesting', deep(9), `/filter${'/not'.repeat(9)}`],
    [
      'a fault further in',
      { any: [{ exact: { id: 'x' } }, { not: { exact: { id: 7 } } }] },
      '/filter/any/1/not/exact/id',
    ],
  ])('with %s is refused with a pointer to it', (_, filter, pointer) => {
    expect(() => compileFilter(filter, fields)).toThrow(refused('body-invalid', pointer))
  })

  test('P7: with an identity number is refused', () => {
    expect(() => compileFilter({ exact: { 'data.colour': '8-123-4567' } }, fields)).toThrow(
      refused('identifier-in-clear', '/filter/exact/data.colour'),
    )
  })

  test('P14: of many parts is refused, however they are spread', () => {
    const one = { exact: { id: 'x' } }
    const wide = { any: Array.from({ length: 65 }, () => one) }
    const spread = { all: Array.from({ length: 9 }, () => ({ any: Array.from({ length: 8 }, () => one) })) }
    const names = Object.fromEntries(Array.from({ length: 70 }, (_, i) => [`x${i}`, 'x']))
    for (const filter of [wide, spread, { exact: names }]) {
      expect(() => compileFilter(filter, fields)).toThrow(expect.objectContaining({ code: 'body-invalid' }))
    }
  })

  test('P14: of any JSON is either refused with a pointer or answers yes or no', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('exact', 'prefix', 'suffix', 'all', 'any', 'not'),
        (value, dialect) => {
          for (const filter of [value, { [dialect]: value }]) expect(['boolean', 'Problem']).toContain(outcome(filter))
        },
      ),
    )
  })
})
