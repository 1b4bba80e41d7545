import { agreementForEvidence } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import type { Call, Surroundings } from '@unavez/service-kit'

import { owner, procedureIn, requireSide } from './access.ts'
import { requestParams, reuseBody } from './bodies.ts'
import type { Evidence } from './evidence.ts'
import type { RequestState, Reuse } from './facts.ts'
import { replies } from './replies.ts'
import { changing } from './requester-routes.ts'
import { staleKey } from './views.ts'

/** What was received and still holds serves once more: nobody is asked again, and that is counted. */
export function reuseRoutes({ http, engine, control }: Surroundings, { requests }: Evidence): void {
  http.route({
    method: 'POST',
    url: '/v1/evidence-requests/:id/reused',
    owner,
    summary: 'The evidence received then served another requirement',
    access: { action: 'request', on: procedureIn },
    params: requestParams,
    body: reuseBody,
    replies: { 200: replies.changed },
    async handle(call) {
      const { id } = call.params
      const state = await requests.require(id)
      requireSide(call, state, 'requester')
      requireCovered(call, state, call.body)
      if ((await engine.views.get(staleKey(id))) !== undefined) throw new Problem('evidence-too-old')
      const { left } = await requests.decide(changing(call, id, { do: 'reuse', ...call.body }))
      return { body: { state: left } }
    },
  })

  /** The other requirement accepts it, and the agreement lets it be used for that procedure too. */
  function requireCovered(
    call: Call,
    { evidenceType, requester }: RequestState,
    { procedure, requirement }: Reuse,
  ): void {
    const { policy } = control
    const found = policy.procedure(procedure)?.requirements.find(({ id }) => id === requirement)
    if (found?.accepts.flat().includes(evidenceType) !== true)
      throw new Problem('evidence-type-not-accepted', { pointer: '/requirement' })
    const wanted = { procedure, requirement, evidenceType, consumer: requester, at: call.now }
    if (agreementForEvidence(policy, wanted) === undefined) throw new Problem('agreement-not-active')
  }
}
