import type { Engine, Message, ViewChange } from '@unavez/engine'
import { type EffectRow, effectsTopic, forgetRows } from '@unavez/exchange'

import { foldEffects } from '../effects.ts'
import { retentionLimits } from './limits.ts'

/** Lets go of what was reported in one partition once it is old enough; how many records that were. */
export async function forgetEffects(
  engine: Pick<Engine, 'log' | 'views'>,
  partition: number,
  now: Date,
): Promise<number> {
  const { log, views } = engine
  const bounds = await log.bounds(effectsTopic, new Date(now.getTime() - retentionLimits.effectsMs))
  const { first = 0, atTime = 0 } = bounds.find((each) => each.partition === partition) ?? {}
  const folded = await views.checkpoint(`effects/${effectsTopic}/${partition}`)
  const before = Math.min(atTime, folded)
  if (before <= first) return 0
  const at = { topic: effectsTopic, partition }
  await forgetRows(engine, at, { first, before, rowsOf: (message) => rowsOf(views, message) })
  await log.trim(at, before)
  return before - first
}

/** A later word on the same event has a row that stays. */
async function rowsOf(views: Engine['views'], message: Message): Promise<readonly ViewChange[]> {
  const changes = foldEffects([message])
  const present = await views.getMany(changes)
  return changes.flatMap(({ view, partition, sort, value }, i) =>
    timeOf(present[i]) === timeOf(value) ? [{ view, partition, sort, value: null }] : [],
  )
}

const timeOf = (value: Buffer | null | undefined): string | undefined =>
  value == null ? undefined : (JSON.parse(value.toString()) as EffectRow).at
