import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises'

import type { EventLog, Page, PartitionId } from '@unavez/engine'

import type { Clock } from './clock.ts'

const replicateLimits = {
  pageMessages: 1000,
  pageBytes: 4 * 1024 * 1024,
  /** How long one read waits for a first message. */
  waitMs: 250,
  /** Least time between two reads that bring nothing. */
  pauseMs: 25,
  /** Pauses after reads that failed; the last one goes on. */
  backOffMs: [25, 50, 100, 200, 400],
} as const
const { backOffMs } = replicateLimits

export interface ReplicateOptions {
  readonly log: EventLog
  readonly partition: PartitionId
  readonly from: number
  readonly clock: Clock
  /** Each page in order. `sentAt`: when its read was sent, by the monotonic clock; undefined if the read was cut short and proves no end. */
  readonly onPage: (page: Page, sentAt: number | undefined) => void
  /** A read failed; it is tried again after a pause. */
  readonly onError: (error: unknown) => void
  /** Ends the loop. */
  readonly signal: AbortSignal
}

export interface Replicating {
  /** Cuts short the wait of the read under way; the next read answers at once. */
  hurry(): void
  /** When the loop has ended. Rejects what `onPage` threw. */
  readonly ended: Promise<void>
}

/** Every message of a partition into this process, for as long as the signal lets it. */
export function replicate(options: ReplicateOptions): Replicating {
  let hurried = false
  let wait: AbortController | undefined

  async function run(): Promise<void> {
    const { log, partition, clock, signal } = options
    let { from: offset } = options
    let failures = 0
    while (!signal.aborted) {
      const waitMs = hurried ? 0 : replicateLimits.waitMs
      hurried = false
      // A read that doesn't wait is never cut: however many hurry, each of them comes back with the end.
      wait = waitMs > 0 ? new AbortController() : undefined
      const cut = wait === undefined ? signal : AbortSignal.any([wait.signal, signal])
      const sentAt = clock.monotonic()
      let page: Page
      try {
        const { pageMessages: messages, pageBytes: bytes } = replicateLimits
        page = await log.read({ ...partition, offset }, { messages, bytes, waitMs, signal: cut })
        failures = 0
      } catch (error) {
        if (signal.aborted) return
        options.onError(error)
        await pause(backOffMs[Math.min(failures++, backOffMs.length - 1)] ?? 0, signal)
        continue
      }
      // A wait that brought nothing and took no time must not become a loop that lets nothing else run; nor must a long way to the end.
      const idle =
        page.next === offset && waitMs > 0 && !cut.aborted && clock.monotonic() - sentAt < replicateLimits.pauseMs
      offset = page.next
      options.onPage(page, cut.aborted ? undefined : sentAt)
      await (idle ? pause(replicateLimits.pauseMs, signal) : breathe())
    }
  }

  return {
    hurry() {
      hurried = true
      wait?.abort()
    },
    ended: run(),
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined)
}
