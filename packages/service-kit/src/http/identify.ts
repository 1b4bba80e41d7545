import type { Actor } from '@unavez/policy'

import type { AccessTokens } from './access-token.ts'
import type { RequestCall } from './call.ts'
import { authenticate } from './credentials.ts'
import { readerOf } from './read-key.ts'
import type { Sessions } from './session.ts'
import { onBehalf } from './speaking.ts'
import type { TrustedIssuers } from './trusted-issuers.ts'

export interface Identifiers {
  readonly tokens: AccessTokens
  readonly sessions: Sessions
  readonly issuers?: TrustedIssuers
}

/** Who speaks: by a read key, a cookie, another issuer's token or one of ours; and for whom. Throws or rejects the Problem. */
export function identify(by: Identifiers, call: RequestCall): Actor | Promise<Actor> {
  const { authorization } = call.headers
  const nowMs = call.now.getTime()
  const principal = call.headers['on-behalf-of']
  const reader = call.route.readKey === true ? readerOf(authorization, call.desk.control.policy) : undefined
  if (reader !== undefined) return onBehalf(reader, principal)
  if (authorization === undefined) {
    const signed = by.sessions.signed(call, nowMs)
    call.session = signed?.session
    if (signed !== undefined) return onBehalf(signed.actor, principal)
  }
  const bearer = /^bearer +(\S+) *$/i.exec(by.issuers === undefined ? '' : (authorization ?? ''))?.[1]
  const foreign = bearer === undefined ? undefined : by.issuers?.actor(bearer, nowMs)
  if (foreign instanceof Promise) return foreign.then((actor) => onBehalf(actor, principal))
  return onBehalf(foreign ?? authenticate(authorization, by.tokens, { nowMs, connection: call.connection }), principal)
}
