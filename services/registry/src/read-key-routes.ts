import type { Target } from '@unavez/policy'
import { type AccessRequest, identifierOf, makeReadKey, shapes, type Surroundings } from '@unavez/service-kit'
import Type from 'typebox'

import { makeReadKeyFor, revokeReadKey, systemAggregate } from './read-key.ts'
import { replies } from './replies.ts'

const owner = 'registry'
const url = '/v1/institutions/:id/systems/:system/read-keys'
const params = Type.Object({ id: shapes.id, system: shapes.id })
const keyParams = Type.Object({ id: shapes.id, system: shapes.id, key: Type.String({ maxLength: 100 }) })

const systemOf = ({ params: { id = '', system = '' } }: AccessRequest): Target => ({
  kind: 'system',
  id: `${id}.${system}`,
})

/** For registry clients that know user and password alone: the user is the client id. */
export function readKeyRoutes({ http, control }: Surroundings): void {
  http.route({
    method: 'POST',
    url,
    owner,
    summary: 'Make a key that opens the registry for reading, told once',
    access: { action: 'manage-keys', on: systemOf },
    params,
    replies: { 201: replies.readKey },
    async handle(call) {
      const clientId = `${call.params.id}.${call.params.system}`
      const id = identifierOf('rdk', call)
      const { key, hash } = makeReadKey()
      const { repeated, offset } = await call.submit((policy) => ({
        facts: makeReadKeyFor(policy.system(clientId), { id, hash }),
        reads: [systemAggregate(clientId)],
      }))
      return { status: 201, body: { id, user: clientId, ...(repeated ? {} : { key }) }, at: offset }
    },
  })
  http.route({
    method: 'GET',
    url,
    owner,
    summary: 'Read keys of a system, by id',
    access: { action: 'manage-keys', on: systemOf },
    params,
    replies: { 200: replies.readKeys },
    handle({ params: { id, system } }) {
      const { readKeys = [] } = control.policy.system(`${id}.${system}`) ?? {}
      return { body: { items: readKeys.map((key) => ({ id: key.id })) } }
    },
  })
  http.route({
    method: 'DELETE',
    url: `${url}/:key`,
    owner,
    summary: 'Revoke a read key',
    access: { action: 'manage-keys', on: systemOf },
    params: keyParams,
    async handle(call) {
      const clientId = `${call.params.id}.${call.params.system}`
      const { offset } = await call.submit((policy) => ({
        facts: revokeReadKey(policy.system(clientId), call.params.key),
        reads: [systemAggregate(clientId)],
      }))
      return { at: offset }
    },
  })
}
