import { topicOf } from '@unavez/exchange'
import type { Target } from '@unavez/policy'
import { apiLimits, Problem } from '@unavez/protocol'
import { type AccessRequest, listQuery, shapes, type Surroundings } from '@unavez/service-kit'
import Type from 'typebox'

import { attemptsOf, attemptStates } from './attempts.ts'
import { eventAt } from './event-at.ts'

const dayMs = 24 * 3_600_000

const attempt = Type.Object({
  event: Type.String({ description: 'Id of the event; empty once retention is over for it' }),
  position: Type.String(),
  state: Type.Enum([...attemptStates]),
  at: Type.String(),
  status: Type.Optional(Type.Integer()),
  ms: Type.Optional(Type.Integer()),
  error: Type.Optional(Type.String()),
})

/** What was attempted, and what became of it. Bodies are in no answer. */
export function attemptRoutes({ http, engine, control }: Surroundings): void {
  http.route({
    method: 'GET',
    url: '/v1/subscriptions/:id/deliveries',
    owner: 'delivery',
    summary: 'Attempts to deliver, partition by partition: state, status, duration, error',
    access: {
      action: 'change-subscription',
      on: ({ params: { id = '' } }: AccessRequest): Target => ({ kind: 'subscription', id }),
    },
    params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
    query: Type.Object({
      ...listQuery,
      state: Type.Optional(Type.Enum([...attemptStates])),
      from: Type.Optional(Type.String({ ...shapes.time, description: 'A day ago unless told' })),
      to: Type.Optional(shapes.time),
    }),
    replies: {
      200: Type.Object({ items: Type.Array(attempt), next: Type.Union([Type.String(), Type.Null()]) }),
    },
    async handle({ params: { id: subscription }, query, now }) {
      const state = control.policy.subscription(subscription)
      if (state === undefined) throw new Problem('not-found')
      const topic = topicOf(control.policy, state.agreement)
      const { items, next } = await attemptsOf(engine, {
        subscription,
        changelog: `deliveries.${topic.slice('events.'.length)}`,
        from: new Date(query.from ?? now.getTime() - dayMs),
        to: new Date(query.to ?? now.getTime() + dayMs),
        limit: query.limit ?? apiLimits.pageItemsDefault,
        ...(query.state === undefined ? {} : { state: query.state }),
        ...(query.after === undefined ? {} : { after: query.after }),
      })
      const told = items.map(async ({ partition, offset, ...each }) => ({
        event: await eventAt(engine.log, { topic, partition, offset }),
        ...each,
      }))
      return { body: { items: await Promise.all(told), next } }
    },
  })
}
