import { endOffsets, topicOf } from '@unavez/exchange'
import type { SubscriptionState, Target } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import { type AccessRequest, shapes, type Submission, type Surroundings } from '@unavez/service-kit'
import Type from 'typebox'

import { type ChangeSubscription, changeSubscription, subscriptionAggregate } from './subscription.ts'
import type { PushSide } from './subscription-push.ts'
import { replies } from './subscription-view.ts'

const owner = 'gateway'
const strict = { additionalProperties: false }
const idParams = Type.Object({ id: Type.String({ maxLength: 64 }) })

const reasonBody = Type.Object(
  { reason: Type.Optional(Type.String({ minLength: 1, maxLength: 1000, description: 'Kept in the history' })) },
  strict,
)

const resumeBody = Type.Object(
  {
    backlog: Type.Optional(
      Type.Enum(['deliver', 'skip'], { description: 'What waited meanwhile: delivered (default) or skipped' }),
    ),
  },
  strict,
)

const access = {
  action: 'change-subscription',
  on: ({ params }: AccessRequest): Target => ({ kind: 'subscription', id: params['id'] ?? '' }),
} as const

export function subscriptionChangeRoutes(surroundings: Surroundings, push: PushSide): void {
  pauseRoute(surroundings)
  resumeRoute(surroundings)
  confirmRoute(surroundings)
  endRoute(surroundings, push)
}

const deciding =
  (id: string, command: ChangeSubscription): Submission['decide'] =>
  (policy) => ({ facts: changeSubscription(policy.subscription(id), command), reads: [subscriptionAggregate(id)] })

function pauseRoute({ http }: Surroundings): void {
  http.route({
    method: 'POST',
    url: '/v1/subscriptions/:id/pause',
    owner,
    summary: 'Let events wait at the cursor until resumed',
    access,
    params: idParams,
    body: reasonBody,
    replies: { 200: replies.changed },
    async handle(call) {
      const { id } = call.params
      const decide = deciding(id, { change: 'pause', reason: call.body.reason })
      const outcome = await call.submit(decide, subscriptionAggregate(id))
      return { body: { id, state: 'paused' }, at: outcome.offset }
    },
  })
}

function resumeRoute({ http, engine, control }: Surroundings): void {
  http.route({
    method: 'POST',
    url: '/v1/subscriptions/:id/resume',
    owner,
    summary: 'Go on, with or without what waited',
    access,
    params: idParams,
    body: resumeBody,
    replies: { 200: replies.resumed },
    async handle(call) {
      const { id } = call.params
      const { backlog = 'deliver' } = call.body
      const agreement = control.policy.subscription(id)?.agreement
      if (agreement === undefined) throw new Problem('not-found')
      // Read before the decision: what arrives from here on is delivered.
      const skip =
        backlog === 'skip' ? { skipTo: await endOffsets(engine.log, topicOf(control.policy, agreement)) } : {}
      const decide = deciding(id, { change: 'resume', backlog, ...skip })
      const outcome = await call.submit(decide, subscriptionAggregate(id))
      const state = control.policy.subscription(id)?.state ?? 'active'
      return { body: { id, state, backlog }, at: outcome.offset }
    },
  })
}

function confirmRoute({ http, control }: Surroundings): void {
  http.route({
    method: 'POST',
    url: '/v1/subscriptions/:id/confirm',
    owner,
    summary: 'Confirm an endpoint by the operator’s word, where the handshake can not be had',
    access: { ...access, action: 'confirm-subscription' },
    params: idParams,
    body: shapes.reason,
    replies: { 200: replies.changed },
    async handle(call) {
      const { id } = call.params
      const decide = deciding(id, { change: 'confirm', reason: call.body.reason })
      const outcome = await call.submit(decide, subscriptionAggregate(id))
      const state = control.policy.subscription(id)?.state ?? 'active'
      return { body: { id, state }, at: outcome.offset }
    },
  })
}

function endRoute({ http, control }: Surroundings, push: PushSide): void {
  http.route({
    method: 'DELETE',
    url: '/v1/subscriptions/:id',
    owner,
    summary: 'End a subscription for good; what it was signed with is destroyed',
    access,
    params: idParams,
    replies: { 200: replies.changed },
    async handle(call) {
      const { id } = call.params
      let before: SubscriptionState | undefined
      const outcome = await call.submit((policy, at) => {
        before = policy.subscription(id)
        return deciding(id, { change: 'end' })(policy, at)
      }, subscriptionAggregate(id))
      if (before !== undefined) await push.forget(before, control.policy.subscription(id))
      return { body: { id, state: 'ended' }, at: outcome.offset }
    },
  })
}
