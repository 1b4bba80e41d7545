import type { Actor } from '@unavez/policy'
import { Problem } from '@unavez/protocol'

import { type AccessTokens, actorOf } from './access-token.ts'

/** When a token is shown, and over which connection. */
export interface Presented {
  readonly nowMs: number
  readonly connection: object
}

/**
 * Who speaks, by RFC 6750 Bearer; or by HTTP Basic with the client id as user and an access token as password, for
 * schema registry clients that know nothing else. Throws Problem 'token-invalid'.
 */
export function authenticate(header: string | undefined, tokens: AccessTokens, by: Presented): Actor {
  if (header === undefined) throw new Problem('token-invalid')
  const space = header.indexOf(' ')
  const scheme = header.slice(0, space)
  const rest = header.slice(space + 1).trim()
  if (scheme === 'Bearer' || scheme.toLowerCase() === 'bearer') return tokens.actor(rest, by.nowMs, by.connection)
  if (scheme.toLowerCase() === 'basic') return basic(rest, tokens, by)
  throw new Problem('token-invalid')
}

function basic(encoded: string, tokens: AccessTokens, { nowMs, connection }: Presented): Actor {
  const pair = Buffer.from(encoded, 'base64').toString()
  const colon = pair.indexOf(':')
  if (colon === -1) throw new Problem('token-invalid')
  const named = actorOf(pair.slice(0, colon))
  const actor = tokens.actor(pair.slice(colon + 1), nowMs, connection)
  if (named.institution !== actor.institution || named.system !== actor.system) throw new Problem('token-invalid')
  return actor
}
