import { setTimeout as sleep } from 'node:timers/promises'

import { type Engine, limits } from '@unavez/engine'
import { Policy, policyVersion } from '@unavez/policy'

import { controlPartition } from './control-record.ts'
import type { ControlReplica } from './control-replica.ts'
import type { Keys } from './keys.ts'
import type { Log } from './log.ts'
import { placeOf, type SnapshotHead, SnapshotStore } from './snapshot-store.ts'

/** When snapshots are made. */
export interface SnapshotPace {
  /** Records after which there is another: what a start has to fold at most, a second or two. */
  readonly every: number
  /** Instances that could make the same one begin at different times, up to so much later. */
  readonly jitterMs: number
  /** Between two chunks, for whoever else needs the thread and the store. */
  readonly pauseMs: number
}

export interface SnapshotsOptions {
  readonly engine: Pick<Engine, 'log' | 'views'>
  readonly keys: Keys
  readonly log: Log
  readonly pace: SnapshotPace
}

export interface Snapshots {
  /** The newest snapshot that is whole and of this log, or an empty fold: the rest, or all, is to be folded after it. */
  restore(): Promise<Policy>
  /** Makes snapshots in the background as the log grows, until the signal aborts. */
  keep(replica: ControlReplica, signal: AbortSignal): Promise<void>
}

export async function openSnapshots({ engine, keys, log, pace }: SnapshotsOptions): Promise<Snapshots> {
  const store = new SnapshotStore({
    views: engine.views,
    key: keys.of('control-snapshot'),
    version: await policyVersion(),
  })
  return {
    restore: () => restore(store, engine, log),
    keep: (replica, signal) => keep({ store, replica, log, pace, signal }),
  }
}

/** Whatever is wrong with a snapshot, the log has it all. */
async function restore(store: SnapshotStore, engine: Pick<Engine, 'log'>, log: Log): Promise<Policy> {
  const heads = await store.heads().catch(() => [])
  for (const head of heads) {
    try {
      if (!(await isOfThisLog(engine, head))) {
        log.warn({ offset: head.offset }, 'a snapshot of control belongs to another log; it is not used')
        continue
      }
      const policy = new Policy()
      for await (const chunk of store.chunks(head)) policy.restore(chunk)
      policy.restored()
      if (policy.offset === head.offset) return policy
    } catch (error) {
      log.warn({ error: String(error) }, 'a snapshot of control could not be read; it is not used')
    }
  }
  return new Policy()
}

/** Neither ahead of the log nor of one that was written otherwise: restored from a backup, or another bus's. */
async function isOfThisLog({ log }: Pick<Engine, 'log'>, { offset, last }: SnapshotHead): Promise<boolean> {
  const [bounds] = await log.bounds(controlPartition.topic)
  if (bounds === undefined || bounds.next < offset) return false
  const limit = { messages: 1, bytes: limits.messageBytes, waitMs: 0 }
  const { messages } = await log.read({ ...controlPartition, offset: last.offset }, limit)
  const [message] = messages
  return message?.offset === last.offset && placeOf(offset, message).last.entry === last.entry
}

interface Keeping {
  readonly store: SnapshotStore
  readonly replica: ControlReplica
  readonly log: Log
  readonly pace: SnapshotPace
  readonly signal: AbortSignal
}

/** Several instances do so beside each other: whoever comes later finds it done, and who writes at the same moment gives up. */
async function keep({ store, replica, log, pace, signal }: Keeping): Promise<void> {
  const { every, jitterMs, pauseMs } = pace
  const pause = (ms: number): Promise<void> => sleep(ms, undefined, { signal }).catch(() => undefined)
  let from = replica.policy.offset - every
  while (!signal.aborted) {
    try {
      from = Math.max(0, ...(await store.heads()).map(({ offset }) => offset))
      const { place } = replica
      if (place !== undefined && place.offset - from >= every) {
        await store.write(place, replica.policy.snapshot(), async () => {
          await pause(pauseMs)
          signal.throwIfAborted()
        })
        log.info({ offset: place.offset }, 'a snapshot of control was made')
        continue
      }
    } catch (error) {
      if (signal.aborted) return
      log.warn({ error: String(error) }, 'no snapshot of control was made')
      from = replica.policy.offset
    }
    await replica.until(() => replica.policy.offset - from >= every, Number.POSITIVE_INFINITY)
    await pause(Math.random() * jitterMs)
  }
}
