import type { NormState } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import { listPage, type Surroundings } from '@unavez/service-kit'

import { normBody, normList, procedureParams } from './bodies.ts'
import { normAggregate, registerNorm } from './procedure.ts'
import { replies } from './replies.ts'
import { factOf } from './views.ts'

const owner = 'governance'

/** The norms that legal bases and procedures quote. */
export function normRoutes({ http, control }: Surroundings): void {
  const { policy } = control
  http.route({
    method: 'POST',
    url: '/v1/norms',
    owner,
    summary: 'Register a norm',
    access: { action: 'register-norm', on: () => ({ kind: 'bus' }) },
    body: normBody,
    replies: { 201: replies.norm },
    async handle(call) {
      const aggregate = normAggregate(call.body.id)
      const outcome = await call.submit((now) => ({
        facts: registerNorm(now.norm(call.body.id), call.body),
        reads: [aggregate],
      }))
      const { type: _, aggregate: __, ...body } = factOf(outcome.facts, 'norm-registered')
      return { status: 201, headers: { location: `/v1/norms/${body.id}` }, body, at: outcome.offset }
    },
  })
  http.route({
    method: 'GET',
    url: '/v1/norms',
    owner,
    summary: 'Norms',
    access: { action: 'read-norm', on: () => ({ kind: 'bus' }) },
    query: normList,
    replies: { 200: replies.norms },
    handle({ query }) {
      const wanted = ({ kind }: NormState): boolean => query.kind === undefined || kind === query.kind
      return { body: listPage(policy.norms().filter(wanted), ({ id }) => id, query) }
    },
  })
  http.route({
    method: 'GET',
    url: '/v1/norms/:id',
    owner,
    summary: 'One norm',
    access: { action: 'read-norm', on: ({ params }) => ({ kind: 'norm', id: params['id'] ?? '' }) },
    params: procedureParams,
    replies: { 200: replies.norm },
    handle({ params }) {
      const norm = policy.norm(params.id)
      if (norm === undefined) throw new Problem('not-found')
      return { body: norm, version: policy.version(normAggregate(params.id)) }
    },
  })
}
