import { isEngineError, type Message } from '@unavez/engine'
import { commitCursor, decodeCursor, disclosuresTopic, eventHeaders, Pages, requireEpoch } from '@unavez/exchange'
import { apiLimits, Problem, type Text } from '@unavez/protocol'
import type { AccessRequest, Call, Chunk, Reply, Surroundings } from '@unavez/service-kit'
import { Counter, Gauge } from 'prom-client'
import { Type } from 'typebox'

import { type Format, formatOf, ndjson, serverSentEvents, type StreamFormat } from './pull-format.ts'
import { requirePull } from './pull-only.ts'
import { Pull, type PullRequest } from './pull.ts'

const cursorLength = 512
const params = Type.Object({ subscription: Type.String() })
const on = ({ params: { subscription = '' } }: AccessRequest) => ({ kind: 'subscription', id: subscription }) as const

const query = Type.Object({
  after: Type.Optional(Type.String({ maxLength: cursorLength })),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: apiLimits.pageItems,
      description: 'Events of the page (50 unless told), or of the whole stream (no limit unless told)',
    }),
  ),
  wait: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: apiLimits.waitSeconds,
      description: 'Seconds to wait for a first event; of a stream, for each next one',
    }),
  ),
})

/** Pulling by any instance, with the cursor in the consumer's hand, and committing it. */
export function pullRoutes(surroundings: Surroundings, pages: Pages): void {
  eventsRoute(surroundings, openPull(surroundings, pages))
  commitRoute(surroundings)
}

/** What all who read for consumers here share. */
export async function openPages(surroundings: Surroundings): Promise<Pages> {
  const { engine, log, metrics } = surroundings
  await engine.log.ensureTopics([{ name: disclosuresTopic, partitions: 12, cleanup: 'keep' }])
  const undecodable = new Counter({
    name: 'unavez_undecodable_records_total',
    help: 'Records that no contract could decode; they were passed over.',
    registers: [metrics],
  })
  return new Pages(surroundings, ({ topic, partition, offset, headers }: Message, error: unknown) => {
    undecodable.inc()
    const type = headers[eventHeaders.type]?.toString()
    const reason = error instanceof Error ? error.message : ''
    log.error({ topic, partition, offset, type, reason }, 'a record can not be decoded')
  })
}

function openPull(surroundings: Surroundings, pages: Pages): Pull {
  const pull = new Pull(surroundings, pages)
  const streams: Gauge = new Gauge({
    name: 'unavez_pull_streams',
    help: 'Streams of events that are open in this process.',
    registers: [surroundings.metrics],
    collect: () => streams.set(pull.streams.open),
  })
  return pull
}

function eventsRoute({ http }: Surroundings, pull: Pull): void {
  http.route({
    method: 'GET',
    url: '/v1/subscriptions/:subscription/events',
    owner: 'gateway',
    summary: 'Events, trimmed to the agreement: a page of JSON, or a stream of lines or of server-sent events',
    access: { action: 'receive', on },
    params,
    query,
    async handle(call) {
      const { after, limit, wait } = call.query
      const { accept } = call.headers
      const request = { subscription: call.params.subscription, ...(after === undefined ? {} : { after }) }
      const format = streamed[formatOf(typeof accept === 'string' ? accept : undefined)]
      if (format !== undefined) return streamOf(pull, call, { request: { ...request, limit, wait }, format })
      const page = { ...request, limit: limit ?? apiLimits.pageItemsDefault, waitMs: (wait ?? 0) * 1000 }
      return { headers: { 'content-type': 'application/json' }, body: await pull.page(call, page).catch(asProblem) }
    },
  })
}

const streamed: Readonly<Record<Format, StreamFormat | undefined>> = {
  json: undefined,
  ndjson,
  events: serverSentEvents,
}

interface Asked {
  readonly request: Omit<PullRequest, 'limit' | 'waitMs'> & {
    readonly limit: number | undefined
    readonly wait: number | undefined
  }
  readonly format: StreamFormat
}

function streamOf(pull: Pull, call: Call, { request, format }: Asked): Reply {
  const { limit = Infinity, wait = format.waitSeconds } = request
  const asked = { ...request, ...lastSeen(call, format), limit, waitMs: wait * 1000 }
  return {
    // A proxy that gathers what passes would make a stream of it no more.
    headers: { 'content-type': format.contentType, 'x-accel-buffering': 'no' },
    stream: {
      chunks: told(pull.stream(call, asked, format)),
      failed: (problem, document) => format.failed(problem, document),
    },
  }
}

/** Whoever comes back says how far it got: that is newer than what its address says. */
function lastSeen({ headers }: Call, { contentType }: StreamFormat): { readonly after?: string } {
  const id = headers['last-event-id']
  if (contentType !== serverSentEvents.contentType || typeof id !== 'string' || id === '') return {}
  if (id.length > cursorLength) throw new Problem('cursor-invalid')
  return { after: id }
}

async function* told(chunks: AsyncIterable<Chunk>): AsyncGenerator<Chunk> {
  try {
    yield* chunks
  } catch (error) {
    asProblem(error)
  }
}

function commitRoute({ http, engine, control, keys }: Surroundings): void {
  http.route({
    method: 'PUT',
    url: '/v1/subscriptions/:subscription/cursor',
    owner: 'gateway',
    summary: 'Commits how far the consumer has got',
    access: { action: 'change-subscription', on },
    params,
    body: Type.Object(
      { cursor: Type.String({ minLength: 1, maxLength: cursorLength }) },
      { additionalProperties: false },
    ),
    handle: async (call) => {
      await commit(call.params.subscription, call.body.cursor).catch(asProblem)
      return { status: 204 }
    },
  })

  async function commit(id: string, text: string): Promise<void> {
    const subscription = control.policy.subscription(id)
    const agreement = subscription && control.policy.agreement(subscription.agreement)
    const contract = agreement && control.policy.contract(agreement.contract)
    if (subscription === undefined || contract === undefined) throw new Problem('not-found')
    requirePull(subscription)
    const cursor = decodeCursor(keys.of('cursor'), id, text)
    requireEpoch(cursor, subscription.epoch)
    const bounds = await engine.log.bounds(`events.${contract.domain}`)
    await commitCursor(engine.registers, { cursor, subscription, bounds })
  }
}

const goOn: Text = {
  es: 'Lea sin after, desde el cursor confirmado; si también ese lugar ya no se conserva, retroceda la suscripción a lo más antiguo que haya',
  en: 'Read without after, from the committed cursor; if that place is kept no more either, rewind the subscription to the oldest there is',
}

/** What the log says no to, as the caller should hear it. */
function asProblem(error: unknown): never {
  if (isEngineError(error, 'position-gone')) throw new Problem('position-gone', { remedy: goOn, cause: error })
  if (isEngineError(error, 'position-ahead')) throw new Problem('position-ahead', { cause: error })
  if (isEngineError(error)) throw new Problem('unavailable', { retryAfter: 1, cause: error })
  throw error
}
