import type { EngineErrorCode, TopicSpec } from '@unavez/engine'

import type { Command } from './batch.ts'

/** What the writer is started with. */
export interface WriterSettings {
  readonly directory: string
  /** The database file grows no further; undefined: as far as the disk goes. */
  readonly maxBytes: number | undefined
  readonly ballastBytes: number
  readonly rinseMs: number
}

/** From the engine to its writer. */
export type ToWriter =
  | { readonly kind: 'batch'; readonly batch: number; readonly packed: Uint8Array }
  | { readonly kind: 'command'; readonly batch: number; readonly command: Command }
  | { readonly kind: 'close' }

export interface Refusal {
  readonly code: EngineErrorCode
  readonly message: string
}

/**
 * The answer to one operation. An append's is its offset, a compared put's whether it won, a claim's the value that stands or
 * null; null for the others.
 */
export type Result = number | boolean | null | Uint8Array | Refusal

export const isRefusal = (result: Result): result is Refusal =>
  typeof result === 'object' && result !== null && 'code' in result

/** A topic with its partitions' bounds; partition i has the engine's own number `base + i`. */
export interface TopicState {
  readonly spec: TopicSpec
  readonly base: number
  readonly bounds: readonly { readonly first: number; readonly next: number }[]
}

/** Which memory the kept claims are in. `since` in milliseconds. */
export interface ClaimsMemory {
  readonly id: string
  readonly since: number
}

/** Everything that the engine must know about the file at its start, and after it was opened again. */
export interface State {
  readonly topics: readonly TopicState[]
  readonly claims: ClaimsMemory
}

/** From the writer to its engine. `at`: the log's clock of the commit, milliseconds. */
export type FromWriter =
  | { readonly kind: 'opened'; readonly state: State }
  | { readonly kind: 'cannot-start'; readonly message: string }
  | { readonly kind: 'answers'; readonly batch: number; readonly at: number; readonly results: readonly Result[] }
  | { readonly kind: 'done'; readonly batch: number; readonly state: State }
  | { readonly kind: 'refused'; readonly batch: number; readonly refusal: Refusal }
  | { readonly kind: 'ailment'; readonly sentence: string | undefined }
  | { readonly kind: 'closed' }
