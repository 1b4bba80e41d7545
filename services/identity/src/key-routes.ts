import type { PublicKey } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import { type Call, shapes, type Surroundings } from '@unavez/service-kit'
import Type from 'typebox'

import { revokeKey, setKey } from './keys.ts'
import { readPublicKey } from './public-keys.ts'
import { systemTarget } from './system-routes.ts'
import { systemView } from './system-view.ts'
import { clientIdOf, systemAggregate } from './system.ts'

const owner = 'identity'
const url = '/v1/institutions/:id/systems/:system/keys/:kid'

const keyParams = Type.Object({
  id: shapes.id,
  system: shapes.id,
  kid: Type.String({ minLength: 1, maxLength: 128 }),
})
const setBody = Type.Object(
  {
    jwk: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    notAfter: Type.Optional(shapes.time),
  },
  { description: 'A public JWK as `jwk`, or its members themselves; none to say only until when a key stands' },
)
const revokeBody = Type.Object(
  { reason: Type.Optional(Type.String({ minLength: 1, maxLength: 1000, description: 'Kept in the history' })) },
  { additionalProperties: false },
)

/** Rotation with overlap: add the new key, give the old one its end, or revoke it at once. */
export function keyRoutes(surroundings: Surroundings): void {
  setRoute(surroundings)
  revokeRoute(surroundings)
}

function setRoute({ http, control: { policy } }: Surroundings): void {
  http.route({
    method: 'PUT',
    url,
    owner,
    summary: 'Add a public key to a system, or say until when one stands (`notAfter`)',
    access: { action: 'manage-keys', on: ({ params }) => systemTarget(params) },
    params: keyParams,
    body: setBody,
    async handle(call) {
      const { id, system, kid } = call.params
      const { notAfter } = call.body
      const key = keyIn(call)
      const command = { kid, ...(key === undefined ? {} : { key }), ...(notAfter === undefined ? {} : { notAfter }) }
      const aggregate = systemAggregate(id, system)
      const outcome = await call.submit(
        (now, at) => ({ facts: setKey(now.system(clientIdOf(id, system)), command, at), reads: [aggregate] }),
        aggregate,
      )
      const state = policy.system(clientIdOf(id, system))
      if (state === undefined) throw new Problem('not-found')
      const made = outcome.facts.some(({ type }) => type === 'system-key-added')
      const body = systemView(state, call.now)
      return { status: made ? 201 : 200, body, at: outcome.offset, version: policy.version(aggregate) }
    },
  })
}

type SetCall = Call<typeof keyParams, Type.TAny, typeof setBody>

/** The key that came, called as the path says; undefined if none came. */
function keyIn({ params: { kid }, body }: SetCall): PublicKey | undefined {
  const { notAfter: _, jwk, ...members } = body
  const given: Readonly<Record<string, unknown>> = jwk ?? members
  const pointer = jwk === undefined ? '' : '/jwk'
  if (jwk === undefined && Object.keys(members).length === 0) return undefined
  if (given['kid'] !== undefined && given['kid'] !== kid) {
    throw new Problem('body-invalid', {
      pointer: `${pointer}/kid`,
      detail: { es: 'No es el de la ruta', en: 'It is not the one of the path' },
    })
  }
  return readPublicKey({ ...given, kid }, pointer)
}

function revokeRoute({ http }: Surroundings): void {
  http.route({
    method: 'DELETE',
    url,
    owner,
    summary: 'Revoke a key: it proves nothing more, and what it obtained ends at once',
    access: { action: 'manage-keys', on: ({ params }) => systemTarget(params) },
    params: keyParams,
    body: revokeBody,
    async handle(call) {
      const { id, system, kid } = call.params
      const { reason } = call.body
      const aggregate = systemAggregate(id, system)
      const command = { kid, ...(reason === undefined ? {} : { reason }) }
      const { offset } = await call.submit(
        (now) => ({ facts: revokeKey(now.system(clientIdOf(id, system)), command), reads: [aggregate] }),
        aggregate,
      )
      return { status: 204, at: offset }
    },
  })
}
