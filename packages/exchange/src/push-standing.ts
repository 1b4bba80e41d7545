import { limits, type PartitionId, type ViewKey, type ViewStore } from '@unavez/engine'

/** Why an attempt failed: `status` where the receiver answered. `ms`: how long it took. */
export interface PushFailure {
  readonly code: string
  readonly status?: number
  readonly ms: number
}

/** Where a pushed subscription stands in one partition, as delivery writes it down; defaults are left out. Times in milliseconds since 1970. */
export interface WrittenStanding {
  /** Everything before it is settled. */
  readonly next: number
  /** Where its next disclosure begins, if that is before `next`. */
  readonly from?: number
  /** Settled behind `next`. */
  readonly done?: readonly number[]
  readonly held?: readonly WrittenHeld[]
  /** The newest order that is done. */
  readonly order?: number
  /** The last failure, while nothing was delivered since. */
  readonly failure?: PushFailure
  /** The endpoint is taken to fail. */
  readonly open?: true
}

/** `subject`: root pseudonym. `nextAt` null: it waits for an order. `followers`: offsets behind it. */
export type WrittenHeld = readonly [
  subject: string,
  offset: number,
  attempts: number,
  nextAt: number | null,
  since: number,
  failure: PushFailure,
  followers: readonly number[],
]

/** The row of the view `push` at (subscription, partition). */
export interface PushRow {
  readonly epoch: number
  readonly standing: WrittenStanding
}

/** The row of a whole partition: its owner as the changelog tells it, and up to where nothing is due to anybody `except` some. */
export interface PushPartitionRow {
  readonly owner: string
  readonly seq: number
  readonly next: number
  readonly except: readonly string[]
}

const view = 'push'
const sortOf = (partition: number): string => String(partition).padStart(3, '0')

/** Of a delivery that was let go without being delivered. */
export const skippedKey = (subscription: string, position: string): ViewKey => ({
  view: 'skipped',
  partition: subscription,
  sort: position,
})

export const pushKey = (subscription: string, partition: number): ViewKey => ({
  view,
  partition: subscription,
  sort: sortOf(partition),
})

/** `topic`: of the events. No subscription has such a name. */
export const pushPartitionKey = (topic: string, partition: number): ViewKey => ({
  view,
  partition: `*${topic}`,
  sort: sortOf(partition),
})

/** Where a push stands in each partition, as far as the view is folded; undefined where nothing of it is known yet, or only of an older epoch. */
export async function pushStandings(
  views: ViewStore,
  { subscription, epoch, topic }: { readonly subscription: string; readonly epoch: number; readonly topic: string },
): Promise<readonly (WrittenStanding | undefined)[]> {
  const { partitions } = limits
  const [rows, wholes] = await Promise.all([
    views.list({ view, partition: subscription }, { limit: partitions }),
    views.list({ view, partition: `*${topic}` }, { limit: partitions }),
  ])
  return Array.from({ length: partitions }, (_, partition) => {
    const valueIn = (list: typeof rows) => list.find(({ sort }) => sort === sortOf(partition))?.value
    return united({ subscription, epoch }, valueIn(rows), valueIn(wholes))
  })
}

/** The same of one partition. */
export async function pushStanding(
  views: ViewStore,
  { id: subscription, epoch }: { readonly id: string; readonly epoch: number },
  { topic, partition }: PartitionId,
): Promise<WrittenStanding | undefined> {
  const [row, whole] = await views.getMany([pushKey(subscription, partition), pushPartitionKey(topic, partition)])
  return united({ subscription, epoch }, row, whole)
}

function united(
  { subscription, epoch }: { readonly subscription: string; readonly epoch: number },
  own: Buffer | undefined,
  ofAll: Buffer | undefined,
): WrittenStanding | undefined {
  const row = parsed<PushRow>(own)
  if (row?.epoch !== epoch) return undefined
  const whole = parsed<PushPartitionRow>(ofAll)
  // Whoever is not excepted stands where the whole partition does, however quiet it is there.
  const isPassed = whole !== undefined && !whole.except.includes(subscription)
  return isPassed ? { ...row.standing, next: Math.max(row.standing.next, whole.next) } : row.standing
}

/**
 * The first record of a partition that it may still need: due, held, or behind one that is held. Undefined while that is not
 * known for this epoch: the view may be lost, or not be folded so far.
 */
export async function pushStandsAt(
  views: ViewStore,
  { subscription, epoch, topic }: { readonly subscription: string; readonly epoch: number; readonly topic: string },
  partition: number,
): Promise<number | undefined> {
  const standing = await pushStanding(views, { id: subscription, epoch }, { topic, partition })
  return standing?.held?.reduce((first, [, offset]) => Math.min(first, offset), standing.next) ?? standing?.next
}

const parsed = <Row>(value: Buffer | undefined): Row | undefined =>
  value === undefined ? undefined : (JSON.parse(value.toString()) as Row)
