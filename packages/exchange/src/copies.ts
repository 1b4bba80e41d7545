import type { ViewKey, ViewStore } from '@unavez/engine'

const view = 'copies'
const listOf = (topic: string, partition: number): string => `${topic}/${partition}`
const sortOf = (offset: number): string => String(offset).padStart(16, '0')

/** The row that says: what stands at this offset is a physical copy of an event that stands before it. */
export const copyRow = (topic: string, partition: number, offset: number): ViewKey => ({
  view,
  partition: listOf(topic, partition),
  sort: sortOf(offset),
})

/** The known copies of a range. A copy not known yet is an ordinary repeat: it carries the same id. */
export async function copiesBetween(
  views: ViewStore,
  { topic, partition, from, next }: { topic: string; partition: number; from: number; next: number },
): Promise<ReadonlySet<number>> {
  const found = new Set<number>()
  let start = sortOf(from)
  for (;;) {
    const rows = await views.list({ view, partition: listOf(topic, partition) }, { from: start, limit: 100 })
    for (const row of rows) {
      if (Number(row.sort) >= next) return found
      found.add(Number(row.sort))
    }
    if (rows.length < 100) return found
    start = `${rows.at(-1)?.sort}0`
  }
}
