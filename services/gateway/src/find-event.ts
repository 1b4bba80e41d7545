import { type EventLog, isEngineError, type Page, type PartitionId } from '@unavez/engine'
import { type EventKey, type IdsRow, isEvent, rowOf } from '@unavez/exchange'

import { publishLimits } from './publish-limits.ts'
import { publishUnknown } from './publish-problems.ts'

export interface Search {
  /** The first offset to look at; what was trimmed meanwhile is passed over. */
  readonly from: number
  /** True once there is no more time. */
  readonly over: () => boolean
}

/** The first record of an event in its partition, up to the end as it stands; `next` is the first offset not looked at. */
export async function findEvent(
  log: EventLog,
  event: EventKey & { readonly message: PartitionId },
  { from, over }: Search,
): Promise<{ readonly row: IdsRow | undefined; readonly next: number }> {
  const { topic, partition } = event.message
  let offset = from
  for (;;) {
    if (over()) throw publishUnknown()
    const page = await readOn(log, { topic, partition, offset })
    const message = page.messages.find((one) => isEvent(one, event))
    if (message !== undefined) return { row: rowOf(message), next: message.offset + 1 }
    if (page.next >= page.end || page.next === offset) return { row: undefined, next: page.next }
    offset = page.next
  }
}

async function readOn(log: EventLog, from: PartitionId & { readonly offset: number }): Promise<Page> {
  const limits = { messages: publishLimits.scanMessages, bytes: publishLimits.scanBytes, waitMs: 0 }
  try {
    return await log.read(from, limits)
  } catch (error) {
    if (isEngineError(error, 'position-gone') && error.first !== undefined)
      return { messages: [], next: error.first, end: error.first + 1 }
    throw error
  }
}
