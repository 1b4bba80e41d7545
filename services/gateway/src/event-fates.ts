import type { Message } from '@unavez/engine'
import { committedCursor, effectOn, encodePosition, type Pages, pushStanding, skippedKey } from '@unavez/exchange'
import type { SubscriptionState } from '@unavez/policy'
import { type Effect, Problem } from '@unavez/protocol'
import type { Surroundings } from '@unavez/service-kit'

/** Subscriptions that one answer counts. */
const countedMost = 1_000
const lookedAtOnce = 16

/** What became of one subscription's copy; undefined if it is not for it. */
interface Fate {
  readonly is: 'delivered' | 'waiting' | 'held' | 'behind' | 'skipped'
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
    const told = await effectOn(this.#surroundings.engine.views, id, encodePosition(partition, offset))
    const is = mode === 'push' ? await this.#pushed(subscription, message) : await this.#pulled(subscription, message)
    return { is, ...(told === undefined ? {} : { effect: told.effect }) }
  }

  async #pulled(subscription: SubscriptionState, { partition, offset }: Message): Promise<Fate['is']> {
    const { offsets } = await committedCursor(this.#surroundings.engine.registers, subscription)
    return offset < (offsets[partition] ?? 0) ? 'delivered' : 'waiting'
  }

  async #pushed(subscription: SubscriptionState, { topic, partition, offset }: Message): Promise<Fate['is']> {
    const { views } = this.#surroundings.engine
    const standing = await pushStanding(views, subscription, { topic, partition })
    if (standing === undefined) return 'waiting'
    const { next, done = [], held = [] } = standing
    if (held.some(([, at]) => at === offset)) return 'held'
    if (held.some(([, , , , , , followers]) => followers.includes(offset))) return 'behind'
    if (offset >= next && !done.includes(offset)) return 'waiting'
    const skipped = await views.get(skippedKey(subscription.id, encodePosition(partition, offset)))
    return skipped === undefined ? 'delivered' : 'skipped'
  }

  /** A filter that does not fit what is agreed keeps everything waiting. */
  async #isFor(id: string, message: Message): Promise<boolean> {
    return this.#pages.isTheirs(id, message, 'due').catch((error: unknown) => {
      if (error instanceof Problem && error.code === 'filter-outdated') return true
      throw error
    })
  }
}

function counted(fates: readonly Fate[]) {
  const of = (is: Fate['is']): number => fates.filter((fate) => fate.is === is).length
  const told = (effect: Effect['effect']): number => fates.filter((fate) => fate.effect === effect).length
  const behind = of('behind')
  return {
    delivered: of('delivered'),
    waiting: of('waiting'),
    held: of('held') + behind,
    behind,
    skipped: of('skipped'),
    acknowledged: fates.filter(({ effect }) => effect !== undefined).length,
    effects: { applied: told('applied'), rejected: told('rejected'), 'not-relevant': told('not-relevant') },
  }
}
