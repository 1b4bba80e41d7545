import { decodePosition } from '@unavez/exchange'
import type { DeliveryOrder } from '@unavez/policy'

import type { Entry } from './entry.ts'
import type { Held, Standing } from './standing.ts'

export interface Ordering {
  readonly of: string
  readonly partition: number
  readonly now: number
}

/** What an order makes of what is held: due at once, or let go. */
export function ordered(standing: Standing, order: DeliveryOrder, { of, partition, now }: Ordering): readonly Entry[] {
  const about = { of, epoch: standing.epoch }
  const done: Entry = { ...about, type: 'ordered', n: order.n }
  const fitting = [...standing.held].filter(([, held]) => fits(held, order, partition))
  if (fitting.length === 0) return [done]
  if (order.kind === 'retry') {
    return [{ ...about, type: 'due', offsets: fitting.map(([, { offset }]) => offset), at: now }, done]
  }
  const reason = order.reason === undefined ? {} : { reason: order.reason }
  const skipped = fitting.map(([subject, { offset }]): Entry => {
    return { ...about, type: 'released', subject, offset, at: now, outcome: 'skipped', ...reason }
  })
  return [...skipped, done]
}

function fits(held: Held, order: DeliveryOrder, partition: number): boolean {
  if (order.held !== undefined) {
    const named = decodePosition(order.held)
    return named?.partition === partition && named.offset === held.offset
  }
  const { code, status, before } = order.filter ?? {}
  return (
    (code === undefined || held.failure.code === code) &&
    (status === undefined || held.failure.status === status) &&
    (before === undefined || held.since < Date.parse(before))
  )
}
