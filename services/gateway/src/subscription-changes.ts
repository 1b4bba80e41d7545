import { endOffsets, topicOf } from '@unavez/exchange'
import type { Target } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import type { AccessRequest, Submission, Surroundings } from '@unavez/service-kit'
import Type from 'typebox'

import { type ChangeSubscription, changeSubscription, subscriptionAggregate } from './subscription.ts'
import { replies } from './subscription-replies.ts'

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

export function subscriptionChangeRoutes(surroundings: Surroundings): void {
  pauseRoute(surroundings)
  resumeRoute(surroundings)
  endRoute(surroundings)
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
      return { body: { id, state: 'active', backlog }, at: outcome.offset }
    },
  })
}

function endRoute({ http }: Surroundings): void {
  http.route({
    method: 'DELETE',
    url: '/v1/subscriptions/:id',
    owner,
    summary: 'End a subscription for good',
    access,
    params: idParams,
    replies: { 200: replies.changed },
    async handle(call) {
      const { id } = call.params
      const outcome = await call.submit(deciding(id, { change: 'end' }), subscriptionAggregate(id))
      return { body: { id, state: 'ended' }, at: outcome.offset }
    },
  })
}
