import type { Fact } from '@unavez/policy'
import { joined, registered } from '@unavez/service-kit/testing'

export const type = 'pa.gob.civil.birth-registered.v1'

export const child = {
  name: 'child',
  type: 'string',
  identifies: 'person',
  scheme: 'pa-cedula',
  role: 'key',
  classification: 'personal',
  doc: { es: 'Recién nacido', en: 'Newborn' },
}

export const birthDate = {
  name: 'birthDate',
  type: { type: 'int', logicalType: 'date' },
  classification: 'personal',
  doc: 'Day of birth',
}

export const mother = {
  name: 'mother',
  type: ['null', 'string'],
  default: null,
  identifies: 'person',
  scheme: 'pa-cedula',
  role: 'party',
  classification: 'personal',
  doc: 'Mother',
}

/** A field that a later version may add: whoever does not know it goes on. */
export const weight = {
  name: 'weight',
  type: ['null', 'int'],
  default: null,
  classification: 'personal',
  doc: { es: 'Peso en gramos', en: 'Weight in grams' },
}

export const schemaIn = (domain: string, ...more: readonly object[]) => ({
  type: 'record',
  name: 'BirthRegistered',
  namespace: `pa.gob.${domain.replaceAll('-', '_')}.v1`,
  fields: [child, birthDate, mother, ...more],
})

/** The same contract in another domain, so that each test has one of its own. */
export const contractIn = (domain: string, more: object = {}) => ({
  type: `pa.gob.${domain}.birth-registered.v1`,
  kind: 'event',
  domain,
  owner: 'te',
  retention: 'P90D',
  description: { es: 'Se inscribió un nacimiento', en: 'A birth was registered' },
  schema: schemaIn(domain),
  ...more,
})

/** te owns contracts, css uses them. */
export const institutions: readonly Fact[] = [
  joined('te'),
  registered('te', 'registro', ['publisher', 'provider', 'administrator']),
  joined('css'),
  registered('css', 'main', ['consumer', 'requester', 'administrator']),
]
