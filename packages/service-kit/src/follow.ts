import type { Engine, Message, PartitionId, ViewChange } from '@unavez/engine'

/** One follower: owns partitions, reads them from the view's checkpoint, and writes what `fold` makes of each page. */
export interface FollowOptions {
  readonly engine: Engine
  /** Group of the owners; also the first part of the checkpoint's name (`<name>/<topic>/<partition>`). */
  readonly name: string
  readonly topics: readonly string[]
  /** Deterministic: page in, rows out. */
  readonly fold: (
    messages: readonly Message[],
    partition: PartitionId,
  ) => readonly ViewChange[] | Promise<readonly ViewChange[]>
  /** Called after each page that was written, with the offset behind it. */
  readonly passed?: (partition: PartitionId, next: number) => void
  readonly onError: (error: unknown, partition: PartitionId) => void
}

export interface Following {
  close(): Promise<void>
}
