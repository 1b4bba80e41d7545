import type { Engine, Message, PartitionId, ViewChange } from '@unavez/engine'

export interface RowsToForget {
  /** The first record that is kept. */
  readonly first: number
  readonly before: number
  /** What a record left in the views and nothing behind it has replaced. */
  readonly rowsOf: (message: Message) => Promise<readonly ViewChange[]>
}

/** Messages and bytes whose rows are removed in one write. */
const pageLimits = { messages: 500, bytes: 1_000_000, waitMs: 0 } as const

/**
 * Removes the rows of everything before an offset that is about to be trimmed, while the records still say which these are.
 * Whoever is interrupted goes on where the views say; two at once cost a try, and remove nothing else.
 */
export async function forgetRows(
  { log, views }: Pick<Engine, 'log' | 'views'>,
  partition: PartitionId,
  { first, before, rowsOf }: RowsToForget,
): Promise<void> {
  const source = `retention/${partition.topic}/${partition.partition}`
  let from = await views.checkpoint(source)
  while (from < before) {
    const page = await log.read({ ...partition, offset: Math.max(first, from) }, pageLimits)
    const changes = await Promise.all(page.messages.filter(({ offset }) => offset < before).map(rowsOf))
    const next = Math.min(before, page.next)
    await views.write(changes.flat(), { source, from, next })
    from = next
  }
}
