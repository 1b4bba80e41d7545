import type { ViewKey, ViewStore } from '@unavez/engine'

/**
 * Row of the view `standing`, a fold of what delivery writes down: the first record of a partition that a pushed subscription
 * still needs, be it due, held, or behind one that is held. JSON `{epoch, offset}`.
 */
export const standingRow = (subscription: string, partition: number): ViewKey => ({
  view: 'standing',
  partition: subscription,
  sort: String(partition).padStart(2, '0'),
})

interface Standing {
  readonly epoch: number
  readonly offset: number
}

/** Undefined while it is not known for this epoch: the view may be lost, or not be folded so far. */
export async function pushStandsAt(
  views: ViewStore,
  { id, epoch }: { readonly id: string; readonly epoch: number },
  partition: number,
): Promise<number | undefined> {
  const value = await views.get(standingRow(id, partition))
  const row = value === undefined ? undefined : (JSON.parse(value.toString()) as Standing)
  return row?.epoch === epoch ? row.offset : undefined
}
