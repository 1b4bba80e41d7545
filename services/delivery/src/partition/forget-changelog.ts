import type { Engine, PartitionId } from '@unavez/engine'
import { forgetRows } from '@unavez/exchange'

import { rowsOf } from '../push-view.ts'
import { decodeRecord } from './changelog-record.ts'

/** How long it is kept what was attempted. Milliseconds. */
const keptMs = 90 * 86_400_000

/** Lets go of what is old in a changelog and stands before its last snapshot, with what only it told. */
export async function forgetChangelog(
  engine: Pick<Engine, 'log' | 'views'>,
  at: PartitionId,
  { snapshot, now }: { readonly snapshot: number; readonly now: Date },
): Promise<void> {
  const { log, views } = engine
  const { topic, partition } = at
  const bounds = await log.bounds(topic, new Date(now.getTime() - keptMs))
  const { first = 0, atTime = 0 } = bounds.find((each) => each.partition === partition) ?? {}
  const folded = await views.checkpoint(`push.${topic.slice('deliveries.'.length)}/${topic}/${partition}`)
  const before = Math.min(atTime, folded, snapshot)
  if (before <= first) return
  await forgetRows(engine, at, {
    first,
    before,
    rowsOf: async ({ value }) => {
      const rows = (decodeRecord(value)?.entries ?? []).flatMap((entry) => rowsOf(entry, partition))
      const present = await views.getMany(rows)
      // What was said again later stays.
      return rows.flatMap(({ value: written, ...key }, i) =>
        written?.equals(present[i] ?? Buffer.alloc(0)) === true ? [{ ...key, value: null }] : [],
      )
    },
  })
  await log.trim(at, before)
}
