import { encodePosition } from '@unavez/exchange'
import type { Policy } from '@unavez/policy'
import type { DeliveryHeld, EndpointFailing, SubscriptionStopped } from '@unavez/schemas'
import type { Notice } from '@unavez/service-kit'

import type { Entry } from './partition/entry.ts'

const hourMs = 3_600_000

/**
 * What an entry of the changelog has to tell the consumer: a delivery that is held, and once more when it waits for an order; an
 * endpoint that fails, once an hour however many partitions find it. Made of the entry alone, so that whoever folds it makes the same.
 */
export function noticeOf(
  policy: Policy,
  entry: Entry,
  { partition, at }: { partition: number; at: Date },
): Notice | undefined {
  const subscription = entry.of
  const institution = policy.subscription(subscription)?.consumer
  if (institution === undefined) return undefined
  if (entry.type === 'circuit' && entry.state === 'open') {
    const hour = new Date(Math.floor(at.getTime() / hourMs) * hourMs).toISOString()
    const data = { institution, subscription, hour } satisfies EndpointFailing
    return { type: 'unavez.bus.endpoint-failing.v1', id: `ntc_${subscription}_failing_${hour}`, occurredat: hour, data }
  }
  if (entry.type !== 'held' || (entry.attempts > 1 && entry.nextAt !== undefined)) return undefined
  const { failure, offset, since, attempts } = entry
  const held = encodePosition(partition, offset)
  const needsOrder = entry.nextAt === undefined
  const status = failure.status ?? null
  const data = { institution, subscription, held, reason: failure.code, status, needsOrder } satisfies DeliveryHeld
  const id = `ntc_${subscription}_${held}_${attempts}`
  return { type: 'unavez.bus.delivery-held.v1', id, occurredat: new Date(since).toISOString(), data }
}

/** `version`: of the subscription, as it was when it was stopped. */
export function stoppedNotice(
  { institution, subscription, reason }: SubscriptionStopped,
  { version, at }: { version: number; at: Date },
): Notice {
  return {
    type: 'unavez.bus.subscription-stopped.v1',
    id: `ntc_${subscription}_stopped_${version}`,
    occurredat: at.toISOString(),
    data: { institution, subscription, reason },
  }
}
