import { authorize, type InstitutionState } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import { listPage, shapes, type Surroundings } from '@unavez/service-kit'

import { idParams, institutionBody, institutionList } from './bodies.ts'
import { changeInstitution, institutionAggregate, joinInstitution } from './institution.ts'
import { replies } from './replies.ts'
import { factOf, institutionView, joinedView } from './views.ts'

const owner = 'governance'

export function institutionRoutes(surroundings: Surroundings): void {
  joinRoute(surroundings)
  readRoutes(surroundings)
  changeRoute(surroundings, 'suspend')
  changeRoute(surroundings, 'resume')
}

function joinRoute({ http }: Surroundings): void {
  http.route({
    method: 'POST',
    url: '/v1/institutions',
    owner,
    summary: 'Make an institution; it is active at once',
    access: { action: 'create-institution', on: () => ({ kind: 'bus' }) },
    body: institutionBody,
    replies: { 201: replies.institution },
    async handle(call) {
      const aggregate = institutionAggregate(call.body.id)
      const outcome = await call.submit((policy) => ({
        facts: joinInstitution(policy.institution(call.body.id), call.body),
        reads: [aggregate],
      }))
      const body = joinedView(factOf(outcome.facts, 'institution-joined'))
      return { status: 201, headers: { location: `/v1/institutions/${body.id}` }, body, at: outcome.offset }
    },
  })
}

function readRoutes({ http, control }: Surroundings): void {
  const { policy } = control
  http.route({
    method: 'GET',
    url: '/v1/institutions',
    owner,
    summary: 'The institutions that the speaker may read',
    access: { action: 'read-institution', on: () => ({ kind: 'bus' }) },
    query: institutionList,
    replies: { 200: replies.institutions },
    handle({ actor, query, now }) {
      const wanted = ({ id, state }: InstitutionState): boolean =>
        (query.state === undefined || state === query.state) &&
        authorize(policy, { action: 'read-institution', actor, on: { kind: 'institution', id } }, now).allowed
      const { items, next } = listPage(policy.institutions().filter(wanted), ({ id }) => id, query)
      return { body: { items: items.map((state) => institutionView(state)), next } }
    },
  })
  http.route({
    method: 'GET',
    url: '/v1/institutions/:id',
    owner,
    summary: 'One institution',
    access: { action: 'read-institution', on: ({ params }) => ({ kind: 'institution', id: params['id'] ?? '' }) },
    params: idParams,
    replies: { 200: replies.institution },
    handle({ params }) {
      const state = policy.institution(params.id)
      if (state === undefined) throw new Problem('not-found')
      return { body: institutionView(state), version: policy.version(institutionAggregate(params.id)) }
    },
  })
}

const summaries = {
  suspend: 'Stop all that the institution does, at once',
  resume: 'Let a suspended institution go on',
} as const

function changeRoute({ http }: Surroundings, change: 'suspend' | 'resume'): void {
  http.route({
    method: 'POST',
    url: `/v1/institutions/:id/${change}`,
    owner,
    summary: summaries[change],
    access: { action: 'suspend-institution', on: ({ params }) => ({ kind: 'institution', id: params['id'] ?? '' }) },
    params: idParams,
    body: shapes.reason,
    replies: { 200: replies.changed },
    async handle(call) {
      const { id } = call.params
      const aggregate = institutionAggregate(id)
      const outcome = await call.submit(
        (policy) => ({
          facts: changeInstitution(policy.institution(id), { change, reason: call.body.reason }),
          reads: [aggregate],
        }),
        aggregate,
      )
      return { body: { id, state: change === 'suspend' ? 'suspended' : 'active' }, at: outcome.offset }
    },
  })
}
