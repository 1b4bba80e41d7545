import { apiLimits } from '@unavez/protocol'
import Type from 'typebox'

/** Query parameters of every list: behind which item, how many. */
export const listQuery = {
  after: Type.Optional(Type.String({ maxLength: 256, description: '`next` of the page before' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: apiLimits.pageItems, default: apiLimits.pageItemsDefault })),
}

export interface ListRequest {
  readonly after?: string
  readonly limit?: number
}

/** A page of a list. `next` = `after` of the following page; null when this is the last. */
export interface ListPage<Item> {
  readonly items: readonly Item[]
  readonly next: string | null
}

/** Sorted by key, so that a page stays where it is while others are added. */
export function listPage<Item>(
  all: Iterable<Item>,
  keyOf: (item: Item) => string,
  { after, limit = apiLimits.pageItemsDefault }: ListRequest,
): ListPage<Item> {
  const keyed = [...all].map((item) => ({ key: keyOf(item), item }))
  const behind = keyed.filter(({ key }) => after === undefined || key > after).sort((a, b) => (a.key < b.key ? -1 : 1))
  const page = behind.slice(0, limit)
  const last = page.at(-1)
  return { items: page.map(({ item }) => item), next: last !== undefined && behind.length > limit ? last.key : null }
}
