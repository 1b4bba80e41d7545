import type { Policy, Target } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import type { AccessRequest, Surroundings } from '@unavez/service-kit'

import {
  agreementAggregate,
  amendAgreement,
  amendedWish,
  type AmendAgreement,
  redraftAgreement,
  submitAgreement,
} from './agreement.ts'
import type { Wish } from './agreement-terms.ts'
import { amendBody, idParams, termsBody } from './bodies.ts'
import { knownAggregates, knownOf } from './known.ts'
import { replies } from './replies.ts'
import { agreementView } from './views.ts'

const owner = 'governance'

const on = ({ params }: AccessRequest): Target => ({ kind: 'agreement', id: params['id'] ?? '' })

export function amendmentRoutes(surroundings: Surroundings): void {
  redraftRoute(surroundings)
  submitRoute(surroundings)
  amendRoute(surroundings)
}

function redraftRoute({ http, control }: Surroundings): void {
  http.route({
    method: 'PUT',
    url: '/v1/agreements/:id',
    owner,
    summary: 'Other terms for a draft',
    access: { action: 'submit-agreement', on },
    params: idParams,
    body: termsBody,
    replies: { 200: replies.agreement },
    async handle(call) {
      const { id } = call.params
      const aggregate = agreementAggregate(id)
      const outcome = await call.submit((policy, at) => {
        const { known, reads } = held(policy, id, call.body)
        return { facts: redraftAgreement(policy.agreement(id), call.body, { known, at }), reads }
      }, aggregate)
      return { body: agreementView(stateOf(control.policy, id)), at: outcome.offset }
    },
  })
}

function submitRoute({ http, control }: Surroundings): void {
  http.route({
    method: 'POST',
    url: '/v1/agreements/:id/submit',
    owner,
    summary: 'Ask the owner of the contract for what was drafted',
    access: { action: 'submit-agreement', on },
    params: idParams,
    replies: { 200: replies.agreement },
    async handle(call) {
      const { id } = call.params
      const aggregate = agreementAggregate(id)
      const outcome = await call.submit((policy, at) => {
        const { known, reads } = held(policy, id, stateOf(policy, id))
        return { facts: submitAgreement(policy.agreement(id), { known, at }), reads }
      }, aggregate)
      return { body: agreementView(stateOf(control.policy, id)), at: outcome.offset }
    },
  })
}

function amendRoute({ http, control }: Surroundings): void {
  http.route({
    method: 'POST',
    url: '/v1/agreements/:id/amend',
    owner,
    summary:
      'Ask for other terms; the present ones stand until the other side approves, and are then replaced without a gap',
    access: { action: 'amend-agreement', on },
    params: idParams,
    body: amendBody,
    replies: { 200: replies.agreement },
    async handle(call) {
      const { id } = call.params
      const { reason, ...changes } = call.body
      const command: AmendAgreement = {
        changes,
        proposer: call.actor.institution,
        ...(reason === undefined ? {} : { reason }),
      }
      const aggregate = agreementAggregate(id)
      const outcome = await call.submit((policy, at) => {
        const { known, reads } = held(policy, id, amendedWish(stateOf(policy, id), changes))
        return { facts: amendAgreement(policy.agreement(id), command, { known, at }), reads }
      }, aggregate)
      return { body: agreementView(stateOf(control.policy, id)), at: outcome.offset }
    },
  })
}

function stateOf(policy: Policy, id: string) {
  const state = policy.agreement(id)
  if (state === undefined) throw new Problem('not-found')
  return state
}

/** What new terms of an agreement are held against, and the aggregates behind that. */
function held(policy: Policy, id: string, { legalBasis, procedure }: Pick<Wish, 'legalBasis' | 'procedure'>) {
  const { consumer, contract } = stateOf(policy, id)
  const named = { consumer, contract, legalBasis, ...(procedure === undefined ? {} : { procedure }) }
  return { known: knownOf(policy, named), reads: [agreementAggregate(id), ...knownAggregates(named)] }
}
