import { describe, expect, test } from '@jest/globals'
import { contracts, samples } from '@unavez/schemas'
import fc from 'fast-check'

import { contractLimits, lintContract } from '../src/index.ts'
import { field, key, schemaWith, thingType } from './samples.ts'

const doc = { es: 'Texto', en: 'Words' }
const advice = (document: object) =>
  lintContract({ type: thingType, schema: undefined, ...document }).map(({ code, pointer }) => `${code} ${pointer}`)

/** What is said about one field, and about nothing else: the rest is as it should be. */
const adviceOn = (name: string, type: unknown, more: object = {}) =>
  advice({
    description: doc,
    schema: {
      ...schemaWith(field(name, type, { doc, ...more })),
      doc,
      fields: [{ ...key, doc }, field(name, type, { doc, ...more })],
    },
  })

const at = '/schema/fields/1'
const color = (symbols: readonly string[], name = 'Color') => ({ type: 'enum', name, symbols })

describe('lint', () => {
  test.each([
    ['plain', 'string', {}, []],
    ['plain', 'string', { doc: undefined }, [`doc-missing ${at}/doc`]],
    ['plain', 'string', { doc: 'Only one' }, [`doc-one-language ${at}/doc`]],
    ['plain', 'string', { doc: { es: 'Texto', en: ' ' } }, [`doc-one-language ${at}/doc`]],
    ['plain', 'string', { doc: { es: 'Total', en: 'Total' } }, [`doc-repeated ${at}/doc`]],
    ['Plain', 'string', {}, [`field-name-case ${at}/name`]],
    ['some_name', 'string', {}, [`field-name-case ${at}/name`]],
    ['__proto__', 'string', {}, [`name-reserved ${at}/name`]],
    ['constructor', 'string', {}, [`name-reserved ${at}/name`]],
    ['mother', ['null', 'string'], { default: null }, []],
    ['mother', ['null', 'string'], {}, [`null-without-default ${at}`]],
    ['motherCedula', 'string', {}, [`identifier-undeclared ${at}`]],
    ['spouseIdentityNumber', ['null', 'string'], { default: null }, [`identifier-undeclared ${at}`]],
    ['taxIds', { type: 'array', items: 'string' }, {}, [`identifier-undeclared ${at}`]],
    ['cedula_madre', 'string', {}, [`field-name-case ${at}/name`, `identifier-undeclared ${at}`]],
    ['structure', 'string', {}, []],
    ['remarks', 'string', {}, [`free-text ${at}`]],
    ['officeComments', ['null', 'string'], { default: null }, [`free-text ${at}`]],
    ['remarks', color(['late', 'on_time']), {}, []],
    ['birthDate', 'string', {}, [`text-for-time ${at}/type`]],
    ['issuedOn', 'string', {}, [`text-for-time ${at}/type`]],
    ['birthDate', { type: 'int', logicalType: 'date' }, {}, []],
    ['monthlyAmount', 'double', {}, [`float-for-amount ${at}/type`]],
    ['ratio', 'double', {}, []],
    ['color', color(['Red']), {}, [`symbol-case ${at}/type/symbols`]],
    ['color', color(['red'], 'color'), {}, [`type-name-case ${at}/type/name`]],
    [
      'inner',
      { type: 'array', items: { type: 'record', name: 'Inner', doc, fields: [{ name: 'nota', type: 'string', doc }] } },
      {},
      [`free-text ${at}/type/items/fields/0`],
    ],
    [
      'other',
      'string',
      { identifies: 'person', scheme: 'pa-cedula', role: 'party', classification: 'public' },
      [`identifier-public ${at}/classification`],
    ],
  ])('%s of type %j with %j', (...[name, type, more, wanted]) => {
    expect(adviceOn(name, type, more)).toEqual(wanted)
  })

  test('records, descriptions and what a predicate asks are documented too', () => {
    const bare = { type: 'record', name: 'asked', fields: [{ name: 'Years', type: 'int', doc }] }
    expect(advice({ description: 'one', parameters: bare, schema: { ...schemaWith(), doc } })).toEqual([
      'doc-one-language /description',
      'type-name-case /parameters/name',
      'doc-missing /parameters/doc',
      'field-name-case /parameters/fields/0/name',
      'doc-missing /schema/fields/0/doc',
    ])
  })

  test('a sample that does not follow its schema is named at the place', () => {
    const schema = {
      ...schemaWith(field('value', 'int', { doc })),
      doc,
      fields: [{ ...key, doc }, field('value', 'int', { doc })],
    }
    expect(advice({ schema, sample: { person: '8-1-1', value: 'x' } })).toEqual(['sample-invalid /sample/value'])
    expect(advice({ schema, sample: { person: '8-1-1', value: 1 } })).toEqual([])
  })

  test('every piece of advice is in both languages and never repeats a value', () => {
    const schema = schemaWith(field('Cedula', 'string', { doc: '8-123-456' }))
    const given = lintContract({ type: thingType, schema, sample: { person: '8-765-4321' } })
    expect(given.length).toBeGreaterThan(3)
    for (const { text } of given)
      expect(text).toEqual({ es: expect.stringMatching(/\S/), en: expect.stringMatching(/\S/) })
    expect(JSON.stringify(given)).not.toMatch(/8-123-456|8-765-4321/)
  })

  test.each(Object.entries(samples))('%s gives no cause for advice', (type, sample) => {
    const document = Object.values<{ type: string; schema: object }>(contracts).find((one) => one.type === type)
    expect(lintContract({ type, schema: undefined, ...document, sample })).toEqual([])
  })
})

describe('whatever is offered', () => {
  test('lint takes any JSON and does not refuse', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (schema, more) => {
        const document = { schema: { type: 'record', fields: [{ name: 'a', type: schema, doc: more }] } }
        expect(advice(document).length).toBeLessThanOrEqual(contractLimits.lintWarnings)
        expect(advice({ schema, description: more, parameters: more, sample: more }).length).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  test('neither depth nor length is without bound', () => {
    const deep = (open: string, close: string) =>
      JSON.parse(`${open.repeat(50_000)}"string"${close.repeat(50_000)}`) as unknown
    for (const type of [deep('[', ']'), deep('{"type":', '}'), deep('{"type":"array","items":', '}')]) {
      const schema = { type: 'record', name: 'A', doc, fields: [{ name: 'plain', type, doc }] }
      expect(advice({ schema }).length).toBeLessThan(3)
    }
    const many = Array.from({ length: 1_000 }, (_, i) => field(`X${i}`, 'string'))
    expect(advice({ schema: schemaWith(...many) })).toHaveLength(contractLimits.lintWarnings)
  })
})
