import type { EventLog } from '@unavez/engine'
import { committedCursor, decodeCursor, endOffsets, headerText, topicOf } from '@unavez/exchange'
import type { Policy, SubscriptionState } from '@unavez/policy'
import { Problem, type Text } from '@unavez/protocol'
import { type AccessRequest, shapes, type Surroundings } from '@unavez/service-kit'
import Type from 'typebox'

import { replies } from './subscription-view.ts'
import { changeSubscription, subscriptionAggregate } from './subscription.ts'

/** Records of the domain that one count looks at. */
const countedMost = 20_000
const readMost = { messages: 1_000, bytes: 4_000_000, waitMs: 0 }

const rewindBody = Type.Object(
  {
    time: Type.Optional(shapes.time),
    cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 512 })),
    dryRun: Type.Optional(Type.Boolean({ description: 'Only count what would come again' })),
  },
  { additionalProperties: false, description: 'One of `time` and `cursor`' },
)

/** One offset of each partition, in their order. */
type Offsets = readonly number[]

/** Back in time, never forward: whoever stands before that time already stays there. */
export function rewindRoute(surroundings: Surroundings): void {
  const { http, engine, control } = surroundings
  http.route({
    method: 'POST',
    url: '/v1/subscriptions/:id/rewind',
    owner: 'gateway',
    summary: 'Go back to a time or a cursor; what was received since comes again',
    access: {
      action: 'change-subscription',
      on: ({ params }: AccessRequest) => ({ kind: 'subscription', id: params['id'] ?? '' }),
    },
    params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
    body: rewindBody,
    replies: { 200: replies.rewound },
    async handle(call) {
      const { id } = call.params
      const subscription = control.policy.subscription(id)
      if (subscription === undefined) throw new Problem('not-found')
      const topic = topicOf(control.policy, subscription.agreement)
      const stands = await standOf(surroundings, subscription, topic)
      const to = await placeOf(surroundings, { ...call.body, now: call.now }, { subscription, topic, stands })
      const type = control.policy.agreement(subscription.agreement)?.contract ?? ''
      const counted = await countBetween(engine.log, { topic, type, from: to, to: stands })
      if (call.body.dryRun === true) return { body: { id, ...counted } }
      const aggregate = subscriptionAggregate(id)
      const decide = (policy: Policy) => ({
        facts: changeSubscription(policy.subscription(id), { change: 'rewind', to }),
        reads: [aggregate],
      })
      const { offset } = await call.submit(decide, aggregate)
      return { body: { id, ...counted, epoch: control.policy.subscription(id)?.epoch }, at: offset }
    },
  })
}

/** A pull stands where it committed. A push stands nowhere behind the end, and its pump goes no further than it stood. */
async function standOf({ engine }: Surroundings, subscription: SubscriptionState, topic: string): Promise<Offsets> {
  return subscription.mode === 'pull'
    ? (await committedCursor(engine.registers, subscription)).offsets
    : endOffsets(engine.log, topic)
}

interface Standing {
  readonly subscription: SubscriptionState
  readonly topic: string
  readonly stands: Offsets
}

/** A cursor is the consumer's own word on where it stands; a time is one on where it does not stand behind. */
async function placeOf(
  { engine, keys }: Surroundings,
  asked: { readonly time?: string; readonly cursor?: string; readonly now: Date },
  { subscription, topic, stands }: Standing,
): Promise<Offsets> {
  const { time, cursor, now } = asked
  if ((time === undefined) === (cursor === undefined)) throw new Problem('body-invalid', { pointer: '', detail: oneOf })
  if (time !== undefined && Date.parse(time) > now.getTime())
    throw new Problem('body-invalid', { pointer: '/time', detail: past })
  const bounds = await engine.log.bounds(topic, time === undefined ? undefined : new Date(time))
  const wanted = cursor === undefined ? undefined : decodeCursor(keys.of('cursor'), subscription.id, cursor)
  if (wanted !== undefined && wanted.epoch > subscription.epoch) throw new Problem('cursor-invalid')
  return bounds
    .toSorted((a, b) => a.partition - b.partition)
    .map(({ partition, first, next, atTime }) => {
      const offset = wanted === undefined ? Math.min(atTime, stands[partition] ?? 0) : (wanted.offsets[partition] ?? 0)
      return Math.max(first, Math.min(offset, next))
    })
}

const oneOf: Text = { es: 'Se espera uno de time y cursor', en: 'One of time and cursor is expected' }
const past: Text = { es: 'Debe ser un momento pasado', en: 'It must be a time in the past' }

interface Between {
  readonly topic: string
  readonly type: string
  readonly from: Offsets
  readonly to: Offsets
}

/** Events of a type between two places, up to so many records. */
async function countBetween(
  log: EventLog,
  { topic, type, from, to }: Between,
): Promise<{ readonly events: number; readonly more: boolean }> {
  let events = 0
  let looked = 0
  for (const [partition, first] of from.entries()) {
    const end = to[partition] ?? 0
    let offset = first
    while (offset < end) {
      if (looked >= countedMost) return { events, more: true }
      const page = await log.read({ topic, partition, offset }, readMost)
      const messages = page.messages.filter((message) => message.offset < end)
      events += messages.filter(({ headers }) => headerText(headers, 'type') === type).length
      looked += page.next - offset
      if (page.next === offset) break
      offset = page.next
    }
  }
  return { events, more: false }
}
