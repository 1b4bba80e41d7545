import { type Effect, effects } from '@unavez/protocol'

import type { Answer, Blame } from './attempt.ts'
import { parsedJson } from './json.ts'

/** What a receiver may ask for by `Retry-After`; beyond it the nearer bound counts. Milliseconds. */
const retryAfterBounds = { least: 1000, most: 3_600_000 } as const
const detailLength = 1000

/** What an endpoint answered, read as far as its limit. */
export interface Received {
  readonly status: number
  readonly ms: number
  readonly retryAfter?: string | undefined
  readonly body: Buffer
}

/** Only a 2xx is success. What speaks of the endpoint's state and not of this event waits for the endpoint. */
export function answerOf({ status, ms, retryAfter, body }: Received, now: Date): Answer {
  if (status < 200 || status > 599) return { kind: 'unreachable', ms, code: 'answer-invalid' }
  if (status < 300) {
    const effect = effectIn(body)
    return { kind: 'delivered', status, ms, ...(effect === undefined ? {} : { effect }) }
  }
  const retryAfterMs = retryAfterIn(retryAfter, now)
  return {
    kind: 'refused',
    status,
    ms,
    code: `http-${status}`,
    blames: blameOf(status),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  }
}

function blameOf(status: number): Blame {
  if (status === 410) return 'gone'
  if (status === 415) return 'unsupported'
  return status === 429 || (status >= 502 && status <= 504) ? 'endpoint' : 'subject'
}

/** RFC 9110 §10.2.3: whole seconds or a date. Anything else is not there. */
function retryAfterIn(header: string | undefined, now: Date): number | undefined {
  const text = header?.trim() ?? ''
  if (text === '') return undefined
  const asked = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime()
  if (Number.isNaN(asked)) return undefined
  return Math.min(Math.max(asked, retryAfterBounds.least), retryAfterBounds.most)
}

/** A body without a known effect is no fault: the event was delivered. */
function effectIn(body: Buffer): Effect | undefined {
  const told = parsedJson(body)
  if (typeof told !== 'object' || told === null || !('effect' in told)) return undefined
  const effect = effects.find((known) => known === told.effect)
  if (effect === undefined) return undefined
  const detail = 'detail' in told && typeof told.detail === 'string' ? told.detail.slice(0, detailLength) : undefined
  return { effect, ...(detail === undefined ? {} : { detail }) }
}
