export { type AddressGuard, isNetwork, openAddressGuard } from './address-guard.ts'
export { type Clock, systemClock } from './clock.ts'
export type { Control, Outcome, Submission } from './control.ts'
export { type ControlOptions, openControl, type OpenControl } from './control-open.ts'
export {
  type DecodedControlRecord,
  decodeControlRecord,
  encodeControlRecord,
  readControlMessage,
} from './control-record.ts'
export { checkEndpoint, type EndpointBody, endpointShapes } from './endpoint-body.ts'
export { checkEndpointUrl, literalIn } from './endpoint-url.ts'
export { follow, type Following, type FollowOptions } from './follow.ts'
export { mintAccessToken, type TokenRequest } from './http/access-token.ts'
export { cookieIn, csrfOf, endSession, sealSession, type Session, sessionCookie } from './http/session.ts'
export { byOf } from './http/speaking.ts'
export { createHttp, type HttpOptions, type HttpServer } from './http/server.ts'
export { makeReadKey } from './http/read-key.ts'
export type { Access, AccessRequest, Call, Chunk, Http, Reply, Route, Streamed, ToldProblem } from './http.ts'
export { identifierOf } from './identifier.ts'
export { type Keys, type KeyUse, openKeys } from './keys.ts'
export { lifecycleHeaders } from './lifecycle.ts'
export { listPage, listQuery, type ListPage, type ListRequest } from './lists.ts'
export type { Log } from './log.ts'
export {
  isWanted,
  type Notice,
  type Notices,
  noticesFollower,
  noticesPartition,
  openNotices,
  type RaisedNotice,
  readNotice,
} from './notices.ts'
export { isAuthentic, withMac } from './record-mac.ts'
export { replicate, type ReplicateOptions, type Replicating } from './replicate.ts'
export { open, seal } from './seal.ts'
export { shapes } from './shapes.ts'
export type {
  LocalAccounts,
  OidcSettings,
  SandboxSettings,
  Service,
  Settings,
  Surroundings,
  TrustedIssuer,
} from './surroundings.ts'
