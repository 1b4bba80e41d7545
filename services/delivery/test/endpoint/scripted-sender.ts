import type { Answer, Attempt, Sender } from '../../src/endpoint/attempt.ts'

/** A sender that answers as told, and remembers what it was given. */
export function scriptedSender(answer: (attempt: Attempt, nth: number) => Answer): Sender & {
  readonly sent: readonly Attempt[]
} {
  const sent: Attempt[] = []
  return {
    sent,
    send: (attempt, signal) => {
      if (signal.aborted) return Promise.reject(signal.reason as Error)
      sent.push(attempt)
      return Promise.resolve(answer(attempt, sent.length))
    },
    close: () => Promise.resolve(),
  }
}
