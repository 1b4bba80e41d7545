import type { Pages } from '@unavez/exchange'
import type { Surroundings } from '@unavez/service-kit'

import type { Sender } from '../endpoint/attempt.ts'
import type { Alarm } from './alarm.ts'
import type { AttemptsUnderWay } from './attempts-under-way.ts'
import type { Changelog } from './changelog.ts'
import type { Stop } from './machine-options.ts'
import type { Memory } from './memory.ts'
import type { Tail } from './tail.ts'

/** What all pumps of this process share. */
export interface PushSurroundings {
  readonly surroundings: Surroundings
  readonly pages: Pages
  readonly sender: Sender
  readonly memory: Memory
  readonly underWay: AttemptsUnderWay
  readonly told: Told
  /** In [0, 1). */
  readonly chance: () => number
}

/** What is counted, and what is decided in the bus's own name. */
interface Told {
  attempt(outcome: 'delivered' | 'refused' | 'unreachable' | 'broken-off'): void
  /** Submits the fact that stops the subscription, until it stands or is not needed any more. */
  stopped(subscription: string, why: Stop): void
}

/** What all pumps of one partition share, while it is owned. */
export interface PartitionSurroundings extends PushSurroundings {
  readonly topic: string
  readonly partition: number
  readonly changelog: Changelog
  readonly tail: Tail
  readonly alarm: Alarm
  /** Aborted when the partition is owned no more. */
  readonly signal: AbortSignal
}
