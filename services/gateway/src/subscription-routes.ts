import { committedCursor, encodeCursor, startOffsets, topicOf } from '@unavez/exchange'
import { type AgreementState, authorize, type Policy, type SubscriptionState, type Target } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import { type AccessRequest, identifierOf, listPage, listQuery, shapes, type Surroundings } from '@unavez/service-kit'
import Type from 'typebox'

import { createSubscription, subscriptionAggregate } from './subscription.ts'
import { subscriptionChangeRoutes } from './subscription-changes.ts'
import { replies } from './subscription-replies.ts'

const owner = 'gateway'
const strict = { additionalProperties: false }
const idParams = Type.Object({ id: Type.String({ maxLength: 64 }) })

const subscriptionBody = Type.Object(
  {
    agreement: Type.String({ minLength: 1, maxLength: 64 }),
    mode: Type.Enum(['pull']),
    start: Type.Union([Type.Enum(['now', 'earliest']), Type.Object({ time: shapes.time }, strict)]),
  },
  strict,
)

const subscriptionList = Type.Object({
  ...listQuery,
  state: Type.Optional(Type.Enum(['active', 'paused', 'ended'])),
  agreement: Type.Optional(Type.String({ maxLength: 64 })),
})

/** Subscriptions: made, shown, paused, resumed, ended. What they deliver is in the routes of pull. */
export function subscriptionRoutes(surroundings: Surroundings): void {
  createRoute(surroundings)
  listRoute(surroundings)
  itemRoute(surroundings)
  subscriptionChangeRoutes(surroundings)
}

/** The agreement that the body names; without one the speaker's own institution, so that the body's fault is told and not hidden. */
function agreementOf({ actor, body }: AccessRequest): Target {
  const named = typeof body === 'object' && body !== null && 'agreement' in body ? body.agreement : undefined
  return typeof named === 'string' ? { kind: 'agreement', id: named } : { kind: 'institution', id: actor.institution }
}

function createRoute({ http, engine, control }: Surroundings): void {
  http.route({
    method: 'POST',
    url: '/v1/subscriptions',
    owner,
    summary: 'Put an agreement to work',
    access: { action: 'subscribe', on: agreementOf },
    body: subscriptionBody,
    replies: { 201: replies.created },
    async handle(call) {
      const id = identifierOf('sub', call)
      const { agreement, mode, start } = call.body
      const topic = topicOf(control.policy, agreement)
      const offsets = await startOffsets(engine.log, topic, { start, now: call.now })
      const outcome = await call.submit((policy) => ({
        facts: createSubscription(
          { subscription: policy.subscription(id), agreement: policy.agreement(agreement) },
          { id, mode, start: offsets },
        ),
        reads: [subscriptionAggregate(id), `agreement:${agreement}`],
      }))
      const made = outcome.facts.find((fact) => fact.type === 'subscription-created')
      const body = { id: made?.id ?? id, state: 'active', agreement, mode }
      return { status: 201, headers: { location: `/v1/subscriptions/${body.id}` }, body, at: outcome.offset }
    },
  })
}

const view = ({ id, state, mode, agreement, consumer }: SubscriptionState, contract: string | undefined) => ({
  id,
  state,
  mode,
  agreement,
  ...(contract === undefined ? {} : { contract }),
  consumer,
})

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
      const wanted = ({ id, state, agreement }: SubscriptionState): boolean =>
        (query.state === undefined || state === query.state) &&
        (query.agreement === undefined || agreement === query.agreement) &&
        authorize(policy, { action: 'read-subscription', actor, on: { kind: 'subscription', id } }, now).allowed
      const { items, next } = listPage(policy.subscriptions().filter(wanted), ({ id }) => id, query)
      return { body: { items: items.map((state) => view(state, contractOf(policy, state))), next } }
    },
  })
}

function itemRoute({ http, engine, control, keys }: Surroundings): void {
  http.route({
    method: 'GET',
    url: '/v1/subscriptions/:id',
    owner,
    summary: 'One subscription: its state, where it stands and how far behind',
    access: { action: 'read-subscription', on: ({ params }) => ({ kind: 'subscription', id: params['id'] ?? '' }) },
    params: idParams,
    replies: { 200: replies.subscription },
    async handle({ params }) {
      const { policy } = control
      const state = policy.subscription(params.id)
      if (state === undefined) throw new Problem('not-found')
      const version = policy.version(subscriptionAggregate(params.id))
      const base = view(state, contractOf(policy, state))
      const cursor = await committedCursor(engine.registers, state)
      const bounds = await engine.log.bounds(topicOf(policy, state.agreement))
      const events = bounds.reduce((sum, { partition, first, next }) => {
        return sum + Math.max(0, next - Math.max(first, cursor.offsets[partition] ?? 0))
      }, 0)
      const body = { ...base, epoch: state.epoch, cursor: encodeCursor(keys.of('cursor'), cursor), lag: { events } }
      return { body, version }
    },
  })
}

const contractOf = (policy: Policy, { agreement }: SubscriptionState): AgreementState['contract'] | undefined =>
  policy.agreement(agreement)?.contract
