import { describe, expect, test } from '@jest/globals'
import {
  type BirthRegistered,
  type ClinicalDeclarationIssued,
  type ContractDocument,
  contracts,
  samples,
} from '@unavez/schemas'
import avsc from 'avsc'

import { Contract, effectiveClassification, Parameters, sampleData, typeParts, wireHeaderBytes } from '../src/index.ts'
import { faultOf } from './fault.ts'
import { key } from './samples.ts'

/** Every record and field of a schema. */
function documented(node: unknown): readonly object[] {
  if (typeof node !== 'object' || node === null) return []
  if (Array.isArray(node)) return node.flatMap(documented)
  const isOne = ('type' in node && node.type === 'record') || 'classification' in node
  return [...(isOne ? [node] : []), ...Object.values(node).flatMap(documented)]
}

/** Every record and enum of a schema. */
function named(node: unknown): readonly (object & { readonly name: unknown })[] {
  if (typeof node !== 'object' || node === null) return []
  if (Array.isArray(node)) return node.flatMap(named)
  const isOne = 'name' in node && 'type' in node && (node.type === 'record' || node.type === 'enum')
  return [...(isOne ? [node] : []), ...Object.values(node).flatMap(named)]
}

const contractOf = (type: string): ContractDocument => {
  const found = Object.values<ContractDocument>(contracts).find((document) => document.type === type)
  if (found === undefined) throw new Error(`${type} does not ship`)
  return found
}

/** What an absent field reads as. */
const nulls = (contract: Contract) =>
  Object.fromEntries(contract.fields.filter(({ shape }) => shape.kind === 'nullable').map(({ name }) => [name, null]))

const declaration: ClinicalDeclarationIssued = {
  person: '8-765-4321',
  kind: 'birth',
  facility: 'HST',
  number: 'HST-2026-000123',
  happenedAt: '2026-11-20T03:10:00Z',
  issuedOn: '2026-11-20',
  sex: 'female',
  weightGrams: 3_250,
}

describe('the contracts that ship', () => {
  test.each(Object.entries(samples))(
    'the text of %s is a schema to another Avro library, which reads the bytes',
    (type, sample) => {
      const contract = new Contract(type, contractOf(type).schema)
      const { wire } = contract.encode(sample, { schemaId: 2 })
      const other = avsc.Type.forSchema(JSON.parse(contract.schemaText) as avsc.Schema)
      const value = other.fromBuffer(wire.subarray(wireHeaderBytes)) as object
      expect(Object.keys(value)).toEqual(contract.fields.map(({ name }) => name))
      expect(other.toBuffer(value).equals(wire.subarray(wireHeaderBytes))).toBe(true)
    },
  )

  test.each(Object.entries(contracts))('%s is valid, and documented in both languages throughout', (type, document) => {
    const contract = new Contract(type, document.schema)
    expect(document.type).toBe(type)
    expect(typeParts(type)?.domain).toBe(document.domain)
    const inBoth = { es: expect.stringMatching(/^\S/), en: expect.stringMatching(/^\S/) }
    expect(document.description).toEqual(inBoth)
    const asked = document.kind === 'evidence' && 'parameters' in document ? [document.parameters] : []
    for (const node of [document.schema, ...asked].flatMap(documented)) expect(node).toMatchObject({ doc: inBoth })
    expect(contract.fields.length).toBeGreaterThan(1)
  })

  test.each(Object.entries(samples))('%s has a sample that crosses', (type, sample) => {
    const contract = new Contract(type, contractOf(type).schema)
    const { wire, data } = contract.encode(sample, { schemaId: 1 })
    expect(data).toEqual({ ...nulls(contract), ...sample })
    expect(contract.decode(wire)).toEqual(data)
    expect(contract.encode(sampleData(contract), { schemaId: 1 }).data).toEqual(sampleData(contract))
  })

  test('evidence is made stale by events that ship and name a subject that the evidence can be about', () => {
    for (const document of Object.values<ContractDocument>(contracts)) {
      if (document.kind === 'event') continue
      const { fields } = new Contract(document.type, document.schema)
      const about = fields.find((one) => one.identifying?.role === 'key')?.identifying?.scheme
      // A natural person's tax number is the identity number.
      const canBe = about === 'pa-ruc' ? [about, 'pa-cedula'] : [about]
      for (const type of document.staleOn) {
        const event = contractOf(type)
        expect(event.kind).toBe('event')
        const named = documented(event.schema).flatMap((node) => ('scheme' in node ? [node.scheme] : []))
        expect(named.some((scheme) => canBe.some((one) => one === scheme))).toBe(true)
      }
    }
  })

  test('a name inside a namespace is one type in all contracts, so that generated classes do not collide', () => {
    const types = new Map<string, unknown>()
    for (const { schema } of Object.values(contracts)) {
      for (const { name, ...type } of named(schema)) {
        const full = `${schema.namespace}.${String(name)}`
        expect(type).toEqual(types.get(full) ?? type)
        types.set(full, type)
      }
    }
    expect(types.size).toBeGreaterThan(Object.keys(contracts).length)
  })

  test('what a predicate asks is checked like data', () => {
    const parameters = new Parameters(contracts['pa.gob.social-security.minimum-contributions.v1'].parameters)
    expect(parameters.read({ contributions: 180 })).toEqual({ contributions: 180, since: null })
    const tooMuch = () => parameters.read({ contributions: 180, salary: 1 })
    expect(faultOf(tooMuch)).toEqual({ code: 'data-invalid', pointer: '/parameters/salary' })
    const about = [{ ...key, role: 'party' }]
    const aside = () => new Parameters({ type: 'record', name: 'Asked', fields: about })
    expect(faultOf(aside)).toEqual({ code: 'schema-invalid', pointer: '/parameters/fields/0' })
  })

  test('a birth crosses as its generated type says', () => {
    const birth: BirthRegistered = {
      child: '8-1234-567',
      givenNames: 'María José',
      surnames: 'Pérez',
      birthDate: '2026-11-20',
      birthPlace: '080101',
      sex: 'female',
      mother: '8-765-4321',
      registrationNumber: 'RN-2026-12345',
    }
    const contract = new Contract(
      'pa.gob.civil.birth-registered.v1',
      contracts['pa.gob.civil.birth-registered.v1'].schema,
    )
    const { wire, data, key, parties } = contract.encode(birth, { schemaId: 1 })
    expect(data).toEqual({ ...birth, father: null, hospitalDeclaration: null })
    expect([key.id, ...parties.map(({ id }) => id)]).toEqual(['8-1234-567', '8-765-4321'])
    const shown = contract.projection(['birthDate', 'child']).text(wire)
    expect(shown).toBe('{"child":"8-1234-567","birthDate":"2026-11-20"}')
  })

  test('a hospital’s declaration crosses as its generated type says', () => {
    const type = 'pa.gob.health.clinical-declaration-issued.v1'
    const contract = new Contract(type, contracts[type].schema)
    expect(contract.encode(declaration, { schemaId: 2 }).data).toEqual(declaration)
    expect(
      contract.fields.filter((one) => effectiveClassification(one) === 'sensitive').map(({ name }) => name),
    ).toEqual(['weightGrams'])
  })
})
