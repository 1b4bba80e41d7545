import { authorize, systemRoles } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import { listPage, listQuery, shapes, type Surroundings } from '@unavez/service-kit'
import Type from 'typebox'

import { keysMax } from './keys.ts'
import { readPublicKeys } from './public-keys.ts'
import { systemView } from './system-view.ts'
import { changeSystem, clientIdOf, institutionAggregate, registerSystem, systemAggregate } from './system.ts'

const owner = 'identity'

const systemBody = Type.Object(
  {
    id: shapes.id,
    name: shapes.name,
    roles: Type.Array(Type.Enum([...systemRoles]), { minItems: 1, maxItems: systemRoles.length }),
    jwks: Type.Object({
      keys: Type.Array(Type.Record(Type.String(), Type.Unknown()), { minItems: 1, maxItems: keysMax }),
    }),
  },
  { additionalProperties: false },
)
const institutionParams = Type.Object({ id: shapes.id })
const systemParams = Type.Object({ id: shapes.id, system: shapes.id })
const listed = Type.Object(listQuery, { additionalProperties: false })

export function systemRoutes(surroundings: Surroundings): void {
  registerRoute(surroundings)
  readRoutes(surroundings)
  changeRoute(surroundings, 'suspend')
  changeRoute(surroundings, 'resume')
}

function registerRoute({ http, control }: Surroundings): void {
  http.route({
    method: 'POST',
    url: '/v1/institutions/:id/systems',
    owner,
    summary: 'Register a system with its public keys; it is active at once',
    access: { action: 'register-system', on: ({ params }) => ({ kind: 'institution', id: params['id'] ?? '' }) },
    params: institutionParams,
    body: systemBody,
    async handle(call) {
      const { id: institution } = call.params
      const { id, name, roles, jwks } = call.body
      const keys = readPublicKeys(jwks.keys)
      const aggregate = systemAggregate(institution, id)
      const outcome = await call.submit((policy) => {
        const now = { institution: policy.institution(institution), system: policy.system(clientIdOf(institution, id)) }
        return {
          facts: registerSystem(now, { id, name, roles, keys }),
          reads: [institutionAggregate(institution), aggregate],
        }
      })
      const made = { institution, id, name, roles: [...new Set(roles)], keys, state: 'active' } as const
      const body = systemView(made, call.now)
      const location = `/v1/institutions/${institution}/systems/${id}`
      return {
        status: 201,
        headers: { location },
        body,
        at: outcome.offset,
        version: control.policy.version(aggregate),
      }
    },
  })
}

function readRoutes({ http, control: { policy } }: Surroundings): void {
  http.route({
    method: 'GET',
    url: '/v1/institutions/:id/systems',
    owner,
    summary: 'The systems of an institution',
    access: { action: 'read-institution', on: ({ params }) => ({ kind: 'institution', id: params['id'] ?? '' }) },
    params: institutionParams,
    query: listed,
    handle({ actor, params, query, now }) {
      const readable = policy.systemsOf(params.id).filter(({ id }) => {
        const on = { kind: 'system', id: clientIdOf(params.id, id) } as const
        return authorize(policy, { action: 'read-system', actor, on }, now).allowed
      })
      const { items, next } = listPage(readable, ({ id }) => id, query)
      return { body: { items: items.map((state) => systemView(state, now)), next } }
    },
  })
  http.route({
    method: 'GET',
    url: '/v1/institutions/:id/systems/:system',
    owner,
    summary: 'One system',
    access: { action: 'read-system', on: ({ params }) => systemTarget(params) },
    params: systemParams,
    handle({ params: { id, system }, now }) {
      const state = policy.system(clientIdOf(id, system))
      if (state === undefined) throw new Problem('not-found')
      return { body: systemView(state, now), version: policy.version(systemAggregate(id, system)) }
    },
  })
}

export const systemTarget = (params: Readonly<Record<string, string>>) =>
  ({ kind: 'system', id: clientIdOf(params['id'] ?? '', params['system'] ?? '') }) as const

const summaries = {
  suspend: 'Stop all that the system does, at once',
  resume: 'Let a suspended system go on',
} as const

function changeRoute({ http, control: { policy } }: Surroundings, change: 'suspend' | 'resume'): void {
  http.route({
    method: 'POST',
    url: `/v1/institutions/:id/systems/:system/${change}`,
    owner,
    summary: summaries[change],
    access: { action: 'suspend-system', on: ({ params }) => systemTarget(params) },
    params: systemParams,
    body: shapes.reason,
    async handle(call) {
      const { id, system } = call.params
      const { reason } = call.body
      const aggregate = systemAggregate(id, system)
      const outcome = await call.submit(
        (now) => ({
          facts: changeSystem(now.system(clientIdOf(id, system)), change, { aggregate, reason }),
          reads: [aggregate],
        }),
        aggregate,
      )
      const body = { clientId: clientIdOf(id, system), state: change === 'suspend' ? 'suspended' : 'active' }
      return { body, at: outcome.offset, version: policy.version(aggregate) }
    },
  })
}
