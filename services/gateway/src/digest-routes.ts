import {
  completeOf,
  type Cursor,
  decodeCursor,
  Digests,
  encodeCursor,
  proveComplete,
  recordReport,
  topicOf,
  type Told,
} from '@unavez/exchange'
import type { SubscriptionState } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import type { AccessRequest, Call, Surroundings } from '@unavez/service-kit'
import Type, { type Static } from 'typebox'

const owner = 'gateway'
const url = '/v1/subscriptions/:id/digest'
const params = Type.Object({ id: Type.String({ maxLength: 64 }) })
const on = ({ params: { id = '' } }: AccessRequest) => ({ kind: 'subscription', id }) as const

const cursor = Type.String({ minLength: 1, maxLength: 512 })
const hash = Type.String({ pattern: '^sha256:[0-9a-f]{64}$' })
const strict = { additionalProperties: false }
const counted = { from: cursor, to: cursor, count: Type.Integer({ minimum: 0 }), hash }

/** Parts of one report that are looked at apart once the whole does not match. */
const partsMost = 100

const report = Type.Object(
  {
    ...counted,
    parts: Type.Optional(
      Type.Array(Type.Object(counted, strict), {
        maxItems: partsMost,
        description:
          'Its pages, one after the other: if the whole does not match, the answer tells which of them do not',
      }),
    ),
  },
  strict,
)

type Report = Static<typeof report>
type Counted = Omit<Report, 'parts'>

const partition = Type.Union([
  Type.Object({
    partition: Type.String({ description: 'The first two characters of positions there' }),
    count: Type.Integer(),
    hash,
  }),
  Type.Object({
    partition: Type.String(),
    missing: Type.Enum(['trimmed', 'not-shown', 'terms-gone', 'differs'], { description: 'Why no hash can be told' }),
  }),
])

const digestReply = Type.Object({
  from: cursor,
  to: cursor,
  count: Type.Optional(Type.Integer()),
  hash: Type.Optional(hash),
  whole: Type.Boolean({
    description: 'All of it was shown and can be computed again; else neither count nor hash is told',
  }),
  partitions: Type.Array(partition),
})

/** How far the consumer has proven to have everything. */
export const completeReply = Type.Object({
  from: cursor,
  to: cursor,
  until: Type.String({ description: 'All that was due and accepted before that time is there' }),
})

const reportReply = Type.Object({
  matches: Type.Boolean(),
  count: Type.Optional(Type.Integer()),
  hash: Type.Optional(hash),
  differs: Type.Optional(Type.Array(digestReply, { description: 'The parts that do not match, as the bus has them' })),
  complete: Type.Optional(completeReply),
})

/** The bus's word on what stands between two cursors, and the consumer's: whether it has all of it. */
export function digestRoutes(surroundings: Surroundings): void {
  const digests = new Digests(surroundings)
  askRoute(surroundings, digests)
  reportRoute(surroundings, digests)
}

function askRoute({ http, control, keys }: Surroundings, digests: Digests): void {
  http.route({
    method: 'GET',
    url,
    owner,
    summary: 'Count and hash of what was shown between two cursors, computed again from the log',
    access: { action: 'read-subscription', on },
    params,
    query: Type.Object({ from: cursor, to: cursor }),
    replies: { 200: digestReply },
    async handle({ params: { id }, query }) {
      const subscription = control.policy.subscription(id)
      if (subscription === undefined) throw new Problem('not-found')
      const range = rangeOf(keys.of('cursor'), subscription, query)
      return { body: bodyOf(query, await digests.between(range)) }
    },
  })
}

