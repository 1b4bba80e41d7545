import { EngineError, isEngineError } from '@unavez/engine'
import type { PartitionId } from '@unavez/engine'

import { LinkError, pause, type Wire } from './wire/index.ts'

/** Thrown by a try that another one may follow. */
export class TryAgain extends Error {}

export interface Tries {
  readonly wire: Wire
  /** When to give up, by `performance.now()`. */
  readonly until: number
  readonly signal: AbortSignal
}

const retryMs = 50

/**
 * Runs a try at the partition's leader, again at whoever leads after a failure, until it goes well or the time is over.
 * For reads only: what a failed try did is not asked. Rejects 'unknown-topic', 'unavailable', and what the try throws itself.
 */
export async function atLeader<T>(
  partition: PartitionId,
  tries: Tries,
  attempt: (leader: number) => Promise<T>,
): Promise<T> {
  const { wire, until, signal } = tries
  for (;;) {
    let why: unknown
    try {
      return await attempt(await leaderOf(wire, partition))
    } catch (error) {
      const again = error instanceof TryAgain || error instanceof LinkError || isEngineError(error, 'unavailable')
      if (!again) throw error
      why = error
    }
    if (signal.aborted || performance.now() + retryMs > until) {
      const reason = why instanceof Error ? why.message : String(why)
      throw new EngineError('unavailable', `Partition ${partition.partition} of ${partition.topic}: ${reason}.`, {
        cause: why,
      })
    }
    await pause(retryMs, signal)
    await wire.metadata.refresh().catch(() => undefined)
  }
}

async function leaderOf(wire: Wire, { topic, partition }: PartitionId): Promise<number> {
  const { partitions } = await wire.metadata.topic(topic)
  const state = wire.metadata.partition(topic, partition) ?? partitions.get(partition)
  if (state === undefined) throw new EngineError('unknown-topic', `Topic ${topic} has no partition ${partition}.`)
  if (state.leader < 0) throw new TryAgain('nobody leads it')
  return state.leader
}

/** What an answer says about a partition, if it is good news; else another try. */
export function expectFine<Answer extends { readonly errorCode: number }>(answer: Answer | undefined): Answer {
  if (answer === undefined) throw new TryAgain('an answer says nothing about it')
  if (answer.errorCode !== 0) throw new TryAgain(`Kafka answers error ${answer.errorCode}`)
  return answer
}
