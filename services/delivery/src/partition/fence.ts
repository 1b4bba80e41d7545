import { setTimeout as sleep } from 'node:timers/promises'

import { type EventLog, isEngineError, type PartitionId } from '@unavez/engine'

import { decodeRecord } from './changelog-record.ts'

const fenceLimits = { messages: 500, bytes: 1_000_000, waitMs: 10_000, pauseMs: 200 } as const

/** Somebody else owns the partition: what this owner writes from then on does not count. */
class Fenced extends Error {}

/** Reads what is written behind an owner's `tookOver`, its own records too: the only proof that nobody else took over. */
export class Fence {
  /** Up to here the partition was this owner's. */
  proven: number

  constructor(from: number) {
    this.proven = from
  }

  /** Resolves when the signal aborts; rejects Fenced when somebody else took over. */
  async watch(log: Pick<EventLog, 'read'>, at: PartitionId, { owner, signal }: Watching): Promise<void> {
    const { messages, bytes, waitMs, pauseMs } = fenceLimits
    while (!signal.aborted) {
      try {
        const page = await log.read({ ...at, offset: this.proven }, { messages, bytes, waitMs, signal })
        const foreign = page.messages.filter(({ key }) => key?.toString() !== owner)
        if (foreign.some(({ value }) => decodeRecord(value)?.tookOver === true)) throw new Fenced('somebody took over')
        this.proven = page.next
      } catch (error) {
        if (!isEngineError(error)) throw error
        if (error.code === 'closed') return
        await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
      }
    }
  }
}

interface Watching {
  readonly owner: string
  readonly signal: AbortSignal
}
