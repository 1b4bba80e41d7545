import type { Fact } from '@unavez/policy'

import { joined, registered } from '@unavez/service-kit/testing'

export const birthType = 'pa.gob.civil.birth-registered.v1'
/** Numbers that no answer, header or key may hold. */
export const childId = '8-1234-567'
export const motherId = '8-765-4321'

/** The schema of version 1. */
export const schema = {
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
      doc: 'The child',
    },
    {
      name: 'birthDate',
      type: { type: 'int', logicalType: 'date' },
      classification: 'personal',
      doc: 'Date of birth',
    },
    { name: 'place', type: ['null', 'string'], default: null, classification: 'personal', doc: 'Where' },
    {
      name: 'mother',
      type: ['null', 'string'],
      default: null,
      identifies: 'person',
      scheme: 'pa-cedula',
      role: 'party',
      classification: 'personal',
      doc: 'The mother',
    },
  ],
}

/** A version without `place`: an event that named it can't be said in it any more. */
export const narrower = { ...schema, fields: schema.fields.filter(({ name }) => name !== 'place') }

const aggregate = `contract:${birthType}`

/** te publishes births as te.registro; te.reader has no right to; css is another institution. */
export const birthFacts: readonly Fact[] = [
  joined('te'),
  registered('te', 'registro', ['publisher']),
  registered('te', 'reader', ['consumer']),
  joined('css'),
  registered('css', 'main', ['publisher']),
  ...version(1, schema),
]

/** Version 2 of the contract, decided later. */
export const narrowerFacts: readonly Fact[] = version(2, narrower)

function version(number: number, of: object): readonly Fact[] {
  return [
    {
      type: 'contract-drafted',
      aggregate,
      contract: birthType,
      kind: 'event',
      domain: 'civil',
      owner: 'te',
      retention: 'P90D',
      description: { es: 'Nacimiento', en: 'Birth' },
      version: number,
      schema: of,
    },
    {
      type: 'contract-published',
      aggregate,
      version: number,
      numbered: { sequence: 'schema', of: JSON.stringify(of) },
    },
  ]
}

/** The event of the worked example. */
export const birth = (id: string, more: object = {}, data: object = {}) => ({
  specversion: '1.0',
  id,
  source: 'urn:unavez:pa:te:registro',
  type: birthType,
  time: '2026-11-22T10:00:00Z',
  occurredat: '2026-11-20T03:10:00Z',
  changetype: 'created',
  datacontenttype: 'application/json',
  data: { child: childId, birthDate: '2026-11-20', mother: motherId, ...data },
  ...more,
})
