import { type Engine, limits } from '@unavez/engine'

import type { Clock } from './clock.ts'
import { controlLimits } from './control-limits.ts'
import { controlPartition } from './control-record.ts'
import { ControlReplica } from './control-replica.ts'
import { Submitter } from './control-submit.ts'
import { openSnapshots, type SnapshotPace } from './control-snapshots.ts'
import type { Control } from './control.ts'
import type { Keys } from './keys.ts'
import type { Log } from './log.ts'

export interface ControlOptions {
  readonly engine: Pick<Engine, 'log' | 'views'>
  readonly keys: Keys
  readonly clock: Clock
  /** How old a proof of freshness may be (`POLICY_LEASE`). Milliseconds. */
  readonly leaseMs: number
  readonly log: Log
  /** Ends the replica as `close` does. */
  readonly closing: AbortSignal
  /** The engine's budget for one append; a command gets twice as much. Milliseconds. */
  readonly appendBudgetMs?: number
  /** When snapshots are made; `controlLimits` unless told. */
  readonly snapshots?: SnapshotPace
}

export type OpenControl = Control & { close(): Promise<void> }

/** Makes the topic and folds it, from the newest snapshot on; open once the fold has been at its end. Rejects if `closing` comes first. */
export async function openControl(options: ControlOptions): Promise<OpenControl> {
  const { engine, keys, clock, leaseMs, log, closing, appendBudgetMs = limits.appendBudgetMs } = options
  await engine.log.ensureTopics([{ name: controlPartition.topic, partitions: 1, cleanup: 'keep' }])
  const mac = keys.of('control-mac')
  const snapshots = await openSnapshots({ engine, keys, log, pace: options.snapshots ?? controlLimits.snapshots })
  const policy = await snapshots.restore()
  const replica = new ControlReplica({ events: engine.log, policy, mac, clock, leaseMs, log, closing })
  if (!(await replica.provenSince(Number.MIN_SAFE_INTEGER, Number.POSITIVE_INFINITY))) {
    throw new Error('Closed before control could be read to its end')
  }
  const ended = new AbortController()
  const keeping = snapshots.keep(replica, AbortSignal.any([ended.signal, closing]))
  const submitter = new Submitter({ events: engine.log, replica, mac, clock, budgetMs: 2 * appendBudgetMs })
  return {
    policy: replica.policy,
    fresh: () => replica.fresh(),
    provenSince: (moment) => replica.provenSince(moment, controlLimits.freshWaitMs),
    reached: (offset, waitMs) => replica.reached(offset, waitMs),
    onChange: (listener, signal) => replica.onChange(listener, signal),
    submit: (submission) => submitter.submit(submission),
    close: async () => {
      ended.abort()
      await replica.close()
      await keeping
    },
  }
}
