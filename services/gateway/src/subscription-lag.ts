import { type EventLog, isEngineError } from '@unavez/engine'
import type { Cursor } from '@unavez/exchange'

interface Behind {
  readonly topic: string
  readonly cursor: Cursor
  readonly now: Date
}

/** How much of the domain stands behind a cursor, and for how long the oldest of it has. */
export async function lagOf(
  log: EventLog,
  { topic, cursor, now }: Behind,
): Promise<{ events: number; seconds: number }> {
  const behind = (await log.bounds(topic)).flatMap(({ partition, first, next }) => {
    const offset = Math.max(first, cursor.offsets[partition] ?? 0)
    return offset < next ? [{ partition, offset, events: next - offset }] : []
  })
  const times = await Promise.all(
    behind.map(async ({ partition, offset }) => {
      const page = await log
        .read({ topic, partition, offset }, { messages: 1, bytes: 1, waitMs: 0 })
        .catch((error: unknown) => {
          // Trimmed between the two reads: the next look tells.
          if (isEngineError(error, 'position-gone')) return { messages: [] }
          throw error
        })
      return page.messages[0]?.appendedAt.getTime() ?? now.getTime()
    }),
  )
  return {
    events: behind.reduce((sum, { events }) => sum + events, 0),
    seconds: Math.max(0, Math.floor((now.getTime() - Math.min(now.getTime(), ...times)) / 1000)),
  }
}
