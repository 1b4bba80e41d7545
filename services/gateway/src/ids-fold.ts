import type { Message, PartitionId, ViewChange, ViewStore } from '@unavez/engine'

import { copyRow } from './copies.ts'
import { idsKey, type IdsRow, keyOf, keyText, readRow, rowOf, writeJson } from './ids-row.ts'
import { decodePosition } from './position.ts'

const present = Buffer.from('1')

/**
 * What a page of events makes of the views `ids` and `copies`: the first record of an id, by offset, is the event; the
 * others are its copies, whichever of them is marked as a possible one. Folding a page again changes nothing.
 */
export async function foldIds(
  views: ViewStore,
  messages: readonly Message[],
  { topic, partition }: PartitionId,
): Promise<readonly ViewChange[]> {
  const events = messages.flatMap((message) => {
    const key = keyOf(message)
    return key === undefined ? [] : [{ message, key, text: keyText(key) }]
  })
  const known = await Promise.all(events.map(({ key }) => views.get(idsKey(key))))
  const first = new Map<string, IdsRow>()
  const changes: ViewChange[] = []
  for (const [i, { message, key, text }] of events.entries()) {
    const stored = known[i]
    const row = first.get(text) ?? (stored === undefined ? undefined : readRow(stored))
    const other = row === undefined ? undefined : decodePosition(row.position)
    if (row === undefined || other === undefined || (other.partition === partition && other.offset > message.offset)) {
      const mine = rowOf(message)
      first.set(text, mine)
      changes.push({ ...idsKey(key), value: writeJson(mine) })
      if (other !== undefined) changes.push({ ...copyRow(topic, partition, other.offset), value: present })
    } else {
      first.set(text, row)
      if (other.partition !== partition || other.offset !== message.offset)
        changes.push({ ...copyRow(topic, partition, message.offset), value: present })
    }
  }
  return changes
}
