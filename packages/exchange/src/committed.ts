import type { PartitionBounds, Registers } from '@unavez/engine'
import type { SubscriptionState } from '@unavez/policy'
import { Problem } from '@unavez/protocol'

import type { Cursor } from './cursor.ts'

const name = (subscription: string): string => `cursor/${subscription}`

interface Committed {
  readonly epoch: number
  readonly offsets: readonly number[]
}

/** Where a subscription stands by its own word; a decided epoch that is newer than the commit begins at its own start. */
export async function committedCursor(registers: Registers, subscription: SubscriptionState): Promise<Cursor> {
  const value = await registers.get(name(subscription.id))
  const committed = value === undefined ? undefined : (JSON.parse(value.toString()) as Committed)
  const current = committed?.epoch === subscription.epoch ? committed.offsets : subscription.start
  return { subscription: subscription.id, epoch: subscription.epoch, offsets: current }
}

/** Moves the committed cursor forward. Refuses to go back in any partition ('cursor-behind') or past the end ('position-ahead'). */
export async function commitCursor(
  registers: Registers,
  {
    cursor,
    subscription,
    bounds,
  }: { cursor: Cursor; subscription: SubscriptionState; bounds: readonly PartitionBounds[] },
): Promise<void> {
  if (cursor.offsets.length !== subscription.start.length) throw new Problem('cursor-invalid')
  const next = new Map(bounds.map((bound) => [bound.partition, bound.next]))
  if (cursor.offsets.some((offset, partition) => offset > (next.get(partition) ?? 0)))
    throw new Problem('position-ahead')
  const wanted = Buffer.from(JSON.stringify({ epoch: cursor.epoch, offsets: cursor.offsets } satisfies Committed))
  for (let tries = 0; tries < 8; tries += 1) {
    const present = await registers.get(name(subscription.id))
    const committed = present === undefined ? undefined : (JSON.parse(present.toString()) as Committed)
    if (committed !== undefined && committed.epoch > cursor.epoch) throw new Problem('cursor-outdated')
    const floor = committed?.epoch === cursor.epoch ? committed.offsets : subscription.start
    if (cursor.offsets.some((offset, partition) => offset < (floor[partition] ?? 0))) throw new Problem('cursor-behind')
    if (present?.equals(wanted) || (await registers.compareAndPut(name(subscription.id), present, wanted))) return
  }
  throw new Problem('conflict')
}
