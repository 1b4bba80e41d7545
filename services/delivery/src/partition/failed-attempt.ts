import type { Answer, Blame } from '../endpoint/attempt.ts'
import type { Failure } from './entry.ts'
import { retryDelayMs } from './push-limits.ts'

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

/** When a held delivery is tried again after so many failures; never by itself if the receiver can't take its form. */
export function tryAgain(
  { now, blames, retryAfterMs }: FailedAttempt,
  failures: number,
  chance: number,
): { nextAt?: number } {
  const delayMs = blames === 'unsupported' ? undefined : retryDelayMs(failures, chance)
  return delayMs === undefined ? {} : { nextAt: now + Math.max(delayMs, retryAfterMs) }
}
