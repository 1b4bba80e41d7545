import type { Message, PartitionId, ViewChange, ViewStore } from '@unavez/engine'
import {
  type EventKey,
  type IdsRow,
  claimKey,
  copyRow,
  decodePosition,
  idsKey,
  keyOf,
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
    return key === undefined ? [] : [{ message, key, text: claimKey(key) }]
  })
  const first = await rowsOf(events, { views, recent })
  const changes: ViewChange[] = []
  for (const { message, key, text } of events) {
    const row = first.get(text)
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

interface Keyed {
  readonly key: EventKey
  readonly text: string
}

/** What is known of these ids, by their text. What was accepted here is the first of its id, without asking the view. */
async function rowsOf(
  events: readonly Keyed[],
  { views, recent }: { readonly views: ViewStore; readonly recent: RecentEvents },
): Promise<Map<string, IdsRow>> {
  const known = new Map<string, IdsRow>()
  const asked: Keyed[] = []
  for (const event of events) {
    const row = recent.get(event.text)
    if (row === undefined) asked.push(event)
    else known.set(event.text, row)
  }
  if (asked.length === 0) return known
  const values = await views.getMany(asked.map(({ key }) => idsKey(key)))
  for (const [i, { text }] of asked.entries()) {
    const value = values[i]
    if (value !== undefined) known.set(text, readRow(value))
  }
  return known
}
