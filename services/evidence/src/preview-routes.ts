import { Problem } from '@unavez/protocol'
import type { Call, Surroundings } from '@unavez/service-kit'

import { onBus, owner } from './access.ts'
import { previewBody, requestParams } from './bodies.ts'
import { Citizens } from './citizen.ts'
import { destroy } from './due.ts'
import type { Evidence } from './evidence.ts'
import { isEnd, type RequestState } from './facts.ts'
import { replies } from './replies.ts'
import { changing, summaryOf } from './requester-routes.ts'

/** The subject sees the evidence before it is used; the requester gets nothing until then. */
export function previewRoutes(surroundings: Surroundings, evidence: Evidence): void {
  const { http } = surroundings
  const { requests, shower } = evidence
  const citizens = new Citizens(surroundings)
  const access = { action: 'preview-evidence', on: onBus } as const

  /** Another person's request is as if it were not there. */
  async function ofCitizen(call: Call, id: string): Promise<RequestState> {
    const root = await citizens.rootOf(call, id)
    const state = await requests.require(id)
    if (state.subject !== root || !state.preview) throw new Problem('not-found')
    return state
  }

  http.route({
    method: 'GET',
    url: '/v1/evidence-requests/:id/preview',
    owner,
    summary: 'What the requester would get, for the citizen that it is about',
    access,
    params: requestParams,
    replies: { 200: replies.item },
    async handle(call) {
      const state = await ofCitizen(call, call.params.id)
      if (state.state !== 'preview') return { body: summaryOf(state) }
      const { evidence: metadata } = state.answer ?? {}
      const text = JSON.stringify({ ...summaryOf(state), evidence: metadata }).slice(0, -2)
      const bytes = Buffer.from(`${text},"data":${await shower.answerOf(state)}}}`)
      await shower.record(call, { role: 'subject', requests: [state], bytes })
      return { headers: { 'content-type': 'application/json' }, body: bytes }
    },
  })

  http.route({
    method: 'POST',
    url: '/v1/evidence-requests/:id/preview',
    owner,
    summary: 'The citizen lets it be used, or does not',
    access,
    params: requestParams,
    body: previewBody,
    replies: { 200: replies.changed },
    async handle(call) {
      const { id } = call.params
      await ofCitizen(call, id)
      const what = { do: call.body.decision === 'approved' ? 'approve' : 'decline' } as const
      const { left } = await requests.decide(changing(call, id, what))
      if (isEnd(left)) await destroy(evidence, id)
      return { body: { state: left } }
    },
  })
}
