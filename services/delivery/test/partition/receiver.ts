import type { Answer, Blame } from '../../src/endpoint/attempt.ts'

/** Answers of a receiver, as the sender tells them. */
export const delivered: Answer = { kind: 'delivered', status: 200, ms: 1 }
export const unreachable: Answer = { kind: 'unreachable', ms: 1, code: 'connection-refused' }
export const refused = (status: number, blames: Blame, retryAfterMs = 0): Answer => ({
  kind: 'refused',
  status,
  ms: 1,
  code: `http-${status}`,
  blames,
  ...(retryAfterMs === 0 ? {} : { retryAfterMs }),
})
export const badRequest = refused(400, 'subject')
export const unavailable = refused(503, 'endpoint')
