import type { ViewKey } from '@unavez/engine'
import type { Effect } from '@unavez/protocol'

/** What consumers say that they did with events: 12 partitions, keyed by the subscription, values JSON `{subscription, effects}`. */
export const effectsTopic = 'effects'

/** One word on one event, as the view `effects` holds it; `at` is RFC 3339 UTC. */
export interface EffectRow extends Effect {
  readonly event: string
  readonly source: string
  readonly position: string
  readonly at: string
}

/** How it was said: in the answer to a webhook, or reported afterwards. Each has a row of its own, so that two folds don't meet. */
export type EffectWay = 'answered' | 'reported'

export const effectList = (subscription: string): Omit<ViewKey, 'sort'> => ({
  view: 'effects',
  partition: subscription,
})

/** In the order of positions. */
export const effectKey = (subscription: string, position: string, way: EffectWay): ViewKey => ({
  ...effectList(subscription),
  sort: `${position}/${way}`,
})
