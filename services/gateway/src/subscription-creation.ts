import { startOffsets, topicOf } from '@unavez/exchange'
import type { Target } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import { type AccessRequest, identifierOf, type Surroundings } from '@unavez/service-kit'

import { subscriptionBody } from './subscription-bodies.ts'
import { checkFilter } from './subscription-filter.ts'
import type { PushSide } from './subscription-push.ts'
import { pushOf, replies, summaryOf } from './subscription-view.ts'
import { createSubscription, subscriptionAggregate } from './subscription.ts'

/** The agreement that the body names; without one the speaker's own institution, so that the body's fault is told and not hidden. */
function agreementOf({ actor, body }: AccessRequest): Target {
  const named = typeof body === 'object' && body !== null && 'agreement' in body ? body.agreement : undefined
  return typeof named === 'string' ? { kind: 'agreement', id: named } : { kind: 'institution', id: actor.institution }
}

export function createRoute({ http, engine, control }: Surroundings, push: PushSide): void {
  http.route({
    method: 'POST',
    url: '/v1/subscriptions',
    owner: 'gateway',
    summary: 'Put an agreement to work: pulled, or pushed to an endpoint once that consents',
    access: { action: 'subscribe', on: agreementOf },
    body: subscriptionBody,
    replies: { 201: replies.created },
    async handle(call) {
      const id = identifierOf('sub', call)
      const { agreement, mode, start, filter, baseline, endpoint } = call.body
      if (mode === 'pull' && endpoint !== undefined) throw new Problem('body-invalid', { pointer: '/endpoint', detail })
      const terms = {
        ...(filter === undefined ? {} : { filter: checkFilter(control.policy, agreement, filter) }),
        ...(baseline === undefined ? {} : { baseline }),
      }
      const offsets = await startOffsets(engine.log, topicOf(control.policy, agreement), { start, now: call.now })
      const pushed = mode === 'push' ? await push.begin(id, endpoint, call) : {}
      const outcome = await call.submit((policy) => {
        const state = { subscription: policy.subscription(id), agreement: policy.agreement(agreement) }
        if (filter !== undefined) checkFilter(policy, agreement, filter)
        return {
          facts: createSubscription(state, { id, mode, start: offsets, ...terms, ...pushed }),
          reads: [subscriptionAggregate(id), `agreement:${agreement}`],
        }
      })
      const made = control.policy.subscription(id)
      if (made === undefined) throw new Problem('not-found')
      const secret = await push.told(id, outcome.facts, call.now)
      return {
        status: 201,
        headers: { location: `/v1/subscriptions/${id}` },
        body: { ...summaryOf(control.policy, made), ...pushOf(made), ...secret },
        at: outcome.offset,
        version: control.policy.version(subscriptionAggregate(id)),
      }
    },
  })
}

const detail = { es: 'Una suscripción de consulta (pull) no lo tiene', en: 'A pull has none' }
