import type { Engine, Message, PartitionId, ViewChange } from '@unavez/engine'
import { copyRow, encodePosition, idsKey, keyOf, readRow, recordTrim } from '@unavez/exchange'

import { retentionLimits } from './limits.ts'

export interface Forgotten {
  readonly first: number
  readonly before: number
  readonly at: Date
}

/**
 * Lets go of everything before an offset: its rows in the views first, while its records still say which these are, then the
 * records. Whoever is interrupted goes on where the views say; two at once cost a try, and remove nothing else.
 */
export async function forget(
  engine: Pick<Engine, 'log' | 'views' | 'registers'>,
  partition: PartitionId,
  { first, before, at }: Forgotten,
): Promise<void> {
  const { log, views, registers } = engine
  const source = `retention/${partition.topic}/${partition.partition}`
  let from = await views.checkpoint(source)
  while (from < before) {
    const { pageMessages: messages, pageBytes: bytes } = retentionLimits
    const page = await log.read({ ...partition, offset: Math.max(first, from) }, { messages, bytes, waitMs: 0 })
    const going = page.messages.filter(({ offset }) => offset < before)
    const changes = await Promise.all(going.map((message) => rowsOf(engine, message)))
    const next = Math.min(before, page.next)
    await views.write(changes.flat(), { source, from, next })
    from = next
  }
  await recordTrim(registers, partition, { before, at })
  await log.trim(partition, before)
}

/** The row of `ids` stays where it names another record: this one is a copy then. */
async function rowsOf({ views }: Pick<Engine, 'views'>, message: Message): Promise<readonly ViewChange[]> {
  const { topic, partition, offset } = message
  const copy = { ...copyRow(topic, partition, offset), value: null }
  const key = keyOf(message)
  const row = key && (await views.get(idsKey(key)))
  const isIts = row !== undefined && readRow(row).position === encodePosition(partition, offset)
  return key !== undefined && isIts ? [{ ...idsKey(key), value: null }, copy] : [copy]
}
