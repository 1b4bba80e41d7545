import { Counter, Gauge, type Registry } from 'prom-client'

import type { Owner } from './owner.ts'
import type { Standing } from './standing.ts'

/** What delivery tells of itself: over all subscriptions, so that the number of series does not grow with them. */
export function countDeliveries(metrics: Registry, owners: ReadonlySet<Owner>): Counter<'outcome'> {
  const sum = (of: (standing: Standing, tail: number) => number): number => {
    let total = 0
    for (const { pumps, tail } of owners) for (const { standing } of pumps.values()) total += of(standing, tail)
    return total
  }
  const gauge = (name: string, help: string, of: (standing: Standing, tail: number) => number): void => {
    const made: Gauge = new Gauge({ name, help, registers: [metrics], collect: () => made.set(sum(of)) })
  }
  gauge('unavez_delivery_held', 'Subjects with a held delivery, in partitions owned here.', ({ held }) => held.size)
  gauge('unavez_delivery_behind_held', 'Deliveries that wait behind a held one.', ({ followers }) => followers)
  gauge('unavez_delivery_lag_events', 'Events of the domain behind the cursors.', ({ next }, tail) =>
    Math.max(0, tail - next),
  )
  gauge('unavez_delivery_circuits_open', 'Subscriptions and partitions whose endpoint fails.', ({ open }) =>
    open ? 1 : 0,
  )
  return new Counter({
    name: 'unavez_delivery_attempts_total',
    help: 'Attempts to deliver an event, by outcome.',
    labelNames: ['outcome'],
    registers: [metrics],
  })
}
