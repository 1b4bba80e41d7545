/** Every way an engine says no. */
export type EngineErrorCode =
  | 'not-written'
  | 'unknown'
  | 'message-too-large'
  | 'unknown-topic'
  | 'position-gone'
  | 'position-ahead'
  | 'checkpoint-moved'
  | 'unavailable'
  | 'cannot-start'
  | 'closed'

/** `message` is one clear sentence for an operator. `first` accompanies 'position-gone': the first offset that can be read. */
export class EngineError extends Error {
  readonly code: EngineErrorCode
  readonly first: number | undefined

  constructor(code: EngineErrorCode, message: string, details: { cause?: unknown; first?: number } = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause })
    this.name = 'EngineError'
    this.code = code
    this.first = details.first
  }
}

export const isEngineError = (error: unknown, ...codes: readonly EngineErrorCode[]): error is EngineError =>
  error instanceof EngineError && (codes.length === 0 || codes.includes(error.code))
