import type { Fact } from '@unavez/policy'

import { joined, registered } from '@unavez/service-kit/testing'

export const type = 'pa.gob.civil.birth-registered.v1'

const person = { type: ['null', 'string'], default: null, identifies: 'person', scheme: 'pa-cedula', role: 'party' }

export const birthSchema = {
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
    },
    { name: 'birthDate', type: { type: 'int', logicalType: 'date' }, classification: 'personal' },
    { ...person, name: 'mother', classification: 'personal' },
    { name: 'district', type: 'string', classification: 'public' },
    { name: 'weight', type: ['null', 'int'], default: null, classification: 'sensitive' },
  ],
}

const published: readonly Fact[] = [
  {
    type: 'contract-drafted',
    aggregate: `contract:${type}`,
    contract: type,
    kind: 'event',
    domain: 'civil',
    owner: 'te',
    retention: 'P90D',
    description: { es: 'Nacimiento', en: 'Birth' },
    version: 1,
    schema: birthSchema,
  },
  {
    type: 'contract-published',
    aggregate: `contract:${type}`,
    version: 1,
    numbered: { sequence: 'schema', of: 'sha256:1' },
  },
]

/** te owns the published birth contract; css and minsa may ask for it. */
export const facts: readonly Fact[] = [
  joined('te'),
  registered('te', 'registro', ['publisher', 'provider', 'administrator']),
  joined('css'),
  registered('css', 'main', ['consumer', 'requester', 'administrator']),
  joined('minsa'),
  registered('minsa', 'main', ['consumer', 'administrator']),
  ...published,
]

/** What css asks of te. */
export const wish = {
  consumer: 'css',
  contract: type,
  purpose: { es: 'Afiliar al recién nacido', en: 'Enrol the newborn' },
  legalBasis: { kind: 'law', norm: 'Ley 51 de 2005', article: '77' },
  fields: ['child', 'birthDate'],
  validUntil: '2030-01-01T00:00:00Z',
}
