import type { Surroundings } from '@unavez/service-kit'

import { onBus, owner, requireAgreement, requireSide } from './access.ts'
import { answerBody, requestParams } from './bodies.ts'
import { destroy } from './due.ts'
import type { Evidence } from './evidence.ts'
import { isEnd } from './facts.ts'
import { replies } from './replies.ts'
import { changing } from './requester-routes.ts'

/** Whoever holds evidence: answers, by a system or at a desk. */
export function providerRoutes({ http }: Surroundings, evidence: Evidence): void {
  const { requests, answering } = evidence
  http.route({
    method: 'POST',
    url: '/v1/evidence-requests/:id/answer',
    owner,
    summary: 'Answer a request: once, whoever answers',
    access: { action: 'provide', on: onBus },
    params: requestParams,
    body: answerBody,
    replies: { 200: replies.changed },
    async handle(call) {
      const { id } = call.params
      const state = await requests.require(id)
      requireSide(call, state, 'provider')
      await requireAgreement(call, state, 'provide')
      const what = await answering.commandOf(state, call.body)
      const { left } = await requests.decide(changing(call, id, what))
      if (isEnd(left)) await destroy(evidence, id)
      return { body: { state: left } }
    },
  })
}
