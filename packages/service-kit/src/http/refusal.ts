import { isEngineError } from '@unavez/engine'
import { type Language, Problem } from '@unavez/protocol'

import type { Route } from '../http.ts'
import type { Log } from '../log.ts'
import type { Answer } from './answer.ts'

export interface Failed {
  readonly language: Language
  readonly traceId: string
  /** The route's pattern, never the path: that may name someone. */
  readonly route: string
}

/** A Problem as it is; an engine that can't right now as 503; anything else is a bug: logged, and told as 500 only. */
export function problemOf(error: unknown, failed: Failed, log: Log): Problem {
  if (error instanceof Problem) return error
  const { traceId, route } = failed
  if (isEngineError(error, 'not-written', 'unknown', 'unavailable', 'closed')) {
    log.warn({ traceId, route, code: error.code, reason: error.message }, 'the engine could not do it')
    return new Problem('unavailable', { retryAfter: 1, cause: error })
  }
  log.error({ traceId, route, ...traceOf(error) }, 'unexpected error')
  return new Problem('internal-error', { cause: error })
}

/** Name, code and stack frames. The message is left out: it may quote what was being read. */
function traceOf(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { error: typeof error }
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line))
  return { error: error.name, code: 'code' in error ? error.code : undefined, stack: frames?.join('\n') }
}

/** What a problem's `instance` says: the request, never its content. */
export const instanceOf = ({ traceId }: Failed): string => `urn:unavez:trace:${traceId}`

/** RFC 9457 unless the route tells it otherwise, in the caller's language, with `Retry-After` and the challenge of RFC 6750 where they belong. */
export function problemAnswer(problem: Problem, failed: Failed, tell?: Route['tell']): Answer {
  const { language } = failed
  const { retryAfter } = problem.details
  const { contentType, body } = tell?.(problem, language) ?? {
    contentType: 'application/problem+json',
    body: problem.document(language, instanceOf(failed)),
  }
  return {
    status: problem.status,
    headers: {
      'content-type': contentType,
      'content-language': language,
      ...(retryAfter === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfter)) }),
      ...(problem.code === 'token-invalid' ? { 'www-authenticate': 'Bearer realm="unavez"' } : {}),
    },
    body: JSON.stringify(body),
  }
}
