import type { Target } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import { type AccessRequest, shapes, type Submission, type Surroundings } from '@unavez/service-kit'

import { procedureParams, requirementBody, requirementParams, requirementReplacement } from './bodies.ts'
import { type ChangeRequirement, changeRequirement, procedureAggregate } from './procedure.ts'
import { replies } from './replies.ts'

const owner = 'governance'

const on = ({ params }: AccessRequest): Target => ({ kind: 'procedure', id: params['id'] ?? '' })

const deciding =
  (id: string, command: ChangeRequirement): Submission['decide'] =>
  (policy) => ({
    facts: changeRequirement(policy.procedure(id), command, (type) => policy.contract(type)),
    reads: [procedureAggregate(id)],
  })

/** What a procedure asks for; each requirement is met by any one of its lists of evidence types. */
export function requirementRoutes(surroundings: Surroundings): void {
  readRoutes(surroundings)
  const { http } = surroundings
  http.route({
    method: 'POST',
    url: '/v1/procedures/:id/requirements',
    owner,
    summary: 'Add a requirement',
    access: { action: 'register-procedure', on },
    params: procedureParams,
    body: requirementBody,
    replies: { 201: replies.requirement },
    async handle(call) {
      const { id } = call.params
      const requirement = call.body
      const outcome = await call.submit(deciding(id, { change: 'add', requirement }), procedureAggregate(id))
      const location = `/v1/procedures/${id}/requirements/${requirement.id}`
      return { status: 201, headers: { location }, body: requirement, at: outcome.offset }
    },
  })
  http.route({
    method: 'PUT',
    url: '/v1/procedures/:id/requirements/:requirement',
    owner,
    summary: 'Replace a requirement',
    access: { action: 'register-procedure', on },
    params: requirementParams,
    body: requirementReplacement,
    replies: { 200: replies.requirement },
    async handle(call) {
      const { id } = call.params
      const requirement = { id: call.params.requirement, ...call.body }
      const outcome = await call.submit(deciding(id, { change: 'replace', requirement }), procedureAggregate(id))
      return { body: requirement, at: outcome.offset }
    },
  })
  http.route({
    method: 'DELETE',
    url: '/v1/procedures/:id/requirements/:requirement',
    owner,
    summary: 'Take a requirement away',
    access: { action: 'register-procedure', on },
    params: requirementParams,
    body: shapes.reason,
    async handle(call) {
      const { id, requirement } = call.params
      const command = { change: 'remove', id: requirement, reason: call.body.reason } as const
      const outcome = await call.submit(deciding(id, command), procedureAggregate(id))
      return { status: 204, at: outcome.offset }
    },
  })
}

function readRoutes({ http, control }: Surroundings): void {
  const { policy } = control
  http.route({
    method: 'GET',
    url: '/v1/procedures/:id/requirements',
    owner,
    summary: 'Requirements of a procedure',
    access: { action: 'read-procedure', on },
    params: procedureParams,
    replies: { 200: replies.requirements },
    handle: ({ params }) => ({ body: { items: policy.procedure(params.id)?.requirements ?? [] } }),
  })
  http.route({
    method: 'GET',
    url: '/v1/procedures/:id/requirements/:requirement',
    owner,
    summary: 'One requirement',
    access: { action: 'read-procedure', on },
    params: requirementParams,
    replies: { 200: replies.requirement },
    handle({ params }) {
      const found = policy.procedure(params.id)?.requirements.find(({ id }) => id === params.requirement)
      if (found === undefined) throw new Problem('not-found')
      return { body: found }
    },
  })
}
