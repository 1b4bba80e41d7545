import { effectsTopic, listEffects, type Pages } from '@unavez/exchange'
import { apiLimits, effects } from '@unavez/protocol'
import { type AccessRequest, follow, listQuery, type Surroundings } from '@unavez/service-kit'
import { Type } from 'typebox'

import { EffectReports, foldEffects } from './effects.ts'

const owner = 'gateway'
const url = '/v1/subscriptions/:id/effects'
const reportedMost = 500

const params = Type.Object({ id: Type.String({ maxLength: 64 }) })
const on = ({ params: { id = '' } }: AccessRequest) => ({ kind: 'subscription', id }) as const

const effect = Type.Enum([...effects])
const body = Type.Array(
  Type.Object(
    {
      event: Type.String({ minLength: 1, maxLength: 256, description: 'Its id' }),
      source: Type.Optional(
        Type.String({ minLength: 1, maxLength: 256, description: 'Where another than the contract’s owner publishes' }),
      ),
      effect,
      detail: Type.Optional(Type.String({ minLength: 1, maxLength: 1000, description: 'Names no person' })),
    },
    { additionalProperties: false },
  ),
  { minItems: 1, maxItems: reportedMost },
)
const told = Type.Object({
  event: Type.String(),
  source: Type.String(),
  position: Type.String(),
  effect,
  detail: Type.Optional(Type.String()),
  at: Type.String(),
})

/** What the consumer says that it did with events; the last word on each counts. */
export async function effectRoutes(surroundings: Surroundings, pages: Pages): Promise<void> {
  const { engine, http, log } = surroundings
  await engine.log.ensureTopics([{ name: effectsTopic, partitions: 12, cleanup: 'keep' }])
  const following = await follow({
    engine,
    name: 'effects',
    topics: [effectsTopic],
    fold: foldEffects,
    onError: (error, { partition }) => log.warn({ error, partition }, 'folding effects failed'),
  })
  surroundings.onClose(() => following.close())
  const reports = new EffectReports(surroundings, pages)

  http.route({
    method: 'POST',
    url,
    owner,
    summary: 'Say what was done with events: applied, rejected, not relevant',
    access: { action: 'change-subscription', on },
    params,
    body,
    replies: { 200: Type.Object({ reported: Type.Integer() }) },
    async handle(call) {
      await reports.report(call, call.params.id, call.body)
      return { body: { reported: call.body.length } }
    },
  })

  http.route({
    method: 'GET',
    url,
    owner,
    summary: 'What was done with events, told or answered to a webhook, in the order of their positions',
    access: { action: 'read-subscription', on },
    params,
    query: Type.Object(listQuery),
    replies: { 200: Type.Object({ items: Type.Array(told), next: Type.Union([Type.String(), Type.Null()]) }) },
    handle: async ({ params: { id }, query: { after, limit = apiLimits.pageItemsDefault } }) => ({
      body: await listEffects(engine.views, id, { after, limit }),
    }),
  })
}
