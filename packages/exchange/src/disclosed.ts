import type { EventLog, Message, PartitionId } from '@unavez/engine'
import { Problem } from '@unavez/protocol'

import { type Disclosure, disclosuresTopic } from './disclosure.ts'

export interface Stretch {
  readonly from: number
  readonly next: number
}

/** A stretch of one partition and the last disclosure that covers it; without one it was never shown. */
export interface Segment extends Stretch {
  readonly disclosure?: Disclosure
}

const disclosedLimits = {
  /** Records of `disclosures` looked at, of all subscriptions. */
  scanned: 500_000,
  pageMessages: 1000,
  pageBytes: 4_000_000,
  /** How far the clocks of two brokers may be apart. Milliseconds. */
  skewMs: 300_000,
} as const

export interface DisclosedQuery extends Stretch {
  readonly subscription: string
  /** When what stands at `from` was accepted: nothing of it was shown before. */
  readonly since: Date
}

/** What a subscription was shown of a stretch, in its order. Refuses 'range-too-wide' when too much was shown to others since. */
export async function disclosedIn(
  log: EventLog,
  { topic, partition }: PartitionId,
  { subscription, since, ...stretch }: DisclosedQuery,
): Promise<readonly Segment[]> {
  const key = Buffer.from(subscription)
  const at = new Date(Math.max(0, since.getTime() - disclosedLimits.skewMs))
  const bounds = (await log.bounds(disclosuresTopic, at)).find((each) => each.partition === partition)
  const found: Disclosure[] = []
  const { pageMessages: messages, pageBytes: bytes } = disclosedLimits
  let scanned = 0
  for (let offset = bounds?.atTime ?? 0, end = bounds?.next ?? 0; offset < end;) {
    const page = await log.read({ topic: disclosuresTopic, partition, offset }, { messages, bytes, waitMs: 0 })
    for (const message of page.messages) {
      const disclosure = message.key?.equals(key) === true ? read(message) : undefined
      if (disclosure?.topic === topic && disclosure.partition === partition) found.push(disclosure)
    }
    scanned += page.messages.length
    if (scanned > disclosedLimits.scanned) throw new Problem('range-too-wide')
    if (page.next === offset) break
    offset = page.next
  }
  return paint(stretch, found)
}

type Written = Disclosure & PartitionId

/** Undefined for a record of another kind. */
function read({ value }: Message): Written | undefined {
  const record = JSON.parse(value?.toString() ?? 'null') as Partial<Written> | null
  return typeof record?.from === 'number' && typeof record.next === 'number' ? (record as Written) : undefined
}

/** The stretch in pieces, each with the last of the disclosures that covers it. */
export function paint(stretch: Stretch, disclosures: readonly Disclosure[]): readonly Segment[] {
  const segments: Segment[] = []
  let holes: readonly Stretch[] = stretch.from < stretch.next ? [stretch] : []
  for (const disclosure of disclosures.toReversed()) {
    if (holes.length === 0) break
    holes = holes.flatMap((hole) => {
      const from = Math.max(hole.from, disclosure.from)
      const next = Math.min(hole.next, disclosure.next)
      if (from >= next) return [hole]
      segments.push({ from, next, disclosure })
      return [
        { from: hole.from, next: from },
        { from: next, next: hole.next },
      ].filter((left) => left.from < left.next)
    })
  }
  return [...segments, ...holes].toSorted((a, b) => a.from - b.from)
}
