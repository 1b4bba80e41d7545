import { findIdentifier } from '@unavez/contracts'
import type { ViewKey, ViewStore } from '@unavez/engine'
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
type EffectWay = 'answered' | 'reported'

const effectList = (subscription: string): Omit<ViewKey, 'sort'> => ({
  view: 'effects',
  partition: subscription,
})

/** In the order of positions. */
export const effectKey = (subscription: string, position: string, way: EffectWay): ViewKey => ({
  ...effectList(subscription),
  sort: `${position}/${way}`,
})

export interface EffectList {
  readonly items: readonly EffectRow[]
  /** `after` of the next list; null at the end. */
  readonly next: string | null
}

/** In the order of positions, one of each event: what was reported counts before what was answered at once. */
export async function listEffects(
  views: ViewStore,
  subscription: string,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<EffectList> {
  const from = after === undefined ? {} : { from: `${after}~` }
  const rows = await views.list(effectList(subscription), { ...from, limit: 2 * limit + 2 })
  const byPosition = new Map<string, EffectRow>()
  // 'answered' stands before 'reported'.
  for (const { value } of rows) {
    const row = JSON.parse(value.toString()) as EffectRow
    byPosition.set(row.position, row)
  }
  const items = [...byPosition.values()].slice(0, limit)
  return { items, next: byPosition.size > limit ? (items.at(-1)?.position ?? null) : null }
}

/** The word that counts on one event. */
export async function effectOn(
  views: ViewStore,
  subscription: string,
  position: string,
): Promise<EffectRow | undefined> {
  const ways = (['reported', 'answered'] as const).map((way) => effectKey(subscription, position, way))
  const told = (await views.getMany(ways)).find((value) => value !== undefined)
  return told && (JSON.parse(told.toString()) as EffectRow)
}

/** As it may be kept: without a detail that names a person. */
export function keptEffect({ effect, detail }: Effect): Effect {
  return detail === undefined || findIdentifier(detail) !== undefined ? { effect } : { effect, detail }
}
