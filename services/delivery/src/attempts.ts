import type { Engine, Message, PartitionBounds } from '@unavez/engine'
import { encodePosition } from '@unavez/exchange'

import { decodeRecord } from './partition/changelog-record.ts'
import type { Entry } from './partition/entry.ts'

export const attemptStates = ['delivered', 'held', 'failed', 'skipped'] as const
type AttemptState = (typeof attemptStates)[number]

/** One attempt as it is told; `at`: when it was written down. */
export interface Attempted {
  readonly position: string
  readonly offset: number
  readonly partition: number
  readonly state: AttemptState
  readonly at: string
  readonly status?: number
  readonly ms?: number
  readonly error?: string
}

export interface AttemptsWish {
  readonly subscription: string
  readonly changelog: string
  readonly state?: AttemptState
  readonly from: Date
  readonly to: Date
  readonly limit: number
  /** Where the page before ended: `<partition>.<offset>.<how many of that record were told>`. */
  readonly after?: string
}

const readLimits = { messages: 500, bytes: 2_000_000, waitMs: 0 } as const
/** Records looked at for one page: a page may be short, and still have a next one. */
const scannedMost = 5_000

/** Attempts of a subscription, partition by partition, read from the changelogs. */
export async function attemptsOf(
  { log }: Pick<Engine, 'log'>,
  wish: AttemptsWish,
): Promise<{ readonly items: readonly Attempted[]; readonly next: string | null }> {
  const [begins, ends] = await Promise.all([log.bounds(wish.changelog, wish.from), log.bounds(wish.changelog, wish.to)])
  const [partition = 0, offset = 0, told = 0] = (wish.after ?? '').split('.').map(Number)
  const items: Attempted[] = []
  let scanned = 0
  for (const begin of begins.toSorted((a, b) => a.partition - b.partition)) {
    if (begin.partition < partition) continue
    const isFirst = begin.partition === partition && wish.after !== undefined
    let at = Math.max(begin.atTime, isFirst ? offset : 0)
    let skip = isFirst && at === offset ? told : 0
    for (const end = endOf(ends, begin.partition); at < end;) {
      const page = await log.read({ topic: wish.changelog, partition: begin.partition, offset: at }, readLimits)
      for (const message of page.messages) {
        if (message.offset >= end) break
        const found = attemptsIn(message, wish).slice(skip)
        const taken = found.slice(0, wish.limit - items.length)
        items.push(...taken)
        if (taken.length < found.length)
          return { items, next: `${begin.partition}.${message.offset}.${skip + taken.length}` }
        skip = 0
      }
      scanned += page.messages.length
      at = page.next
      if (scanned >= scannedMost && at < end) return { items, next: `${begin.partition}.${at}.0` }
    }
  }
  return { items, next: null }
}

const endOf = (bounds: readonly PartitionBounds[], partition: number): number =>
  bounds.find((each) => each.partition === partition)?.atTime ?? 0

function attemptsIn(message: Message, { subscription, state }: AttemptsWish): readonly Attempted[] {
  const entries = decodeRecord(message.value)?.entries ?? []
  const { partition } = message
  const at = message.appendedAt.toISOString()
  return entries
    .filter(({ of }) => of === subscription)
    .flatMap(attemptsOfEntry)
    .filter((each) => state === undefined || each.state === state)
    .map((each) => ({ ...each, partition, at, position: encodePosition(partition, each.offset) }))
}

type Told = Pick<Attempted, 'offset' | 'state' | 'status' | 'ms' | 'error'>

function attemptsOfEntry(entry: Entry): readonly Told[] {
  switch (entry.type) {
    case 'settled':
      return (entry.delivered ?? [])
        .filter(([, status]) => status > 0)
        .map(([offset, status, ms]) => ({ offset, state: 'delivered', status, ms }))
    case 'held':
    case 'failed': {
      const { code: error, status, ms } = entry.failure
      return [{ offset: entry.offset, state: entry.type, ms, error, ...(status === undefined ? {} : { status }) }]
    }
    case 'released': {
      const { offset, outcome, status, ms, reason } = entry
      return [
        {
          offset,
          state: outcome,
          ...(status === undefined ? {} : { status }),
          ...(ms === undefined ? {} : { ms }),
          ...(reason === undefined ? {} : { error: reason }),
        },
      ]
    }
    case 'began':
    case 'followed':
    case 'due':
    case 'circuit':
    case 'ordered':
    case 'told':
    case 'passed':
    case 'stands':
    case 'ended':
      return []
  }
}
