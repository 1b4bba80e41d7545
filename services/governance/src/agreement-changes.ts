import type { Engine } from '@unavez/engine'
import type { Action, AgreementState, Policy } from '@unavez/policy'
import { shapes, type Surroundings } from '@unavez/service-kit'

import { agreementAggregate, changeAgreement } from './agreement.ts'
import { idParams, resumeBody } from './bodies.ts'
import { replies } from './replies.ts'

const owner = 'governance'

interface Change {
  readonly action: Action
  readonly summary: string
  readonly state: AgreementState['state']
}

const changes = {
  approve: { action: 'approve-agreement', summary: 'Say yes to a pending agreement', state: 'active' },
  reject: { action: 'approve-agreement', summary: 'Say no to a pending agreement', state: 'rejected' },
  suspend: { action: 'suspend-agreement', summary: 'Stop what flows under an agreement, at once', state: 'suspended' },
  end: { action: 'end-agreement', summary: 'End an agreement for good', state: 'ended' },
} as const satisfies Record<string, Change>

export function agreementChangeRoutes(surroundings: Surroundings): void {
  changeRoute(surroundings, 'approve')
  changeRoute(surroundings, 'reject')
  changeRoute(surroundings, 'suspend')
  changeRoute(surroundings, 'end')
  resumeRoute(surroundings)
}

function changeRoute({ http }: Surroundings, change: keyof typeof changes): void {
  const { action, summary, state } = changes[change]
  http.route({
    method: 'POST',
    url: `/v1/agreements/:id/${change}`,
    owner,
    summary,
    access: { action, on: ({ params }) => ({ kind: 'agreement', id: params['id'] ?? '' }) },
    params: idParams,
    body: shapes.reason,
    replies: { 200: replies.changed },
    async handle(call) {
      const { id } = call.params
      const { reason } = call.body
      const aggregate = agreementAggregate(id)
      const outcome = await call.submit(
        (policy, at) => ({
          facts: changeAgreement(policy.agreement(id), { change, reason }, at),
          reads: [aggregate],
        }),
        aggregate,
      )
      return { body: { id, state }, at: outcome.offset }
    },
  })
}

function resumeRoute({ http, engine, control }: Surroundings): void {
  http.route({
    method: 'POST',
    url: '/v1/agreements/:id/resume',
    owner,
    summary: 'Let a suspended agreement go on, with or without what waited',
    access: { action: 'resume-agreement', on: ({ params }) => ({ kind: 'agreement', id: params['id'] ?? '' }) },
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
