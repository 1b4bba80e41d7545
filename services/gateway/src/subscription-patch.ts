import type { SubscriptionState } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import type { AccessRequest, Surroundings } from '@unavez/service-kit'
import Type from 'typebox'

import { patchBody } from './subscription-bodies.ts'
import { checkFilter } from './subscription-filter.ts'
import type { PushSide } from './subscription-push.ts'
import { pushOf, replies, summaryOf } from './subscription-view.ts'
import { amendSubscription, requireAmendable, subscriptionAggregate } from './subscription.ts'

const aDay = 86_400

/** What may change while it goes on: the new settings hold in under a second, for what waits too. */
export function patchRoute({ http, control }: Surroundings, push: PushSide): void {
  http.route({
    method: 'PATCH',
    url: '/v1/subscriptions/:id',
    owner: 'gateway',
    summary: 'Change endpoint, filter or baseline; rotate the secret or the signing key',
    access: {
      action: 'change-subscription',
      on: ({ params }: AccessRequest) => ({ kind: 'subscription', id: params['id'] ?? '' }),
    },
    params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
    body: patchBody,
    replies: { 200: replies.created },
    async handle(call) {
      const { id } = call.params
      const { endpoint, filter, baseline, rotate, overlapSeconds = aDay } = call.body
      const aggregate = subscriptionAggregate(id)
      // What can't be is refused before anything is sealed for it.
      requireAmendable(control.policy.subscription(id), { endpoint, rotate })
      const change = endpoint === undefined ? {} : { endpoint: await push.change(id, endpoint, call) }
      const use = rotate === 'signing-key' ? 'signing' : 'secret'
      const until = new Date(call.now.getTime() + overlapSeconds * 1000).toISOString()
      const rotated = rotate === undefined ? {} : { rotated: { key: await push.makeKey(id, use, call), until } }
      let before: SubscriptionState | undefined
      const outcome = await call.submit((policy) => {
        before = policy.subscription(id)
        const agreement = before?.agreement ?? ''
        const kept = filter === undefined ? {} : { filter: filter && checkFilter(policy, agreement, filter) }
        const facts = amendSubscription(before, { ...change, ...kept, ...(baseline && { baseline }), ...rotated })
        return { facts, reads: [aggregate, ...(filter === undefined ? [] : [`agreement:${agreement}`])] }
      }, aggregate)
      const after = control.policy.subscription(id)
      if (after === undefined) throw new Problem('not-found')
      if (before !== undefined) await push.forget(before, after)
      const secret = await push.told(id, outcome.facts, call.now)
      const body = { ...summaryOf(control.policy, after), ...pushOf(after), ...secret }
      return { body, at: outcome.offset, version: control.policy.version(aggregate) }
    },
  })
}
