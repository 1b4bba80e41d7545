import type { Surroundings } from '@unavez/service-kit'

import type { Range } from './page.ts'
import type { Recipient } from './recipient.ts'

export interface Wait {
  readonly gone: Recipient['gone']
  /** Whether it makes sense to wait on: asked again whenever policy changes. */
  readonly stands: () => boolean
  readonly topic: string
  readonly ranges: readonly Range[]
  readonly waitMs: number
}

/** Until something stands behind the ranges, the time is over, nobody waits any more, or it makes no sense to. */
export async function somethingNew(
  { engine, control, closing }: Pick<Surroundings, 'engine' | 'control' | 'closing'>,
  { gone, stands, topic, ranges, waitMs }: Wait,
): Promise<void> {
  const stop = new AbortController()
  const signal = AbortSignal.any([stop.signal, gone, closing])
  const look = (): void => {
    if (!stands()) stop.abort()
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
