import type { EventLog, PartitionBounds, Registers } from '@unavez/engine'
import { Problem } from '@unavez/protocol'

const name = (subscription: string): string => `complete/${subscription}`

/** A stretch of cursors, without a hole, of which the consumer has proven to have everything. One offset per partition. */
export interface Complete {
  readonly epoch: number
  readonly from: readonly number[]
  readonly to: readonly number[]
  /** Whatever was accepted before is in it, if it was due behind `from`. RFC 3339 UTC. */
  readonly until: string
}

/** How far a consumer has proven to be complete. */
export async function completeOf(registers: Registers, subscription: string): Promise<Complete | undefined> {
  const value = await registers.get(name(subscription))
  return value === undefined ? undefined : (JSON.parse(value.toString()) as Complete)
}

/** Adds a range that was proven: it goes on where the stretch so far ends, or a new one begins. */
export async function proveComplete(
  { registers, log }: { readonly registers: Registers; readonly log: EventLog },
  subscription: string,
  { bounds, at, ...proven }: Omit<Complete, 'until'> & { bounds: readonly PartitionBounds[]; at: Date },
): Promise<Complete> {
  for (let tries = 0; tries < 8; tries += 1) {
    const present = await registers.get(name(subscription))
    const known = present === undefined ? undefined : (JSON.parse(present.toString()) as Complete)
    const joined = joinedTo(known, proven)
    const complete = { ...joined, until: await until(log, bounds, { to: joined.to, at }) }
    const value = Buffer.from(JSON.stringify(complete satisfies Complete))
    if (await registers.compareAndPut(name(subscription), present, value)) return complete
  }
  throw new Problem('conflict')
}

function joinedTo(known: Complete | undefined, proven: Omit<Complete, 'until'>): Omit<Complete, 'until'> {
  if (known === undefined || known.epoch !== proven.epoch) return proven
  const touches = known.to.every((to, partition) => {
    const [from = 0, end = 0] = [proven.from[partition], proven.to[partition]]
    return from <= to && end >= (known.from[partition] ?? 0)
  })
  if (!touches) return proven
  return {
    epoch: known.epoch,
    from: known.from.map((from, partition) => Math.min(from, proven.from[partition] ?? from)),
    to: known.to.map((to, partition) => Math.max(to, proven.to[partition] ?? to)),
  }
}

/** When the first record behind the stretch was accepted: the earliest over all partitions, else now. */
async function until(
  log: EventLog,
  bounds: readonly PartitionBounds[],
  { to, at }: { readonly to: readonly number[]; readonly at: Date },
): Promise<string> {
  const waiting = bounds.filter(({ partition, next }) => (to[partition] ?? 0) < next)
  const times = await Promise.all(
    waiting.map(async ({ topic, partition, first }) => {
      const offset = Math.max(first, to[partition] ?? 0)
      const page = await log.read({ topic, partition, offset }, { messages: 1, bytes: 1, waitMs: 0 })
      return page.messages[0]?.appendedAt.getTime() ?? at.getTime()
    }),
  )
  return new Date(Math.min(at.getTime(), ...times)).toISOString()
}
