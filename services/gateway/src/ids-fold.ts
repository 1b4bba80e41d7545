import type { Message, PartitionId, ViewChange, ViewStore } from '@unavez/engine'
import {
  type EventKey,
  type IdsRow,
  copyRow,
  decodePosition,
  idsKey,
  keyOf,
  keyText,
  readRow,
  rowOf,
  writeJson,
} from '@unavez/exchange'

import type { RecentEvents } from './recent-events.ts'

const present = Buffer.from('1')

/**
 * What a page of events makes of the views `ids` and `copies`: the first record of an id, by offset, is the event; the
 * others are its copies, whichever of them is marked as a possible one. Folding a page again changes nothing.
 */
export async function foldIds(
  { views, recent }: { readonly views: ViewStore; readonly recent: RecentEvents },
  messages: readonly Message[],
  { topic, partition }: PartitionId,
): Promise<readonly ViewChange[]> {
  const events = messages.flatMap((message) => {
    const key = keyOf(message)
    return key === undefined ? [] : [{ message, key, text: keyText(key) }]
  })
  // What was accepted here is known to be the first of its id, without asking the view.
  const known = events.map(({ text }) => recent.get(text))
  const asked: Promise<void>[] = []
  for (const [i, { key }] of events.entries()) {
    if (known[i] === undefined) asked.push(storedRow(views, key).then((row) => void (known[i] = row)))
  }
  await Promise.all(asked)
  const first = new Map<string, IdsRow>()
  const changes: ViewChange[] = []
  for (const [i, { message, key, text }] of events.entries()) {
    const row = first.get(text) ?? known[i]
    const at = row && decodePosition(row.position)
    const elsewhere = at !== undefined && (at.partition !== partition || at.offset < message.offset)
    if (row !== undefined && elsewhere) {
      first.set(text, row)
      changes.push({ ...copyRow(topic, partition, message.offset), value: present })
    } else {
      const mine = row !== undefined && at?.offset === message.offset ? row : rowOf(message)
      first.set(text, mine)
      changes.push({ ...idsKey(key), value: writeJson(mine) })
      if (at !== undefined && at.offset > message.offset)
        changes.push({ ...copyRow(topic, partition, at.offset), value: present })
    }
  }
  return changes
}

async function storedRow(views: ViewStore, key: EventKey): Promise<IdsRow | undefined> {
  const value = await views.get(idsKey(key))
  return value === undefined ? undefined : readRow(value)
}
