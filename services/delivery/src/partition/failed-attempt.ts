import type { Answer, Blame } from '../endpoint/attempt.ts'
import type { Failure, Untold } from './entry.ts'
import { retryDelayMs } from './push-limits.ts'
import type { Held } from './standing.ts'

/** An attempt that failed: why, whom it speaks of, and what the receiver asked for. */
export interface FailedAttempt {
  readonly now: number
  readonly failure: Failure
  readonly blames: Blame
  readonly retryAfterMs: number
}

export function failedAttempt(answer: Exclude<Answer, { kind: 'delivered' }>, now: number): FailedAttempt {
  const { ms, code } = answer
  if (answer.kind === 'unreachable') return { now, failure: { code, ms }, blames: 'endpoint', retryAfterMs: 0 }
  const { status, blames, retryAfterMs = 0 } = answer
  return { now, failure: { code, status, ms }, blames, retryAfterMs }
}

/** What waits after one more failure: tried again by schedule, or never by itself if the receiver can't take its form. */
export function heldAfter(
  { now, failure, blames, retryAfterMs }: FailedAttempt,
  {
    subject,
    offset,
    since,
    attempts: before,
  }: Pick<Held, 'offset' | 'since' | 'attempts'> & { readonly subject: string },
  chance: number,
): Untold {
  const attempts = before + 1
  const delayMs = blames === 'unsupported' ? undefined : retryDelayMs(attempts, chance)
  const again = delayMs === undefined ? {} : { nextAt: now + Math.max(delayMs, retryAfterMs) }
  return { type: 'held', subject, offset, attempts, since, failure, ...again }
}
