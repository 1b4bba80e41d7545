import { Problem } from '@unavez/protocol'

/** How long to go on before giving up, and with what pauses. Milliseconds. */
export interface RetryPolicy {
  readonly budgetMs: number
  readonly firstMs: number
  readonly mostMs: number
}

export const retryDefaults: RetryPolicy = { budgetMs: 60_000, firstMs: 100, mostMs: 5_000 }

/** No answer came: what was asked may or may not have been done. Repeating it with the same id is safe. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('the bus did not answer', { cause })
    this.name = 'Unreachable'
  }
}

const passing = (error: unknown): boolean =>
  error instanceof Unreachable ||
  (error instanceof Problem && (error.status === 503 || error.status === 429 || error.status === 408))

/** Runs until it succeeds, fails for good, the budget is over, or the signal aborts. `Retry-After` is honoured. */
export async function withRetries<Result>(
  attempt: () => Promise<Result>,
  { policy, signal }: { policy: RetryPolicy; signal?: AbortSignal | undefined },
): Promise<Result> {
  const end = performance.now() + policy.budgetMs
  for (let pauseMs = policy.firstMs; ; pauseMs = Math.min(pauseMs * 2, policy.mostMs)) {
    try {
      return await attempt()
    } catch (error) {
      const asked = error instanceof Problem ? (error.details.retryAfter ?? 0) * 1000 : 0
      const waitMs = Math.max(asked, pauseMs * (0.5 + Math.random() / 2))
      if (!passing(error) || signal?.aborted || performance.now() + waitMs > end) throw error
      await pause(waitMs, signal)
    }
  }
}

/** Resolves after a time, or at once when the signal aborts. */
function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done, { once: true })
    if (signal?.aborted) done()
  })
}
