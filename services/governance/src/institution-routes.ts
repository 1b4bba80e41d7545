import { authorize, type InstitutionState } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import { listPage, shapes, type Surroundings } from '@unavez/service-kit'

import { contactsBody, idParams, institutionBody, institutionList } from './bodies.ts'
import {
  changeInstitution,
  changes,
  type InstitutionChange,
  institutionAggregate,
  joinInstitution,
  setContacts,
} from './institution.ts'
import { replies } from './replies.ts'
import { institutionView, joinedView } from './views.ts'

const owner = 'governance'

export function institutionRoutes(surroundings: Surroundings): void {
  joinRoute(surroundings)
  readRoutes(surroundings)
  changeRoute(surroundings, 'suspend')
  changeRoute(surroundings, 'resume')
  changeRoute(surroundings, 'approve')
  changeRoute(surroundings, 'leave')
  contactsRoute(surroundings)
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
      const body = joinedView(outcome.facts)
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

const routes = {
  suspend: { action: 'suspend-institution', summary: 'Stop all that the institution does, at once' },
  resume: { action: 'suspend-institution', summary: 'Let a suspended institution go on' },
  approve: { action: 'approve-institution', summary: 'Let an institution that enrolled begin' },
  leave: {
    action: 'leave-institution',
    summary: 'Leave for good: systems, agreements and subscriptions end at once, the past stays provable',
  },
} as const

const target = (params: Readonly<Record<string, string>>) => ({ kind: 'institution', id: params['id'] ?? '' }) as const

function changeRoute({ http }: Surroundings, change: InstitutionChange): void {
  const { action, summary } = routes[change]
  http.route({
    method: 'POST',
    url: `/v1/institutions/:id/${change}`,
    owner,
    summary,
    access: { action, on: ({ params }) => target(params) },
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
      return { body: { id, state: changes[change].to }, at: outcome.offset }
    },
  })
}

function contactsRoute({ http, control: { policy } }: Surroundings): void {
  http.route({
    method: 'PUT',
    url: '/v1/institutions/:id/contacts',
    owner,
    summary: 'Whom to reach at the institution, by what they are for',
    access: { action: 'change-institution', on: ({ params }) => target(params) },
    params: idParams,
    body: contactsBody,
    async handle(call) {
      const aggregate = institutionAggregate(call.params.id)
      const { contacts } = call.body
      const { offset } = await call.submit(
        (now) => ({ facts: setContacts(now.institution(call.params.id), contacts), reads: [aggregate] }),
        aggregate,
      )
      return { body: { id: call.params.id, contacts }, at: offset, version: policy.version(aggregate) }
    },
  })
}
