export { Client, type ClientOptions, type DataByType, type Publication, type PullOptions } from './client.ts'
export type { FollowOptions } from './follow.ts'
export type { EvidenceAnswer, EvidenceRequested, Lookup, ProvideOptions } from './provide.ts'
export type { DigestAnswer, DigestPart, DigestReport, ProveOptions } from './proof.ts'
export { type RetryPolicy, Unreachable } from './retry.ts'
export type { Credentials } from './token.ts'
export {
  type AcceptedEvent,
  type BatchItem,
  type DeliveredEvent,
  type OfferedEvent,
  Problem,
  type PulledPage,
} from '@unavez/protocol'
