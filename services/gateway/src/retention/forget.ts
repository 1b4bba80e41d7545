import type { Engine, Message, PartitionId, ViewChange } from '@unavez/engine'
import { copyRow, encodePosition, forgetRows, idsKey, keyOf, readRow, recordTrim } from '@unavez/exchange'

export interface Forgotten {
  readonly first: number
  readonly before: number
  readonly at: Date
}

/**
 * Lets go of everything before an offset: its rows in the views first, then the records.
 */
export async function forget(
  engine: Pick<Engine, 'log' | 'views' | 'registers'>,
  partition: PartitionId,
  { first, before, at }: Forgotten,
): Promise<void> {
  const { log, registers } = engine
  await forgetRows(engine, partition, { first, before, rowsOf: (message) => rowsOf(engine, message) })
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
