import { periodBefore } from '@unavez/contracts'
import { isEngineError, type PartitionBounds } from '@unavez/engine'
import { committedCursor, effectsTopic, idsSource, type Pages, pushStandsAt, topicOf } from '@unavez/exchange'
import { type Policy, type SubscriptionState, theBus } from '@unavez/policy'
import type { Surroundings } from '@unavez/service-kit'

import { publishLimits } from '../publish-limits.ts'
import { forget } from './forget.ts'
import { forgetEffects } from './forget-effects.ts'
import { retentionLimits } from './limits.ts'
import { type Standing, trimTo } from './trim-to.ts'

/** A subscription for whose sake events stay beyond their retention. */
export interface Pinned {
  readonly subscription: SubscriptionState
  readonly topic: string
  readonly partition: number
  /** When the oldest event due to it was accepted, and when the bus will end the subscription if it still is. */
  readonly since: Date
  readonly endsAt: Date
}

export interface RetentionOptions {
  readonly surroundings: Pick<Surroundings, 'engine' | 'control' | 'clock'>
  readonly pages: Pages
  /** Told at each look, as long as it lasts. */
  readonly onPinned: (pinned: Pinned) => void
  readonly onEnded: (subscription: string) => void
  readonly onTrimmed: (topic: string, events: number) => void
}

interface Found extends Standing {
  readonly state: SubscriptionState
  readonly since?: Date
}

interface Cutoffs {
  readonly retained: Date
  readonly tolerated: Date
}

const by = theBus('retention')
const why = 'Lo debido superó su conservación y la gracia. What was due outlived its retention and the grace.'

/** The one job that forgets: what is older than the longest retention of its domain and behind everybody who still waits for it. */
export class Retention {
  readonly #options: RetentionOptions

  constructor(options: RetentionOptions) {
    this.#options = options
  }

  /** Looks at one partition of every domain, and of what was reported. What fails in one stops no other; rejects then what failed first. */
  async look(partition: number): Promise<void> {
    const { control } = this.#options.surroundings
    await control.fresh()
    const failures: unknown[] = []
    for (const domain of control.policy.domains()) {
      await this.#lookAt(domain, partition).catch((error: unknown) => {
        // A domain's topic is made with its first publisher's process; until then there is nothing to forget.
        if (!isEngineError(error, 'unknown-topic')) failures.push(error)
      })
    }
    await this.#lookAtEffects(partition).catch((error: unknown) => failures.push(error))
    if (failures.length > 0) throw failures[0]
  }

  async #lookAtEffects(partition: number): Promise<void> {
    const { engine, clock } = this.#options.surroundings
    const records = await forgetEffects(engine, partition, clock.now())
    if (records > 0) this.#options.onTrimmed(effectsTopic, records)
  }

  async #lookAt(domain: string, partition: number): Promise<void> {
    const { engine, clock, control } = this.#options.surroundings
    const topic = `events.${domain}`
    const now = clock.now()
    const cutoffs = cutoffsOf(control.policy, domain, now)
    const [retained, tolerated, window] = await Promise.all(
      [cutoffs.retained, cutoffs.tolerated, new Date(now.getTime() - publishLimits.idWindowMs)].map(async (at) =>
        boundsOf(await engine.log.bounds(topic, at), partition),
      ),
    )
    if (retained === undefined || tolerated === undefined || window === undefined) return
    const { first } = retained
    if (retained.atTime <= first) return
    const standing = await this.#standing(domain, { partition, before: retained.atTime, first })
    const folded = await engine.views.checkpoint(idsSource(topic, partition))
    const floors = [window.atTime, folded]
    const aged = { first, retained: retained.atTime, tolerated: tolerated.atTime, floors, standing }
    const { before, pinning, over } = trimTo(aged)
    for (const found of standing.filter(({ subscription }) => pinning.includes(subscription))) {
      const { state, since = now } = found
      const keptMs = now.getTime() - cutoffs.tolerated.getTime()
      const endsAt = new Date(since.getTime() + keptMs)
      this.#options.onPinned({ subscription: state, topic, partition, since, endsAt })
      if (over.includes(state.id)) await this.#end(state)
    }
    if (before <= first) return
    await forget(engine, { topic, partition }, { first, before, at: now })
    this.#options.onTrimmed(topic, before - first)
  }

  /** Those that something may still be due to, each with the first such event before an offset. */
  async #standing(domain: string, { partition, before, first }: Looked): Promise<readonly Found[]> {
    const { policy } = this.#options.surroundings.control
    const live = policy.subscriptions().filter((subscription) => isLive(policy, subscription, domain))
    const found: Found[] = []
    for (const state of live) {
      const subscription = state.id
      const stands = await this.#standsAt(state, partition)
      if (stands === undefined) found.push({ subscription, state, offset: first, isDue: false })
      else if (stands >= before) found.push({ subscription, state, offset: stands, isDue: false })
      else {
        const due = await this.#options.pages.firstDue(subscription, { partition, offset: Math.max(first, stands) })
        const since = due.message === undefined ? {} : { since: due.message.appendedAt }
        found.push({ subscription, state, offset: due.offset, isDue: due.message !== undefined, ...since })
      }
    }
    return found
  }

  /** Undefined while it is not known how far a push has got: that keeps everything, and ends nobody. */
  async #standsAt(subscription: SubscriptionState, partition: number): Promise<number | undefined> {
    const { engine, control } = this.#options.surroundings
    const { registers, views } = engine
    if (subscription.mode === 'push') {
      const { id, epoch, agreement } = subscription
      const topic = topicOf(control.policy, agreement)
      return pushStandsAt(views, { subscription: id, epoch, topic }, partition)
    }
    const { offsets } = await committedCursor(registers, subscription)
    return offsets[partition]
  }

  async #end({ id, epoch }: SubscriptionState): Promise<void> {
    const { control } = this.#options.surroundings
    const aggregate = `subscription:${id}`
    const { facts } = await control.submit({
      command: `${by.institution}.${by.system}/end-${id}-${epoch}`,
      hash: id,
      by,
      decide: (policy) => {
        const state = policy.subscription(id)
        const isOver = state === undefined || state.state === 'ended' || state.epoch !== epoch
        return { facts: isOver ? [] : [{ type: 'subscription-ended', aggregate, reason: why }], reads: [aggregate] }
      },
    })
    if (facts.length > 0) this.#options.onEnded(id)
  }
}

interface Looked {
  readonly partition: number
  readonly before: number
  readonly first: number
}

const boundsOf = (bounds: readonly PartitionBounds[], partition: number): PartitionBounds | undefined =>
  bounds.find((each) => each.partition === partition)

/** By the longest retention among the domain's contracts, retired ones too, and never within ID_WINDOW. */
function cutoffsOf(policy: Policy, domain: string, now: Date): Cutoffs {
  const kept = policy.contracts().filter((contract) => contract.domain === domain)
  const times = kept.flatMap(({ retention }) => periodBefore(now, retention)?.getTime() ?? [])
  const retained = Math.min(now.getTime() - publishLimits.idWindowMs, ...times)
  return { retained: new Date(retained), tolerated: new Date(retained - retentionLimits.graceMs) }
}

/** Whether something may still be delivered to it: paused and suspended ones wait for theirs. */
function isLive(policy: Policy, { agreement: id, state }: SubscriptionState, domain: string): boolean {
  const agreement = policy.agreement(id)
  if (state === 'ended' || agreement === undefined || agreement.state === 'ended') return false
  return policy.contract(agreement.contract)?.domain === domain
}
