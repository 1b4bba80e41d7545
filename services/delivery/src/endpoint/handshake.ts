import type { Recipient } from './attempt.ts'
import type { Endpoints } from './endpoints.ts'

/** Requests in a minute that are asked for; whoever allows as many sets no limit. */
const askedPerMinute = 60_000

export interface Handshake {
  readonly recipient: Recipient
  /** The name of the bus: the host of `PUBLIC_URL`. */
  readonly origin: string
  /** Where consent may be given later, by hand. */
  readonly callback: string
}

/** Consent as a receiver gave it; undefined is no consent. */
export type Consent = { readonly ratePerMinute?: number } | undefined

/** CloudEvents, HTTP 1.1 Web Hooks for Event Delivery 1.0.2, §4: asks an endpoint whether it wants events. Rejects CallFailure. */
export async function shakeHands(endpoints: Endpoints, asked: Handshake, signal: AbortSignal): Promise<Consent> {
  const endpoint = await endpoints.of(asked.recipient)
  const headers = {
    'user-agent': 'unavez',
    'webhook-request-origin': asked.origin,
    'webhook-request-callback': asked.callback,
    'webhook-request-rate': String(askedPerMinute),
  }
  const heard = await endpoint.call(() => ({ method: 'OPTIONS', headers }), signal)
  if (heard.status < 200 || heard.status > 299) return undefined
  const allowed = heard.headers['webhook-allowed-origin']
  if (typeof allowed !== 'string' || !['*', asked.origin].includes(allowed.trim().toLowerCase())) return undefined
  return consentWith(heard.headers['webhook-allowed-rate'])
}

/** The rate that a receiver allows: `*`, or requests in a minute. What can't be read, or allows none, is no consent. */
export function consentWith(rate: string | readonly string[] | undefined): Consent {
  if (rate === undefined || rate === '*') return {}
  const perMinute = typeof rate === 'string' && /^\d{1,9}$/.test(rate.trim()) ? Number(rate) : 0
  if (perMinute === 0) return undefined
  return perMinute < askedPerMinute ? { ratePerMinute: perMinute } : {}
}
