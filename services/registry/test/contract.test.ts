import { describe, expect, test } from '@jest/globals'
import { type Fact, Policy } from '@unavez/policy'

import { type DraftContract, draftContract } from '../src/contract.ts'
import { publishContract } from '../src/contract-versions.ts'
import { fingerprintOf, schemaRules } from '../src/schema.ts'

const type = 'pa.gob.civil.birth-registered.v1'

const schema = {
  type: 'record',
  name: 'BirthRegistered',
  namespace: 'pa.gob.civil.v1',
  fields: [
    {
      name: 'child',
      type: 'string',
      identifies: 'person',
      scheme: 'pa-cedula',
      role: 'key',
      classification: 'personal',
      doc: 'Child',
    },
  ],
}

const wish: DraftContract = {
  type,
  kind: 'event',
  domain: 'civil',
  owner: 'te',
  retention: 'P90D',
  description: { es: 'Se inscribió un nacimiento', en: 'A birth was registered' },
  schema,
}

const { type: contract, ...body } = wish
const drafted: Fact = { type: 'contract-drafted', aggregate: `contract:${type}`, contract, version: 1, ...body }
const published: Fact = {
  type: 'contract-published',
  aggregate: `contract:${type}`,
  version: 1,
  numbered: { sequence: 'schema', of: fingerprintOf(type, schema) },
}

const given = (...facts: readonly Fact[]) => {
  const state = Policy.of(facts).contract(type)
  return {
    drafts: (more: Partial<DraftContract> = {}) => draftContract(state, { ...wish, ...more }, schemaRules),
    publishes: () => publishContract(state, schemaRules),
  }
}

const refused = (code: string, pointer?: string) =>
  expect.objectContaining({ code, ...(pointer === undefined ? {} : { details: expect.objectContaining({ pointer }) }) })

describe('A contract', () => {
  test('begins as the draft of its first version', () => {
    expect(given().drafts()).toEqual([drafted])
  })

  test('is drafted once', () => {
    expect(() => given(drafted).drafts()).toThrow(refused('contract-exists', '/type'))
    expect(() => given(drafted, published).drafts()).toThrow(refused('contract-exists', '/type'))
  })

  test.each<[string, Partial<DraftContract>, string]>([
    ['a type without a version', { type: 'pa.gob.civil.birth-registered' }, '/type'],
    ['a type in capitals', { type: 'pa.gob.civil.BirthRegistered.v1' }, '/type'],
    ['a type that climbs out of its path', { type: 'pa.gob.civil.../../x.v1' }, '/type'],
    ['a domain that is not the one of its type', { domain: 'tax' }, '/domain'],
    ['a retention that is no period', { retention: '90 days' }, '/retention'],
    ['a retention shorter than ids are remembered', { retention: 'P34D' }, '/retention'],
    ['a retention that makes an archive of the bus', { retention: 'P50Y' }, '/retention'],
  ])('with %s is refused with a pointer to the fault', (_, more, pointer) => {
    expect(() => given().drafts(more)).toThrow(refused('body-invalid', pointer))
  })

  test.each(['P35D', 'P5W', 'P2M', 'P1Y', 'P1Y6M', 'P10Y'])('may keep its events for %s', (retention) => {
    expect(given().drafts({ retention })).toEqual([{ ...drafted, retention }])
  })

  test('whose schema has another name than its type is refused at the name', () => {
    expect(() => given().drafts({ schema: { ...schema, name: 'DeathRegistered' } })).toThrow(
      refused('schema-invalid', '/schema/name'),
    )
  })

  test('whose schema has a field without classification is refused at the field', () => {
    const [child] = schema.fields
    const fields = [child, { name: 'birthDate', type: 'string' }]
    expect(() => given().drafts({ schema: { ...schema, fields } })).toThrow(
      refused('schema-invalid', '/schema/fields/1/classification'),
    )
  })

  test('P7: with an identity number in its description is refused', () => {
    expect(() => given().drafts({ description: { es: 'De 8-123-4567', en: 'A birth' } })).toThrow(
      refused('identifier-in-clear', '/description/es'),
    )
  })

  test('is published once, and asks the fold for the number of its schema', () => {
    expect(given(drafted).publishes()).toEqual([published])
    expect(() => given(drafted, published).publishes()).toThrow(refused('state-conflict'))
    expect(() => given().publishes()).toThrow(refused('not-found'))
  })

  test('has the same number for the same schema, whatever the order of its words', () => {
    const { fields, namespace, name } = schema
    expect(fingerprintOf(type, { fields, name, type: 'record', namespace })).toBe(fingerprintOf(type, schema))
    expect(fingerprintOf(type, { ...schema, doc: 'Another' })).not.toBe(fingerprintOf(type, schema))
  })
})
