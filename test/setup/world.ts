import { Client } from '@unavez/sdk'

import { type Bus, newKey } from './bus.ts'
import { Session } from './session.ts'

/** Builds a world on an empty bus, one call per institution, contract and agreement, over HTTP alone. */
export interface World {
  readonly bus: Bus
  institution(id: string): Promise<void>
  system(institution: string, id: string, roles: readonly string[]): Promise<Client>
  contract(owner: Client, document: object & { readonly type: string }): Promise<{ schemaId: number }>
  agreement(consumer: Client, owner: Client, wish: { contract: string; fields: readonly string[] }): Promise<string>
  subscription(consumer: Client, agreement: string, start?: string): Promise<string>
}

export const birthType = 'pa.gob.civil.birth-registered.v1'

const text = (name: string) => ({ es: name, en: name })

/** The birth contract of the worked example, a little wider. */
export const birthContract = {
  type: birthType,
  kind: 'event',
  domain: 'civil',
  owner: 'te',
  retention: 'P90D',
  description: { es: 'Se inscribió un nacimiento', en: 'A birth was registered' },
  schema: {
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
      { name: 'place', type: ['null', 'string'], default: null, classification: 'personal', doc: 'Corregimiento' },
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
  },
} as const

export const birthOf = (id: string, child: string, more: object = {}) => ({
  id,
  type: birthType,
  time: '2026-11-22T10:00:00Z',
  occurredat: '2026-11-20T03:10:00Z',
  changetype: 'created' as const,
  data: { child, birthDate: '2026-11-20', mother: '8-765-4321', ...more },
})

/** Each step is decided by whoever has seen the ones before it, whichever process it reaches. */
export function openWorld(bus: Bus): World {
  const session = new Session(bus)
  const { operator } = bus
  return {
    bus,
    async institution(id) {
      await session.done({ as: operator, path: '/v1/institutions', json: { id, name: text(id), country: 'PA' } })
    },
    async system(institution, id, roles) {
      const { privateJwk, publicJwk } = newKey()
      const jwks = { keys: [publicJwk] }
      const path = `/v1/institutions/${institution}/systems`
      await session.done({ as: operator, path, json: { id, name: id, roles, jwks } })
      const source = `urn:unavez:pa:${institution}:${id}`
      return new Client({ url: bus.url, clientId: `${institution}.${id}`, key: privateJwk, source })
    },
    async contract(owner, document) {
      await session.done({ as: owner, path: '/v1/contracts', json: document })
      return session.done({ as: owner, path: `/v1/contracts/${document.type}/publish`, method: 'POST' })
    },
    async agreement(consumer, owner, { contract, fields }) {
      const wish = {
        consumer: consumer.clientId.split('.')[0],
        contract,
        purpose: { es: 'Afiliar al recién nacido', en: 'Enrol the newborn' },
        legalBasis: { kind: 'law', norm: 'Ley 51 de 2005', article: '77' },
        fields,
        validUntil: '2030-01-01T00:00:00Z',
      }
      const { id } = await session.done<{ id: string }>({ as: consumer, path: '/v1/agreements', json: wish })
      await session.done({ as: owner, path: `/v1/agreements/${id}/approve`, json: { reason: 'Agreed' } })
      return id
    },
    async subscription(consumer, agreement, start = 'earliest') {
      const json = { agreement, mode: 'pull', start }
      const { id } = await session.done<{ id: string }>({ as: consumer, path: '/v1/subscriptions', json })
      return id
    },
  }
}

/** te publishes births, css may see child and date of birth: the world of the worked example. */
export async function birthWorld(bus: Bus) {
  const world = openWorld(bus)
  await world.institution('te')
  await world.institution('css')
  const te = await world.system('te', 'registro', ['publisher', 'provider', 'administrator'])
  const css = await world.system('css', 'main', ['consumer', 'requester', 'administrator'])
  await world.contract(te, birthContract)
  const agreement = await world.agreement(css, te, { contract: birthType, fields: ['child', 'birthDate'] })
  const subscription = await world.subscription(css, agreement)
  return { ...world, te, css, agreement, births: subscription }
}
