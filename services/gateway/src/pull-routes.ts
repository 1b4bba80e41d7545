import { isEngineError } from '@unavez/engine'
import { commitCursor, decodeCursor, disclosuresTopic, eventHeaders, requireEpoch } from '@unavez/exchange'
import { apiLimits, Problem } from '@unavez/protocol'
import type { Surroundings } from '@unavez/service-kit'
import { Counter } from 'prom-client'
import { Type } from 'typebox'

import { Pull, waitOf } from './pull.ts'

const params = Type.Object({ subscription: Type.String() })
const on = ({ params: { subscription = '' } }: { params: Readonly<Record<string, string>> }) =>
  ({ kind: 'subscription', id: subscription }) as const

/** Pulling by any instance, with the cursor in the consumer's hand, and committing it. */
export async function pullRoutes(surroundings: Surroundings): Promise<void> {
  const { engine, http, control, keys, log, metrics } = surroundings
  await engine.log.ensureTopics([{ name: disclosuresTopic, partitions: 12, cleanup: 'keep' }])
  const undecodable = new Counter({
    name: 'unavez_undecodable_records_total',
    help: 'Records that no contract could decode; they were passed over.',
    registers: [metrics],
  })
  const pull = new Pull(surroundings, ({ topic, partition, offset, headers }, error) => {
    undecodable.inc()
    const type = headers[eventHeaders.type]?.toString()
    log.error(
      { topic, partition, offset, type, reason: error instanceof Error ? error.message : '' },
      'a record can not be decoded',
    )
  })

  http.route({
    method: 'GET',
    url: '/v1/subscriptions/:subscription/events',
    owner: 'gateway',
    summary: 'A page of events, trimmed to the agreement',
    access: { action: 'receive', on },
    params,
    query: Type.Object({
      after: Type.Optional(Type.String({ maxLength: 512 })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: apiLimits.pageItems })),
      wait: Type.Optional(Type.Number({ minimum: 0, maximum: apiLimits.waitSeconds })),
    }),
    handle: async (call) => {
      const { after, limit, wait } = call.query
      const request = {
        subscription: call.params.subscription,
        limit: limit ?? apiLimits.pageItemsDefault,
        waitMs: waitOf(wait),
        ...(after === undefined ? {} : { after }),
      }
      return { headers: { 'content-type': 'application/json' }, body: await pull.page(call, request).catch(asProblem) }
    },
  })

  http.route({
    method: 'PUT',
    url: '/v1/subscriptions/:subscription/cursor',
    owner: 'gateway',
    summary: 'Commits how far the consumer has got',
    access: { action: 'change-subscription', on },
    params,
    body: Type.Object({ cursor: Type.String({ minLength: 1, maxLength: 512 }) }, { additionalProperties: false }),
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
    const cursor = decodeCursor(keys.of('cursor'), id, text)
    requireEpoch(cursor, subscription.epoch)
    const bounds = await engine.log.bounds(`events.${contract.domain}`)
    await commitCursor(engine.registers, { cursor, subscription, bounds })
  }
}

/** What the log says no to, as the caller should hear it. */
function asProblem(error: unknown): never {
  if (isEngineError(error, 'position-gone')) throw new Problem('position-gone', { cause: error })
  if (isEngineError(error, 'position-ahead')) throw new Problem('position-ahead', { cause: error })
  if (isEngineError(error)) throw new Problem('unavailable', { retryAfter: 1, cause: error })
  throw error
}
