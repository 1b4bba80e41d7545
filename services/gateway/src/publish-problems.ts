import { isEngineError } from '@unavez/engine'
import { Problem } from '@unavez/protocol'

import { publishLimits } from './publish-limits.ts'

const retryAfter = publishLimits.retryAfterSeconds

/** What became of the event is not known, or not yet: the caller repeats it with the same id. */
export const publishUnknown = (cause?: unknown): Problem => new Problem('publish-unknown', { retryAfter, cause })

export const rebuilding = (): Problem => new Problem('rebuilding', { retryAfter })

export const overloaded = (): Problem => new Problem('overloaded', { retryAfter })

/** What a failed append is to the publisher. Its claim stays, so that a repeat finds out. */
export function appendFailure(error: unknown): unknown {
  if (isEngineError(error, 'not-written', 'unknown', 'closed')) return publishUnknown(error)
  if (isEngineError(error, 'message-too-large')) return new Problem('event-too-large', { cause: error })
  return lookUpFailure(error)
}

export function lookUpFailed(error: unknown): never {
  throw lookUpFailure(error)
}

/** What a failed look-up or claim is to the publisher: try again, with the same id. Whatever is no word of the engine is a bug and stays one. */
export const lookUpFailure = (error: unknown): unknown =>
  isEngineError(error) ? new Problem('unavailable', { retryAfter, cause: error }) : error
