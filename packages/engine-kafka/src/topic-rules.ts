import type { TopicSpec } from '@unavez/engine'

import { batchBytesLimit } from './produce-encode.ts'
import type { TopicState } from './wire/index.ts'

const minute = 60_000

export interface TopicRule {
  readonly setting: string
  /** What a new topic gets. */
  readonly value: string
  /** What an existing topic may have. */
  readonly fits: (found: string) => boolean
  readonly wanted: string
}

const exactly = (setting: string, value: string): TopicRule => ({
  setting,
  value,
  fits: (found) => found === value,
  wanted: value,
})

const atLeast = (setting: string, value: number): TopicRule => ({
  setting,
  value: String(value),
  fits: (found) => Number(found) >= value,
  wanted: `${value} or more`,
})

const atMost = (setting: string, value: number): TopicRule => ({
  setting,
  value: String(value),
  fits: (found) => Number(found) <= value,
  wanted: `${value} or less`,
})

export const replicationFor = (brokers: number): number => Math.max(1, Math.min(3, brokers))

/**
 * How a topic is made, and what is asserted of one that is there. Kept topics forget only by trim. Compaction never
 * touches the active segment, so compacted topics roll theirs: what was destroyed is gone within the hour.
 */
export function rulesOf({ cleanup }: TopicSpec, replication: number): readonly TopicRule[] {
  const rules = [
    exactly('message.timestamp.type', 'LogAppendTime'),
    exactly('unclean.leader.election.enable', 'false'),
    atLeast('min.insync.replicas', Math.max(1, replication - 1)),
    atLeast('max.message.bytes', batchBytesLimit),
  ]
  if (cleanup === 'keep') {
    const forEver = [exactly('retention.ms', '-1'), exactly('retention.bytes', '-1')]
    return [exactly('cleanup.policy', 'delete'), ...forEver, ...rules]
  }
  const soon = [atMost('segment.ms', 30 * minute), atMost('max.compaction.lag.ms', 60 * minute)]
  // What registers mend must not be compacted before (see registers-fold.ts).
  const notTooSoon = [atLeast('min.compaction.lag.ms', 5 * minute), atMost('min.cleanable.dirty.ratio', 0.01)]
  return [exactly('cleanup.policy', 'compact'), ...soon, ...notTooSoon, ...rules]
}

/** One sentence about the first thing that does not fit; undefined if all does. */
export function misfit(
  spec: TopicSpec,
  found: { readonly state: TopicState; readonly settings: ReadonlyMap<string, string>; readonly name: string },
  replication: number,
): string | undefined {
  const { name, state, settings } = found
  if (state.partitions.size !== spec.partitions) {
    return `Topic ${name} has ${state.partitions.size} partitions instead of ${spec.partitions}.`
  }
  const fewest = Math.min(...[...state.partitions.values()].map(({ replicas }) => replicas.length))
  if (fewest < replication) return `Topic ${name} is replicated ${fewest} times instead of ${replication}.`
  const broken = rulesOf(spec, replication).find(({ setting, fits }) => !fits(settings.get(setting) ?? ''))
  if (broken === undefined) return undefined
  const { setting, wanted } = broken
  return `Topic ${name} has ${setting}=${settings.get(setting) ?? '(nothing)'} instead of ${wanted}.`
}
