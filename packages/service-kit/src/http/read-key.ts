import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

import type { Actor, Policy } from '@unavez/policy'
import { Problem } from '@unavez/protocol'

import { actorOf } from './access-token.ts'

const prefix = 'urk_'
const keyBytes = 32

const hashOf = (key: string): string => hash('sha256', key, 'base64url')

/** `urk_` + 32 random bytes in base64url, and what is kept of it. */
export function makeReadKey(): { readonly key: string; readonly hash: string } {
  const key = prefix + randomBytes(keyBytes).toString('base64url')
  return { key, hash: hashOf(key) }
}

/** The system of an HTTP Basic pair of client id and read key; undefined if no read key came. Throws Problem 'token-invalid'. */
export function readerOf(header: string | undefined, policy: Pick<Policy, 'system'>): Actor | undefined {
  const [, encoded] = /^basic +([A-Za-z0-9+/=]+) *$/i.exec(header ?? '') ?? []
  if (encoded === undefined) return undefined
  const pair = Buffer.from(encoded, 'base64').toString()
  const colon = pair.indexOf(':')
  const key = pair.slice(colon + 1)
  if (colon === -1 || !key.startsWith(prefix)) return undefined
  const clientId = pair.slice(0, colon)
  const given = Buffer.from(hashOf(key))
  const { readKeys = [] } = policy.system(clientId) ?? {}
  const known = readKeys.some((each) => {
    const kept = Buffer.from(each.hash)
    return kept.length === given.length && timingSafeEqual(kept, given)
  })
  if (!known) throw new Problem('token-invalid')
  return actorOf(clientId)
}
