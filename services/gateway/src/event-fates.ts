import type { Message } from '@unavez/engine'
import { committedCursor, effectKey, type EffectRow, encodePosition, type Pages } from '@unavez/exchange'
import type { SubscriptionState } from '@unavez/policy'
import { type Effect, Problem } from '@unavez/protocol'
import type { Surroundings } from '@unavez/service-kit'

/** Subscriptions that one answer counts. */
const countedMost = 1_000
const lookedAtOnce = 16

/** What became of one subscription's copy; undefined if it is not for it. */
interface Fate {
  readonly is: 'acknowledged' | 'waiting' | 'pushed'
  readonly effect?: Effect['effect']
}

/** What became of an event with all those whom it is for. */
export class EventFates {
  readonly #surroundings: Surroundings
  readonly #pages: Pages

  constructor(surroundings: Surroundings, pages: Pages) {
    this.#surroundings = surroundings
    this.#pages = pages
  }

  async countsOf(message: Message, type: string) {
    return counted(await this.#fatesOf(message, type))
  }

  async #fatesOf(message: Message, type: string): Promise<readonly Fate[]> {
    const { policy } = this.#surroundings.control
    const subscriptions = policy
      .agreementsOn(type)
      .filter(({ state }) => state === 'active' || state === 'suspended')
      .flatMap(({ id }) => policy.subscriptionsOf({ agreement: id }))
      .filter(({ state }) => state !== 'ended')
      .slice(0, countedMost)
    const fates: Fate[] = []
    for (let from = 0; from < subscriptions.length; from += lookedAtOnce) {
      const some = subscriptions.slice(from, from + lookedAtOnce)
      const known = await Promise.all(some.map((subscription) => this.#fateOf(subscription, message)))
      fates.push(...known.filter((fate) => fate !== undefined))
    }
    return fates
  }

  async #fateOf(subscription: SubscriptionState, message: Message): Promise<Fate | undefined> {
    const { id, epoch, start, mode } = subscription
    const { partition, offset } = message
    // It began behind the event, and was not moved since.
    if (epoch === 1 && offset < (start[partition] ?? 0)) return undefined
    if (!(await this.#isFor(id, message))) return undefined
    const effect = await this.#effectOf(id, encodePosition(partition, offset))
    if (mode === 'push') return { is: 'pushed', ...effect }
    const { offsets } = await committedCursor(this.#surroundings.engine.registers, subscription)
    return { is: offset < (offsets[partition] ?? 0) ? 'acknowledged' : 'waiting', ...effect }
  }

  /** A filter that does not fit what is agreed keeps everything waiting. */
  async #isFor(id: string, message: Message): Promise<boolean> {
    return this.#pages.isTheirs(id, message, 'due').catch((error: unknown) => {
      if (error instanceof Problem && error.code === 'filter-outdated') return true
      throw error
    })
  }

  /** What was reported counts before what was answered at once. */
  async #effectOf(subscription: string, position: string): Promise<Pick<Fate, 'effect'>> {
    for (const way of ['reported', 'answered'] as const) {
      const value = await this.#surroundings.engine.views.get(effectKey(subscription, position, way))
      if (value !== undefined) return { effect: (JSON.parse(value.toString()) as EffectRow).effect }
    }
    return {}
  }
}

function counted(fates: readonly Fate[]) {
  const of = (is: Fate['is']): number => fates.filter((fate) => fate.is === is).length
  const told = (effect: Effect['effect']): number => fates.filter((fate) => fate.effect === effect).length
  return {
    delivered: of('acknowledged'),
    waiting: of('waiting'),
    held: 0,
    acknowledged: of('acknowledged'),
    pushed: of('pushed'),
    effects: { applied: told('applied'), rejected: told('rejected'), 'not-relevant': told('not-relevant') },
  }
}
