export { SchemaUnknown } from './agreed-version.ts'
export { commitCursor, committedCursor } from './committed.ts'
export { copiesBetween, copyRow } from './copies.ts'
export { type Cursor, decodeCursor, encodeCursor, requireEpoch } from './cursor.ts'
export { disclosureBasis, disclosuresTopic, recordDisclosure } from './disclosure.ts'
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
  keyText,
  readClaim,
  readRow,
  rowOf,
  writeJson,
} from './ids-row.ts'
export { openLenses } from './lens.ts'
export { type Range, readPage, roundRobin } from './page.ts'
export { decodePosition, encodePosition } from './position.ts'
export { eventHeaders, headerText, isEvent, traceIdOf } from './record-headers.ts'
export { type Lens, type Shown, show, summarise } from './shown.ts'
export { openSieves } from './sieve.ts'
export { endOffsets, startOffsets, topicOf } from './start.ts'
