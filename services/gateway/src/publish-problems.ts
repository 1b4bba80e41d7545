import { isEngineError } from '@unavez/engine'
import { Problem } from '@unavez/protocol'

import { publishLimits } from './publish-limits.ts'

const retryAfter = publishLimits.retryAfterSeconds

/** What became of the event is not known, or not yet: the caller repeats it with the same id. */
export const publishUnknown = (cause?: unknown): Problem => new Problem('publish-unknown', { retryAfter, cause })

export const rebuilding = (): Problem => new Problem('rebuilding', { retryAfter })

export const overloaded = (): Problem => new Problem('overloaded', { retryAfter })

/** What a failed append is to the publisher. Its claim stays, so that a repeat finds out. */
export function appendFailed(error: unknown): never {
  if (isEngineError(error, 'not-written', 'unknown', 'closed')) throw publishUnknown(error)
  if (isEngineError(error, 'message-too-large')) throw new Problem('event-too-large', { cause: error })
  throw unavailable(error)
}

/** What a failed look-up or claim is to the publisher: try again, with the same id. */
export function lookUpFailed(error: unknown): never {
  throw unavailable(error)
}

/** Whatever is no word of the engine is a bug and stays one. */
const unavailable = (error: unknown): unknown =>
  isEngineError(error) ? new Problem('unavailable', { retryAfter, cause: error }) : error
