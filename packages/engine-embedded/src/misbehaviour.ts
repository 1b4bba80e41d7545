import type { EventLog, Misbehaviour } from '@unavez/engine'

import type { Channel } from './channel.ts'
import type { Condition } from './condition.ts'
import type { Ownership } from './ownership.ts'
import type { Partitions } from './partitions.ts'
import type { EmbeddedVolatile } from './volatile.ts'

interface Parts {
  readonly log: EventLog
  readonly channel: Channel
  readonly condition: Condition
  readonly ownership: Ownership
  readonly partitions: Partitions
  readonly volatile: EmbeddedVolatile
}

/** Acts out a distributed engine's bad days. */
export const misbehaviourOf = (parts: Parts): Misbehaviour => ({
  appendOutcomes: (topic, outcomes) => parts.condition.outcomes(topic, outcomes),
  async land() {
    await Promise.all(parts.condition.late.splice(0).map((message) => parts.log.append(message)))
  },
  unreachable(now) {
    parts.condition.unreachable(now)
    for (const partition of parts.partitions.all()) partition.wake()
  },
  async twoOwners(now) {
    parts.ownership.twoOwners(now)
  },
  rebalance: () => parts.ownership.rebalance(),
  keepViews: () => parts.channel.command({ kind: 'keep-views' }),
  rollBackViews: () => parts.channel.command({ kind: 'roll-back-views' }),
  async loseVolatile() {
    parts.volatile.lose()
    await parts.channel.command({ kind: 'lose-claims' })
  },
  freeze(topic, frozen) {
    for (const partition of parts.partitions.topic(topic)) {
      partition.frozenAt = frozen ? partition.next : undefined
      partition.wake()
    }
  },
})
