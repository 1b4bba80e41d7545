import type { Fact } from '@unavez/policy'

import { joined, registered } from '@unavez/service-kit/testing'

export const type = 'pa.gob.civil.birth-registered.v1'

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
    schema: {
      type: 'record',
      name: 'BirthRegistered',
      namespace: 'pa.gob.civil.v1',
      fields: [{ name: 'child' }, { name: 'birthDate' }, { name: 'mother' }],
    },
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
