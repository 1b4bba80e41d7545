import { committedCursor, encodeCursor, topicOf } from '@unavez/exchange'
import { authorize, operator, type SubscriptionState, type Target } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import { type AccessRequest, listPage, listQuery, type Surroundings } from '@unavez/service-kit'
import Type from 'typebox'

import { completeness } from './digest-routes.ts'
import { pushStateOf } from './push-state.ts'
import { subscriptionStates } from './subscription-bodies.ts'
import { subscriptionChangeRoutes } from './subscription-changes.ts'
import { createRoute } from './subscription-creation.ts'
import { lagOf } from './subscription-lag.ts'
import { patchRoute } from './subscription-patch.ts'
import { PushSide } from './subscription-push.ts'
import { rewindRoute } from './subscription-rewind.ts'
import { pushOf, replies, summaryOf } from './subscription-view.ts'
import { subscriptionAggregate } from './subscription.ts'

const owner = 'gateway'
const idParams = Type.Object({ id: Type.String({ maxLength: 64 }) })

const subscriptionList = Type.Object({
  ...listQuery,
  state: Type.Optional(Type.Enum([...subscriptionStates])),
  mode: Type.Optional(Type.Enum(['pull', 'push'])),
  agreement: Type.Optional(Type.String({ maxLength: 64 })),
})

/** Subscriptions: made, shown, changed, moved, ended. What they deliver is in the routes of pull, and in push. */
export function subscriptionRoutes(surroundings: Surroundings): void {
  const push = new PushSide(surroundings)
  createRoute(surroundings, push)
  listRoute(surroundings)
  itemRoute(surroundings)
  historyRoute(surroundings)
  patchRoute(surroundings, push)
  subscriptionChangeRoutes(surroundings, push)
  rewindRoute(surroundings)
}

const reading = {
  action: 'read-subscription',
  on: ({ params }: AccessRequest): Target => ({ kind: 'subscription', id: params['id'] ?? '' }),
} as const

function listRoute({ http, control }: Surroundings): void {
  http.route({
    method: 'GET',
    url: '/v1/subscriptions',
    owner,
    summary: 'Subscriptions of the institution',
    access: { action: 'read-subscription', on: () => ({ kind: 'bus' }) },
    query: subscriptionList,
    replies: { 200: replies.subscriptions },
    handle({ actor, query, now }) {
      const { policy } = control
      const wanted = ({ id, state, mode, agreement }: SubscriptionState): boolean =>
        (query.state === undefined || state === query.state) &&
        (query.mode === undefined || mode === query.mode) &&
        (query.agreement === undefined || agreement === query.agreement) &&
        authorize(policy, { action: 'read-subscription', actor, on: { kind: 'subscription', id } }, now).allowed
      const { items, next } = listPage(policy.subscriptions().filter(wanted), ({ id }) => id, query)
      return { body: { items: items.map((state) => summaryOf(policy, state)), next } }
    },
  })
}

function itemRoute(surroundings: Surroundings): void {
  const { http, engine, control, keys, clock } = surroundings
  http.route({
    method: 'GET',
    url: '/v1/subscriptions/:id',
    owner,
    summary: 'One subscription: its state, where it stands and how far behind',
    access: reading,
    params: idParams,
    replies: { 200: replies.subscription },
    async handle({ actor, params }) {
      const { policy } = control
      const state = policy.subscription(params.id)
      if (state === undefined) throw new Problem('not-found')
      const version = policy.version(subscriptionAggregate(params.id))
      // The publisher learns that there is a subscription, not where it leads to.
      const reader = actor.onBehalfOf ?? actor.institution
      const isForeign = reader !== state.consumer && reader !== operator.id
      const base = { ...summaryOf(policy, state), ...(isForeign ? {} : pushOf(state)), epoch: state.epoch }
      if (state.mode === 'push') return { body: { ...base, ...(await pushStateOf(surroundings, state)) }, version }
      const cursor = await committedCursor(engine.registers, state)
      const lag = await lagOf(engine.log, { topic: topicOf(policy, state.agreement), cursor, now: clock.now() })
      const stands = { cursor: encodeCursor(keys.of('cursor'), cursor), lag }
      return { body: { ...base, ...stands, ...(await completeness(surroundings, state.id)) }, version }
    },
  })
}

function historyRoute({ http, control }: Surroundings): void {
  http.route({
    method: 'GET',
    url: '/v1/subscriptions/:id/history',
    owner,
    summary: 'Who did what to it, when and why',
    access: reading,
    params: idParams,
    replies: { 200: replies.history },
    handle: ({ params }) => ({ body: { items: control.policy.history(subscriptionAggregate(params.id)) } }),
  })
}