function reportRoute(surroundings: Surroundings, digests: Digests): void {
  const { http, control, keys } = surroundings
  http.route({
    method: 'POST',
    url,
    owner,
    summary: 'What the consumer has between two cursors: kept as a fact, and told whether it is all',
    access: { action: 'change-subscription', on },
    params,
    body: report,
    replies: { 200: reportReply },
    async handle(call) {
      const subscription = control.policy.subscription(call.params.id)
      if (subscription === undefined) throw new Problem('not-found')
      const { parts = [], ...whole } = call.body
      requireChain(call.body)
      const range = rangeOf(keys.of('cursor'), subscription, whole)
      const told = await digests.between(range)
      if (told.partitions.some((each) => 'missing' in each && each.missing === 'trimmed'))
        throw new Problem('position-gone')
      const isAll = matches(whole, told)
      await record(surroundings, call, { range, said: whole, isAll })
      if (isAll) return { body: { matches: true, ...told.digest, ...(await proven(surroundings, range)) } }
      const differs: object[] = []
      for (const part of parts) {
        const own = await digests.between(rangeOf(keys.of('cursor'), subscription, part))
        if (!matches(part, own)) differs.push(bodyOf(part, own))
      }
      return { body: { matches: false, ...told.digest, differs: differs.length > 0 ? differs : [bodyOf(whole, told)] } }
    },
  })
}

interface Range {
  readonly subscription: SubscriptionState
  readonly epoch: number
  readonly from: readonly number[]
  readonly to: readonly number[]
}

/** Two cursors of one epoch, in their order. */
function rangeOf(key: Buffer, subscription: SubscriptionState, asked: { from: string; to: string }): Range {
  const [from, to] = [asked.from, asked.to].map((text): Cursor => decodeCursor(key, subscription.id, text))
  if (from === undefined || to === undefined || from.epoch !== to.epoch || from.epoch > subscription.epoch) {
    throw new Problem('cursor-invalid')
  }
  if (to.offsets.some((offset, i) => offset < (from.offsets[i] ?? 0))) throw new Problem('cursor-behind')
  return { subscription, epoch: from.epoch, from: from.offsets, to: to.offsets }
}

/** Parts are of the whole, each once: what is looked at for them is bounded by what the whole is. */
function requireChain({ from, to, parts = [] }: Report): void {
  const ends = [from, ...parts.map((part) => part.to)]
  if (parts.length === 0 || (ends.at(-1) === to && parts.every((part, i) => part.from === ends[i]))) return
  throw new Problem('body-invalid', {
    pointer: '/parts',
    detail: { es: 'Las partes van de from a to, una tras otra', en: 'Parts lead from from to to, one after the other' },
  })
}

const matches = ({ count, hash: said }: Counted, { digest }: Told): boolean =>
  digest !== undefined && digest.count === count && digest.hash === said

const bodyOf = ({ from, to }: { from: string; to: string }, { digest, partitions }: Told) => ({
  from,
  to,
  ...digest,
  whole: digest !== undefined,
  partitions,
})

interface Said {
  readonly range: Range
  readonly said: Counted
  readonly isAll: boolean
}

async function record(
  { engine, control }: Surroundings,
  { actor, traceparent, now }: Pick<Call, 'actor' | 'traceparent' | 'now'>,
  { range, said: { count, hash: of }, isAll }: Said,
): Promise<void> {
  const { subscription, epoch, from, to } = range
  const topic = topicOf(control.policy, subscription.agreement)
  const place = { subscription: subscription.id, epoch, from, to }
  const said = { count, hash: of, matches: isAll, n: control.policy.offset, at: now.toISOString() }
  const context = { log: engine.log, actor, traceparent, topic }
  await recordReport(context, { kind: 'completeness-reported', ...place, ...said })
}

async function proven({ engine, control, clock, keys }: Surroundings, { subscription, ...range }: Range) {
  const bounds = await engine.log.bounds(topicOf(control.policy, subscription.agreement))
  const complete = await proveComplete(engine, subscription.id, { ...range, bounds, at: clock.now() })
  return { complete: told(keys.of('cursor'), subscription.id, complete) }
}

/** How far the consumer has proven to be complete, for whoever looks at the subscription. */
export async function completeness({ engine, keys }: Surroundings, subscription: string) {
  const complete = await completeOf(engine.registers, subscription)
  return complete === undefined ? {} : { complete: told(keys.of('cursor'), subscription, complete) }
}

type Complete = NonNullable<Awaited<ReturnType<typeof completeOf>>>

const told = (key: Buffer, subscription: string, { epoch, from, to, until }: Complete) => ({
  from: encodeCursor(key, { subscription, epoch, offsets: from }),
  to: encodeCursor(key, { subscription, epoch, offsets: to }),
  until,
})
