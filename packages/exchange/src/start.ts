import type { EventLog, PartitionBounds } from '@unavez/engine'
import type { Policy } from '@unavez/policy'
import { Problem } from '@unavez/protocol'

/** Where a new subscription begins: with what comes from now on, with all that is kept, or with what was accepted since a time. */
export type Start = 'now' | 'earliest' | { readonly time: string }

/** The domain topic of an agreement's events. Refuses 'not-found' when there is no such agreement. */
export function topicOf(policy: Policy, agreement: string): string {
  const contract = policy.agreement(agreement)?.contract
  const domain = contract === undefined ? undefined : policy.contract(contract)?.domain
  if (domain === undefined) throw new Problem('not-found')
  return `events.${domain}`
}

/** One offset per partition, in their order. Asked before the decision, so that nothing accepted after it is missed. */
export async function startOffsets(
  log: EventLog,
  topic: string,
  { start, now }: { readonly start: Start; readonly now: Date },
): Promise<readonly number[]> {
  if (start === 'now') return offsets(await log.bounds(topic), ({ next }) => next)
  if (start === 'earliest') return offsets(await log.bounds(topic), ({ first }) => first)
  const time = new Date(start.time)
  if (!(time.getTime() <= now.getTime())) {
    throw new Problem('body-invalid', {
      pointer: '/start/time',
      detail: { es: 'Debe ser un momento pasado', en: 'It must be a time in the past' },
    })
  }
  return offsets(await log.bounds(topic, time), ({ atTime }) => atTime)
}

/** The end of a topic: where a subscription goes on that skips what waited. */
export const endOffsets = async (log: EventLog, topic: string): Promise<readonly number[]> =>
  offsets(await log.bounds(topic), ({ next }) => next)

const offsets = (bounds: readonly PartitionBounds[], of: (bound: PartitionBounds) => number): readonly number[] =>
  bounds.toSorted((a, b) => a.partition - b.partition).map(of)
