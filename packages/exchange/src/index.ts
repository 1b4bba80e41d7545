export { openContracts } from './agreed-version.ts'
export { commitCursor, committedCursor } from './committed.ts'
export { completeOf, proveComplete } from './complete.ts'
export { copiesBetween, copyRow } from './copies.ts'
export { type Cursor, decodeCursor, encodeCursor, requireEpoch } from './cursor.ts'
export { disclosuresTopic, recordEvidenceDisclosure, recordReport } from './disclosure.ts'
export { openLenses } from './lens.ts'
export { effectKey, type EffectRow, effectOn, effectsTopic, keptEffect, listEffects } from './effect-row.ts'
export { EventsById } from './events-by-id.ts'
export { forgetRows } from './forget-rows.ts'
export {
  type Binding,
  type Claim,
  type EventKey,
  type IdsRow,
  accepted,
  claimKey,
  idsFollower,
  idsKey,
  idsSource,
  keyOf,
  readClaim,
  readRow,
  rowOf,
  writeJson,
} from './ids-row.ts'
export { Digests, type Told } from './digests.ts'
export { type PartitionOffset, roundRobin } from './page.ts'
export { openPairwiseKeys } from './pairwise.ts'
export { Pages, type PageWish, type ShownPage } from './pages.ts'
export { decodePosition, encodePosition } from './position.ts'
export { openPushSecrets, type PushSecrets } from './push-secrets.ts'
export {
  type PushFailure,
  type PushPartitionRow,
  type PushRow,
  pushKey,
  pushPartitionKey,
  pushStanding,
  pushStandings,
  pushStandsAt,
  skippedKey,
  type WrittenHeld,
  type WrittenStanding,
} from './push-standing.ts'
export { eventHeaders, headerText, institutionOf, isEvent, textOf, traceIdOf, typeOf } from './record-headers.ts'
export type { Recipient } from './recipient.ts'
export type { Shown } from './shown.ts'
export { endOffsets, startOffsets, topicOf } from './start.ts'
export { recordTrim, trimmedBefore } from './trimmed.ts'
