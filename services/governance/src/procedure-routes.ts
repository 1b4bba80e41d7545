import type { ProcedureState, Target } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import { type AccessRequest, listPage, type Surroundings } from '@unavez/service-kit'

import { procedureBody, procedureList, procedureParams } from './bodies.ts'
import { procedureAggregate, registerProcedure } from './procedure.ts'
import { replies } from './replies.ts'
import { factOf } from './views.ts'

const owner = 'governance'

/** The institution that the body names; without one the speaker's own, so that the body's fault is told and not hidden. */
function institutionOf({ actor, body }: AccessRequest): Target {
  const named = typeof body === 'object' && body !== null && 'institution' in body ? body.institution : undefined
  return { kind: 'institution', id: typeof named === 'string' ? named : actor.institution }
}

/** Public services and what they ask of people. Anyone may read them: they are what a citizen is told. */
export function procedureRoutes({ http, control }: Surroundings): void {
  const { policy } = control
  http.route({
    method: 'POST',
    url: '/v1/procedures',
    owner,
    summary: 'Register a procedure with its requirements',
    access: { action: 'register-procedure', on: institutionOf },
    body: procedureBody,
    replies: { 201: replies.procedure },
    async handle(call) {
      const { id, institution, requirements = [] } = call.body
      const aggregate = procedureAggregate(id)
      const outcome = await call.submit((now) => ({
        facts: registerProcedure(now.procedure(id), { ...call.body, requirements }, (type) => now.contract(type)),
        reads: [aggregate, `institution:${institution}`],
      }))
      const { type: _, aggregate: __, ...body } = factOf(outcome.facts, 'procedure-registered')
      return { status: 201, headers: { location: `/v1/procedures/${id}` }, body, at: outcome.offset }
    },
  })
  http.route({
    method: 'GET',
    url: '/v1/procedures',
    owner,
    summary: 'Procedures',
    access: { action: 'read-procedure', on: () => ({ kind: 'bus' }) },
    query: procedureList,
    replies: { 200: replies.procedures },
    handle({ query }) {
      const wanted = ({ institution }: ProcedureState): boolean =>
        query.institution === undefined || institution === query.institution
      return { body: listPage(policy.procedures().filter(wanted), ({ id }) => id, query) }
    },
  })
  http.route({
    method: 'GET',
    url: '/v1/procedures/:id',
    owner,
    summary: 'One procedure',
    access: { action: 'read-procedure', on: ({ params }) => ({ kind: 'procedure', id: params['id'] ?? '' }) },
    params: procedureParams,
    replies: { 200: replies.procedure },
    handle({ params }) {
      const procedure = policy.procedure(params.id)
      if (procedure === undefined) throw new Problem('not-found')
      return { body: procedure, version: policy.version(procedureAggregate(params.id)) }
    },
  })
}
