import { openPushSecrets } from '@unavez/exchange'
import { Problem } from '@unavez/protocol'
import {
  checkEndpoint,
  endpointShapes,
  identifierOf,
  openAddressGuard,
  shapes,
  type Surroundings,
} from '@unavez/service-kit'
import Type from 'typebox'

import { systemTarget } from './system-routes.ts'
import { systemView } from './system-view.ts'
import { clientIdOf, systemAggregate } from './system.ts'

const body = Type.Object(
  { url: endpointShapes.url, auth: Type.Optional(endpointShapes.auth) },
  { additionalProperties: false },
)

/** Where what a system subscribes to is pushed, unless it says otherwise; subscriptions that stand keep theirs. */
export function endpointRoute({ http, control: { policy }, engine, keys, settings, log }: Surroundings): void {
  const guard = openAddressGuard(settings.privateEndpoints ?? [])
  const secrets = openPushSecrets(engine.registers, keys.of('registers'))
  http.route({
    method: 'PUT',
    url: '/v1/institutions/:id/systems/:system/endpoint',
    owner: 'identity',
    summary:
      'Where new subscriptions of a system are pushed, and how the bus signs in there; secrets are never told back',
    access: { action: 'manage-keys', on: ({ params }) => systemTarget(params) },
    params: Type.Object({ id: shapes.id, system: shapes.id }),
    body,
    async handle(call) {
      const { id, system } = call.params
      const client = clientIdOf(id, system)
      const { url = '', auth = { kind: 'none' as const } } = checkEndpoint(call.body, guard, '')
      const before = policy.system(client)?.endpoint
      const signedIn = await secrets.sealAuth(client, auth, identifierOf('auth', call))
      const aggregate = systemAggregate(id, system)
      const outcome = await call.submit((now) => {
        if (now.system(client) === undefined) throw new Problem('not-found')
        return {
          facts: [{ type: 'system-endpoint-set', aggregate, endpoint: { url, ...signedIn } }],
          reads: [aggregate],
        }
      }, aggregate)
      const state = policy.system(client)
      if (state === undefined) throw new Problem('not-found')
      const sealed = before?.sealed
      if (sealed !== undefined && sealed !== state.endpoint?.sealed)
        await secrets.forget(client, { keys: [], auths: [sealed] }).catch((error: unknown) => {
          log.warn({ error, system: client }, 'what a system is signed in with no more was not destroyed')
        })
      return { body: systemView(state, call.now), at: outcome.offset, version: policy.version(aggregate) }
    },
  })
}
