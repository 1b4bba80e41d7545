import type { Range } from '@unavez/exchange'
import { authorize, type Target } from '@unavez/policy'
import type { Call, Surroundings } from '@unavez/service-kit'

export interface Wait {
  readonly surroundings: Surroundings
  readonly call: Call
  readonly topic: string
  readonly ranges: readonly Range[]
  readonly waitMs: number
  readonly on: Target
}

/** Until something stands behind the ranges, the time is over, the caller is gone, or policy no longer allows the waiting. */
export async function somethingNew({ surroundings, call, topic, ranges, waitMs, on }: Wait): Promise<void> {
  const { engine, control, clock } = surroundings
  const stop = new AbortController()
  const signal = AbortSignal.any([stop.signal, call.gone, surroundings.closing])
  const question = { action: 'receive', actor: call.actor, on } as const
  const look = (): void => {
    if (!authorize(control.policy, question, clock.now()).allowed) stop.abort()
  }
  control.onChange(look, signal)
  // What changed before there was anybody to tell.
  look()
  try {
    await Promise.all(
      ranges.map(async ({ partition, next: offset }) => {
        const page = await engine.log.read({ topic, partition, offset }, { messages: 1, bytes: 1, waitMs, signal })
        if (page.next > offset) stop.abort()
      }),
    )
  } finally {
    stop.abort()
  }
}
