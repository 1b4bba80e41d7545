import type { PushBounds } from './push-limits.ts'
import type { Standing } from './standing.ts'

/** Why nothing more is sent until somebody decides: more is held than may be, or the endpoint said that it is gone (410). */
export type Stop = 'held-too-many' | 'endpoint-gone'

export interface MachineOptions {
  readonly of: string
  readonly partition: number
  readonly standing: Standing
  /** In [0, 1), for jitter. */
  readonly chance: () => number
  readonly bounds?: PushBounds
}
