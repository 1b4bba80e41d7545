import type { Engine } from '@unavez/engine'
import type { Action, Policy, Target } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import { type AccessRequest, shapes, type Surroundings } from '@unavez/service-kit'

import { changeAgreement } from './agreement-change.ts'
import { agreementAggregate } from './agreement.ts'
import { idParams, resumeBody } from './bodies.ts'
import { replies } from './replies.ts'
import { changedView } from './views.ts'

const owner = 'governance'

const changes = {
  approve: { action: 'approve-agreement', summary: 'Say yes to a pending agreement or amendment' },
  reject: { action: 'reject-agreement', summary: 'Say no to a pending agreement or amendment' },
  suspend: { action: 'suspend-agreement', summary: 'Stop what flows under an agreement, at once' },
  end: { action: 'end-agreement', summary: 'End an agreement for good' },
} as const satisfies Record<string, { readonly action: Action; readonly summary: string }>

export function agreementChangeRoutes(surroundings: Surroundings): void {
  changeRoute(surroundings, 'approve')
  changeRoute(surroundings, 'reject')
  changeRoute(surroundings, 'suspend')
  changeRoute(surroundings, 'end')
  resumeRoute(surroundings)
}

const on = ({ params }: AccessRequest): Target => ({ kind: 'agreement', id: params['id'] ?? '' })

function changeRoute({ http, control }: Surroundings, change: keyof typeof changes): void {
  const { action, summary } = changes[change]
  http.route({
    method: 'POST',
    url: `/v1/agreements/:id/${change}`,
    owner,
    summary,
    access: { action, on },
    params: idParams,
    body: shapes.reason,
    replies: { 200: replies.agreementChanged },
    async handle(call) {
      const { id } = call.params
      const { reason } = call.body
      const aggregate = agreementAggregate(id)
      const command = change === 'approve' ? { change, reason, by: call.actor } : { change, reason }
      const outcome = await call.submit(
        (policy, at) => ({ facts: changeAgreement(policy.agreement(id), command, at), reads: [aggregate] }),
        aggregate,
      )
      const state = control.policy.agreement(id)
      if (state === undefined) throw new Problem('not-found')
      return { body: changedView(state, outcome.facts), at: outcome.offset }
    },
  })
}

function resumeRoute({ http, engine, control }: Surroundings): void {
  http.route({
    method: 'POST',
    url: '/v1/agreements/:id/resume',
    owner,
    summary: 'Let a suspended agreement go on, with or without what waited',
    access: { action: 'resume-agreement', on },
    params: idParams,
    body: resumeBody,
    replies: { 200: replies.resumed },
    async handle(call) {
      const { id } = call.params
      const { reason, backlog = 'deliver' } = call.body
      const skip = backlog === 'skip' ? await endOf(engine, control.policy, id) : {}
      const aggregate = agreementAggregate(id)
      const outcome = await call.submit(
        (policy, at) => ({
          facts: changeAgreement(policy.agreement(id), { change: 'resume', reason, backlog, ...skip }, at),
          reads: [aggregate],
        }),
        aggregate,
      )
      return { body: { id, state: 'active', backlog }, at: outcome.offset }
    },
  })
}

/** The end of the agreement's domain topic, read before the decision: what arrives from here on is delivered. */
async function endOf(engine: Engine, policy: Policy, id: string): Promise<{ skipTo?: readonly number[] }> {
  const agreement = policy.agreement(id)
  const contract = agreement === undefined ? undefined : policy.contract(agreement.contract)
  if (contract === undefined) return {}
  const bounds = await engine.log.bounds(`events.${contract.domain}`)
  return { skipTo: bounds.toSorted((a, b) => a.partition - b.partition).map(({ next }) => next) }
}
