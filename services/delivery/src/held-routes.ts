import { decodePosition, encodePosition, openLenses, pushStandings, topicOf, type WrittenHeld } from '@unavez/exchange'
import type { DeliveryWish, SubscriptionState, Target } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import {
  type AccessRequest,
  type Call,
  listPage,
  listQuery,
  type Reply,
  shapes,
  type Surroundings,
} from '@unavez/service-kit'
import Type from 'typebox'

import { eventAt } from './event-at.ts'
import { heldReplies } from './held-replies.ts'

const owner = 'delivery'
const strict = { additionalProperties: false }
const params = Type.Object({ id: Type.String({ maxLength: 64 }) })
const heldParams = Type.Object({ id: Type.String({ maxLength: 64 }), held: Type.String({ maxLength: 64 }) })

/** What is held is for whom it is meant. */
const access = {
  action: 'change-subscription',
  on: ({ params: { id = '' } }: AccessRequest): Target => ({ kind: 'subscription', id }),
} as const

const filterBody = Type.Object(
  {
    filter: Type.Optional(
      Type.Object(
        {
          code: Type.Optional(Type.String({ maxLength: 64 })),
          status: Type.Optional(Type.Integer({ minimum: 100, maximum: 599 })),
          before: Type.Optional(shapes.time),
        },
        { ...strict, description: 'Those that all of it fits; without it all' },
      ),
    ),
  },
  strict,
)

interface Place {
  readonly partition: number
  readonly held: WrittenHeld
}

/** What is held for a subscription, and what people want done with it. */
export function heldRoutes(surroundings: Surroundings): void {
  listRoute(surroundings)
  retryRoute(surroundings)
  skipRoute(surroundings)
  retryAllRoute(surroundings)
}

function listRoute(surroundings: Surroundings): void {
  const { http, engine, control } = surroundings
  const lensFor = openLenses(surroundings)
  http.route({
    method: 'GET',
    url: '/v1/subscriptions/:id/held',
    owner,
    summary: 'Deliveries that wait because their subject fails, one of each subject',
    access,
    params,
    query: Type.Object(listQuery),
    replies: { 200: heldReplies.list },
    async handle({ params: { id }, query }) {
      const state = pushed(surroundings, id)
      const agreement = control.policy.agreement(state.agreement)
      if (agreement === undefined) throw new Problem('not-found')
      const { pseudonym } = await lensFor(agreement)
      const topic = topicOf(control.policy, state.agreement)
      const { items, next } = listPage(await heldOf(surroundings, state), idOf, query)
      const told = items.map(async (place) => ({
        ...itemOf(place),
        subject: pseudonym(place.held[0]),
        event: await eventAt(engine.log, { topic, partition: place.partition, offset: place.held[1] }),
      }))
      return { body: { items: await Promise.all(told), next } }
    },
  })
}

const idOf = ({ partition, held: [, offset] }: Place): string => encodePosition(partition, offset)

function itemOf(place: Place) {
  const [, , attempt, nextAt, since, { code, status }, followers] = place.held
  return {
    id: idOf(place),
    reason: { code, ...(status === undefined ? {} : { status }) },
    attempt,
    nextAt: nextAt === null ? null : new Date(nextAt).toISOString(),
    since: new Date(since).toISOString(),
    behind: followers.length,
  }
}

function pushed({ control }: Surroundings, id: string): SubscriptionState {
  const state = control.policy.subscription(id)
  if (state === undefined) throw new Problem('not-found')
  if (state.mode !== 'push') {
    const detail = { es: 'La suscripción no es de entrega (push)', en: 'The subscription is not a push' }
    throw new Problem('state-conflict', { detail })
  }
  return state
}

async function heldOf({ engine, control }: Surroundings, state: SubscriptionState): Promise<readonly Place[]> {
  const topic = topicOf(control.policy, state.agreement)
  const standings = await pushStandings(engine.views, { subscription: state.id, epoch: state.epoch, topic })
  return standings.flatMap((standing, partition) => (standing?.held ?? []).map((held) => ({ partition, held })))
}

function retryRoute(surroundings: Surroundings): void {
  surroundings.http.route({
    method: 'POST',
    url: '/v1/subscriptions/:id/held/:held/retry',
    owner,
    summary: 'Try a held delivery now, and those behind it once it is accepted',
    access,
    params: heldParams,
    replies: { 202: heldReplies.ordered },
    async handle(call) {
      await requireHeld(surroundings, call.params)
      return ordered(surroundings, call, { order: { kind: 'retry', held: call.params.held } })
    },
  })
}

function skipRoute(surroundings: Surroundings): void {
  surroundings.http.route({
    method: 'POST',
    url: '/v1/subscriptions/:id/held/:held/skip',
    owner,
    summary: 'Let a held delivery go without delivering it; the first behind it takes its place',
    access,
    params: heldParams,
    body: shapes.reason,
    replies: { 202: heldReplies.ordered },
    async handle(call) {
      await requireHeld(surroundings, call.params)
      return ordered(surroundings, call, { order: { kind: 'skip', held: call.params.held }, reason: call.body.reason })
    },
  })
}

function retryAllRoute(surroundings: Surroundings): void {
  surroundings.http.route({
    method: 'POST',
    url: '/v1/subscriptions/:id/held/retry',
    owner,
    summary: 'Try all held deliveries now that a filter fits',
    access,
    params,
    body: filterBody,
    replies: { 202: heldReplies.ordered },
    handle(call) {
      const { filter } = call.body
      return ordered(surroundings, call, { order: { kind: 'retry', ...(filter === undefined ? {} : { filter }) } })
    },
  })
}

async function requireHeld(surroundings: Surroundings, { id, held }: { id: string; held: string }): Promise<void> {
  const places = decodePosition(held) === undefined ? [] : await heldOf(surroundings, pushed(surroundings, id))
  if (!places.some((place) => idOf(place) === held)) throw new Problem('not-found')
}

/** An order is a fact: whoever owns the partition by then carries it out, once. */
async function ordered(
  surroundings: Surroundings,
  call: Pick<Call, 'submit'> & { readonly params: { readonly id: string } },
  { order, reason }: { readonly order: DeliveryWish; readonly reason?: string },
): Promise<Reply> {
  const { id } = call.params
  const aggregate = `subscription:${id}`
  const outcome = await call.submit((policy) => {
    if (policy.subscription(id)?.state === 'ended') {
      const detail = { es: 'La suscripción está terminada', en: 'The subscription is ended' }
      throw new Problem('state-conflict', { detail })
    }
    pushed(surroundings, id)
    const because = reason === undefined ? {} : { reason }
    return { facts: [{ type: 'delivery-ordered', aggregate, order, ...because }], reads: [aggregate] }
  }, aggregate)
  return { status: 202, body: { id, order: outcome.offset }, at: outcome.offset }
}
