import { describe, expect, test } from '@jest/globals'
import { contracts, type BirthRegistered, type ClinicalDeclarationIssued } from '@unavez/schemas'
import avsc from 'avsc'

import { Contract, effectiveClassification, typeParts, wireHeaderBytes } from '../src/index.ts'

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
  test('their text is a schema to another Avro library, which reads the bytes', () => {
    const document = contracts['pa.gob.health.clinical-declaration-issued.v1']
    const contract = new Contract(document.type, document.schema)
    const { wire } = contract.encode(declaration, { schemaId: 2 })
    const other = avsc.Type.forSchema(JSON.parse(contract.schemaText) as avsc.Schema)
    expect(other.fromBuffer(wire.subarray(wireHeaderBytes))).toMatchObject({ person: '8-765-4321', sex: 'female' })
  })

  test.each(Object.entries(contracts))('%s is valid, and documented in both languages', (type, document) => {
    const contract = new Contract(type, document.schema)
    expect(document.type).toBe(type)
    expect(typeParts(type)?.domain).toBe(document.domain)
    for (const { doc } of contract.fields) expect(doc).toEqual({ es: expect.any(String), en: expect.any(String) })
    expect(document.schema.doc).toEqual({ es: expect.any(String), en: expect.any(String) })
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
