import type { EndpointAuth } from '@unavez/protocol'

import type { Called, Heard } from './call.ts'
import { CallFailure } from './call-failure.ts'
import { parsedJson } from './json.ts'

type OAuth2 = Extract<EndpointAuth, { kind: 'oauth2' }>

/** A token is not used in its last seconds, so that none ends on its way. Seconds. */
const margin = 30
/** Where the answer names no end, and at most. Seconds. */
const lifetimes = { unsaid: 300, most: 3600 } as const

/** The token of one endpoint: calls made together share one request. */
export interface AccessToken {
  /** Rejects CallFailure: 'token-refused', or what the call met. */
  present(): Promise<string>
  /** After a 401: the next call asks anew, unless another has asked since. */
  forget(token: string): void
}

export interface AccessTokenOptions {
  readonly auth: OAuth2
  readonly url: URL
  readonly ask: (called: Called) => Promise<Heard>
  /** Milliseconds that only ever grow. */
  readonly monotonic: () => number
}

interface Held {
  until: number
  value?: string
  readonly token: Promise<string>
}

/** Client credentials, RFC 6749 §4.4; the client says who it is by HTTP Basic, which every server of theirs understands (§2.3.1). */
export function openAccessToken({ auth, url, ask, monotonic }: AccessTokenOptions): AccessToken {
  let held: Held | undefined
  return {
    present() {
      if (held === undefined || monotonic() > held.until) held = renewed()
      return held.token
    },
    forget(token) {
      if (held?.value === token) held = undefined
    },
  }

  function renewed(): Held {
    const asked: Held = {
      until: Number.POSITIVE_INFINITY,
      token: ask({ url, method: 'POST', headers: headersOf(auth), body: bodyOf(auth) }).then((heard) => {
        const { token, seconds } = grantIn(heard)
        asked.until = monotonic() + Math.max(seconds - margin, 0) * 1000
        asked.value = token
        return token
      }),
    }
    asked.token.catch(() => {
      if (held === asked) held = undefined
    })
    return asked
  }
}

const headersOf = ({ clientId, clientSecret }: OAuth2) => ({
  authorization: `Basic ${Buffer.from(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`).toString('base64')}`,
  'content-type': 'application/x-www-form-urlencoded',
  accept: 'application/json',
})

const bodyOf = ({ scope }: OAuth2): Buffer =>
  Buffer.from(
    new URLSearchParams({ grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) }).toString(),
  )

function grantIn({ status, body }: Heard): { readonly token: string; readonly seconds: number } {
  const said = status === 200 ? parsedJson(body) : undefined
  if (typeof said !== 'object' || said === null || !('access_token' in said)) throw new CallFailure('token-refused')
  const token = said.access_token
  if (typeof token !== 'string' || !isHeaderText(token)) throw new CallFailure('token-refused')
  const seconds = 'expires_in' in said ? Number(said.expires_in) : lifetimes.unsaid
  return { token, seconds: Number.isFinite(seconds) ? Math.min(seconds, lifetimes.most) : lifetimes.unsaid }
}

/** What may stand behind `Bearer` without ending the header. */
export const isHeaderText = (text: string): boolean => /^[\x21-\x7e]{1,8192}$/.test(text)

const formEncoded = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1)
