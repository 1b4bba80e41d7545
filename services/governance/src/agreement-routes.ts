import { type AgreementState, authorize, type Target } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import { type AccessRequest, identifierOf, listPage, type Surroundings } from '@unavez/service-kit'

import { agreementAggregate, requestAgreement } from './agreement.ts'
import { agreementBody, agreementList, idParams } from './bodies.ts'
import { knownAggregates, knownOf } from './known.ts'
import { replies } from './replies.ts'
import { agreementView, namedView, versionsOf } from './views.ts'

const owner = 'governance'

export function agreementRoutes(surroundings: Surroundings): void {
  requestRoute(surroundings)
  listRoute(surroundings)
  itemRoutes(surroundings)
}

/** The consumer that the body names; without one the speaker's own, so that the body's fault is told and not hidden. */
function consumerOf({ actor, body }: AccessRequest): Target {
  const named = typeof body === 'object' && body !== null && 'consumer' in body ? body.consumer : undefined
  return { kind: 'institution', id: typeof named === 'string' ? named : actor.institution }
}

function requestRoute({ http }: Surroundings): void {
  http.route({
    method: 'POST',
    url: '/v1/agreements',
    owner,
    summary: 'Ask the owner of a contract for an agreement, or keep a draft of one',
    access: { action: 'request-agreement', on: consumerOf },
    body: agreementBody,
    replies: { 201: replies.agreement },
    async handle(call) {
      const id = identifierOf('agr', call)
      const outcome = await call.submit((policy, at) => ({
        facts: requestAgreement(policy.agreement(id), { ...call.body, id }, { known: knownOf(policy, call.body), at }),
        reads: [agreementAggregate(id), ...knownAggregates(call.body)],
      }))
      const body = namedView(outcome.facts)
      return { status: 201, headers: { location: `/v1/agreements/${body.id}` }, body, at: outcome.offset }
    },
  })
}

function listRoute({ http, control }: Surroundings): void {
  http.route({
    method: 'GET',
    url: '/v1/agreements',
    owner,
    summary: 'Agreements of the institution, as consumer and as owner',
    access: { action: 'read-agreement', on: () => ({ kind: 'bus' }) },
    query: agreementList,
    replies: { 200: replies.agreements },
    handle({ actor, query, now }) {
      const { policy } = control
      const wanted = ({ id, state, contract }: AgreementState): boolean =>
        (query.state === undefined || state === query.state) &&
        (query.contract === undefined || contract === query.contract) &&
        authorize(policy, { action: 'read-agreement', actor, on: { kind: 'agreement', id } }, now).allowed
      const { items, next } = listPage(policy.agreements().filter(wanted), ({ id }) => id, query)
      return { body: { items: items.map((state) => agreementView(state)), next } }
    },
  })
}

function itemRoutes({ http, control }: Surroundings): void {
  const { policy } = control
  const on = ({ params }: AccessRequest): Target => ({ kind: 'agreement', id: params['id'] ?? '' })
  http.route({
    method: 'GET',
    url: '/v1/agreements/:id',
    owner,
    summary: 'One agreement',
    access: { action: 'read-agreement', on },
    params: idParams,
    replies: { 200: replies.agreement },
    handle({ params }) {
      const state = policy.agreement(params.id)
      if (state === undefined) throw new Problem('not-found')
      return { body: agreementView(state), version: policy.version(agreementAggregate(params.id)) }
    },
  })
  http.route({
    method: 'GET',
    url: '/v1/agreements/:id/history',
    owner,
    summary: 'Who did what to the agreement, when and why',
    access: { action: 'read-agreement', on },
    params: idParams,
    replies: { 200: replies.history },
    handle({ params }) {
      return { body: { items: policy.history(agreementAggregate(params.id)) } }
    },
  })
  http.route({
    method: 'GET',
    url: '/v1/agreements/:id/versions',
    owner,
    summary: 'What was agreed, version by version; the last is the one in force',
    access: { action: 'read-agreement', on },
    params: idParams,
    replies: { 200: replies.agreementVersions },
    handle({ params }) {
      const state = policy.agreement(params.id)
      if (state === undefined) throw new Problem('not-found')
      const items = versionsOf(state).map(({ terms, ...version }) => ({ ...version, ...terms }))
      return { body: { items } }
    },
  })
}
