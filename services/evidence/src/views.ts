import type { Message, ViewChange, ViewKey, ViewStore } from '@unavez/engine'

import { isEnd, type RequestState } from './facts.ts'
import { evidenceTopic, folded, requestOf } from './record.ts'

/** The follower of that name folds the rows; its checkpoint of a partition. */
export const evidenceFollower = 'evidence'
export const evidenceSource = (partition: number): string => `${evidenceFollower}/${evidenceTopic}/${partition}`

export const stateKey = (id: string): ViewKey => ({ view: 'evidence', partition: id, sort: '' })

/** `next`: the offset behind the last record that made the state. */
export interface StateRow {
  readonly state: RequestState
  readonly next: number
}

export const readStateRow = (value: Buffer): StateRow => JSON.parse(value.toString()) as StateRow

export type Side = 'provider' | 'requester'

/** Requests of one side of an institution, newest last; those still open in a list of their own. */
export const listOf = (side: Side, institution: string, only?: 'open'): Omit<ViewKey, 'sort'> => ({
  view: only === undefined ? 'evidence-all' : 'evidence-open',
  partition: `${side}/${institution}`,
})

/** What a partition's owner has to do, by the time it is due: ending what is over, destroying what nobody may read any more. */
export const dueList = (partition: number): Omit<ViewKey, 'sort'> => ({
  view: 'evidence-due',
  partition: String(partition),
})

/** Times are RFC 3339 with milliseconds, so that they compare as text. */
const dueSort = (at: string, id: string): string => `${new Date(at).toISOString()} ${id}`

/** What one partition has counted for a procedure. */
export interface Counted {
  /** Answers that reached their requester: papers that nobody had to bring. */
  readonly documentsNotAskedFor: number
  readonly requests: number
  readonly notFound: number
  readonly refused: number
  readonly declined: number
  readonly expired: number
}

export const meterList = (procedure: string): Omit<ViewKey, 'sort'> => ({
  view: 'evidence-meter',
  partition: procedure,
})

export const nothingCounted: Counted = {
  documentsNotAskedFor: 0,
  requests: 0,
  notFound: 0,
  refused: 0,
  declined: 0,
  expired: 0,
}

/** Page in, rows out. Reads rows as they stand before the page: the checkpoint sees to it that nobody folds it twice. */
export async function foldEvidence(
  { views, mac }: { readonly views: ViewStore; readonly mac: Buffer },
  messages: readonly Message[],
  partition: number,
): Promise<readonly ViewChange[]> {
  const touched = new Map<string, { before: RequestState | undefined; row: StateRow | undefined }>()
  for (const message of messages) {
    const id = requestOf(message)
    if (id === undefined) continue
    const known = touched.get(id) ?? (await kept(views, id))
    const state = folded(mac, known.row?.state, message)
    const row = state === undefined ? undefined : { state, next: message.offset + 1 }
    touched.set(id, { before: known.before, row })
  }
  const changes: ViewChange[] = []
  const meters = new Map<string, Counted>()
  for (const { before, row } of touched.values()) {
    if (row === undefined) continue
    changes.push(...rowsOf(before, row, partition))
    const { procedure } = row.state
    const counted = meters.get(procedure) ?? (await countedBefore(views, procedure, partition))
    meters.set(procedure, counting(counted, before, row.state))
  }
  for (const [procedure, counted] of meters)
    changes.push({ ...meterList(procedure), sort: String(partition), value: json(counted) })
  return changes
}

async function kept(views: ViewStore, id: string) {
  const value = await views.get(stateKey(id))
  const row = value === undefined ? undefined : readStateRow(value)
  return { before: row?.state, row }
}

async function countedBefore(views: ViewStore, procedure: string, partition: number): Promise<Counted> {
  const value = await views.get({ ...meterList(procedure), sort: String(partition) })
  return value === undefined ? nothingCounted : readCounted(value)
}

export const readCounted = (value: Buffer): Counted => JSON.parse(value.toString()) as Counted

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))

function rowsOf(before: RequestState | undefined, row: StateRow, partition: number): readonly ViewChange[] {
  const { state } = row
  const { id, askedAt, deadline, provider, requester } = state
  const sort = dueSort(askedAt, id)
  const value = json(state.state)
  const changes: ViewChange[] = [{ ...stateKey(id), value: json(row) }]
  for (const list of [listOf('provider', provider), listOf('requester', requester)])
    changes.push({ ...list, sort, value })
  changes.push({ ...listOf('requester', requester, 'open'), sort, value: isEnd(state.state) ? null : value })
  const toAnswer = state.state === 'forwarded' || state.state === 'waiting'
  changes.push({ ...listOf('provider', provider, 'open'), sort, value: toAnswer ? value : null })
  changes.push({
    ...dueList(partition),
    sort: dueSort(deadline, id),
    value: isEnd(state.state) ? null : json('expire'),
  })
  const destroySort = dueSort(askedAt, id)
  if (isEnd(state.state) || before?.destroyed !== state.destroyed)
    changes.push({
      ...dueList(partition),
      sort: destroySort,
      value: isEnd(state.state) && !state.destroyed ? json('destroy') : null,
    })
  return changes
}

/** Each way a request can go counts once, by the state that it has come to. */
function counting(counted: Counted, before: RequestState | undefined, after: RequestState): Counted {
  const came = (state: RequestState['state']): number => Number(after.state === state && before?.state !== state)
  const reached = ({ state }: Pick<RequestState, 'state'>): boolean => state === 'fetched' || state === 'closed'
  return {
    documentsNotAskedFor:
      counted.documentsNotAskedFor + Number(reached(after) && (before === undefined || !reached(before))),
    requests: counted.requests + Number(before === undefined),
    notFound: counted.notFound + came('not-found'),
    refused: counted.refused + came('refused'),
    declined: counted.declined + came('declined'),
    expired: counted.expired + came('expired'),
  }
}
