export type { Engine } from './engine.ts'
export { EngineError, type EngineErrorCode, isEngineError } from './errors.ts'
export { limits } from './limits.ts'
export type {
  EventLog,
  Headers,
  Message,
  NewHeaders,
  NewMessage,
  OwnedWork,
  Owning,
  Page,
  PartitionBounds,
  PartitionId,
  Position,
  ReadLimits,
  TopicSpec,
} from './log.ts'
export type { Misbehaviour } from './misbehaviour.ts'
export { partitionOf } from './partition.ts'
export { canonicalContent, canonicalRecord, ledgerEntry } from './record.ts'
export type { Registers } from './registers.ts'
export type { Checkpoint, ViewChange, ViewKey, ViewRange, ViewStore } from './views.ts'
export type { ClaimOptions, Memory, NewClaim, Volatile } from './volatile.ts'
