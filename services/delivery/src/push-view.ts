import type { Message, PartitionId, ViewChange, ViewStore } from '@unavez/engine'
import {
  effectKey,
  encodePosition,
  type PushPartitionRow,
  type PushRow,
  pushKey,
  pushPartitionKey,
  skippedKey,
} from '@unavez/exchange'

import { decodeRecord } from './partition/changelog-record.ts'
import type { Entry } from './partition/entry.ts'
import { evolve, read, type Standing, write } from './partition/standing.ts'

export interface Folding {
  readonly views: ViewStore
  /** Called for each entry that counts, and again for those of a page that is folded again. */
  readonly told?: (entry: Entry, message: Message) => Promise<void>
}

/**
 * What a page of a changelog makes of the views `push`, `effects` and `skipped`: the same fold by which an owner goes on, with
 * the fence in a row of its own. `of.topic`: of the changelog.
 */
export async function foldPush(
  { views, told }: Folding,
  messages: readonly Message[],
  { topic, partition }: PartitionId,
): Promise<readonly ViewChange[]> {
  const partitionKey = pushPartitionKey(`events.${topic.slice('deliveries.'.length)}`, partition)
  const whole = await views.get(partitionKey)
  let row: PushPartitionRow | undefined = whole === undefined ? undefined : JSON.parse(whole.toString())
  const standings = new Map<string, Standing | undefined>()
  const standing = async (of: string): Promise<Standing | undefined> => {
    if (standings.has(of)) return standings.get(of)
    const value = await views.get(pushKey(of, partition))
    const stored = value === undefined ? undefined : (JSON.parse(value.toString()) as PushRow)
    return stored && read(stored.epoch, stored.standing)
  }
  const rows: ViewChange[] = []
  for (const message of messages) {
    const record = decodeRecord(message.value)
    if (record === undefined) continue
    if (row === undefined || (record.tookOver === true && record.owner !== row.owner))
      row = { next: 0, except: [], ...row, owner: record.owner, seq: -1 }
    if (record.owner !== row.owner || record.seq <= row.seq) continue
    row = { ...row, seq: record.seq }
    for (const entry of record.entries) {
      row = withEntry(row, entry)
      await told?.(entry, message)
      rows.push(...rowsOf(entry, partition))
      if (entry.type !== 'passed') standings.set(entry.of, evolve(await standing(entry.of), entry))
    }
  }
  if (row === undefined) return []
  const changes = [...standings].map(([of, each]): ViewChange => {
    const value: PushRow | undefined = each && { epoch: each.epoch, standing: write(each) }
    return { ...pushKey(of, partition), value: value === undefined ? null : json(value) }
  })
  return [...changes, ...rows, { ...partitionKey, value: json(row) }]
}

/** What is to be known of an event for longer than its delivery stands. */
export function rowsOf(entry: Entry, partition: number): readonly ViewChange[] {
  if (entry.type === 'told') {
    const value = Buffer.from(JSON.stringify(entry.row))
    return [{ ...effectKey(entry.of, entry.row.position, 'answered'), value }]
  }
  if (entry.type !== 'released' || entry.outcome !== 'skipped') return []
  const at = new Date(entry.at).toISOString()
  return [
    { ...skippedKey(entry.of, encodePosition(partition, entry.offset)), value: Buffer.from(JSON.stringify({ at })) },
  ]
}

/** Whoever was moved stands where its own row says, until the next that passes. */
function withEntry(row: PushPartitionRow, entry: Entry): PushPartitionRow {
  if (entry.type === 'passed') return { ...row, next: entry.next, except: entry.except }
  const isMoved = (entry.type === 'began' || entry.type === 'stands') && !row.except.includes(entry.of)
  return isMoved ? { ...row, except: [...row.except, entry.of] } : row
}

const json = (value: PushRow | PushPartitionRow): Buffer => Buffer.from(JSON.stringify(value))
