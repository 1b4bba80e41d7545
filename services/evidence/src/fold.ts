import type { Message, ViewChange, ViewStore } from '@unavez/engine'

import { isEnd, type RequestState } from './facts.ts'
import { added, countedBy, type Counted, meterList, nothingCounted } from './meter.ts'
import { folded, requestOf } from './record.ts'
import {
  dueList,
  dueSort,
  type HeldRow,
  heldList,
  listOf,
  readRow,
  rowValue,
  stateKey,
  type StateRow,
} from './views.ts'

/** What one record has done to a request. */
interface Step {
  readonly before: RequestState | undefined
  readonly after: RequestState
  readonly at: Date
}

export interface Folded {
  readonly changes: readonly ViewChange[]
  readonly steps: readonly Step[]
}

export interface Folding {
  readonly views: ViewStore
  readonly mac: Buffer
}

/** Page in, rows out. Reads rows as they stand before the page: the checkpoint sees to it that nobody folds it twice. */
export async function foldEvidence(
  { views, mac }: Folding,
  messages: readonly Message[],
  partition: number,
): Promise<Folded> {
  const rows = new Map<string, StateRow | undefined>()
  const steps: Step[] = []
  for (const message of messages) {
    const id = requestOf(message)
    if (id === undefined) continue
    const before = (rows.has(id) ? rows.get(id) : await kept(views, id))?.state
    const after = folded(mac, before, message)
    rows.set(id, after === undefined ? undefined : { state: after, next: message.offset + 1 })
    if (after !== undefined && after !== before) steps.push({ before, after, at: message.appendedAt })
  }
  const changes = [...rows.values()].flatMap((row) => (row === undefined ? [] : rowsOf(row, partition)))
  return { changes: [...changes, ...(await meterRows(views, steps, partition))], steps }
}

async function kept(views: ViewStore, id: string): Promise<StateRow | undefined> {
  const value = await views.get(stateKey(id))
  return value === undefined ? undefined : readRow<StateRow>(value)
}

async function meterRows(views: ViewStore, steps: readonly Step[], partition: number): Promise<readonly ViewChange[]> {
  const counts = new Map<string, Counted>()
  for (const { before, after } of steps)
    for (const [procedure, counted] of countedBy(before, after))
      counts.set(procedure, added(counts.get(procedure) ?? nothingCounted, counted))
  return Promise.all(
    [...counts].map(async ([procedure, counted]) => {
      const key = { ...meterList(procedure), sort: String(partition) }
      const value = await views.get(key)
      const before = value === undefined ? nothingCounted : readRow<Counted>(value)
      return { ...key, value: rowValue(added(before, counted)) }
    }),
  )
}

function rowsOf(row: StateRow, partition: number): readonly ViewChange[] {
  const { state } = row
  const { id, askedAt, deadline, provider, requester } = state
  const sort = dueSort(askedAt, id)
  const value = rowValue(state.state)
  const ended = isEnd(state.state)
  const toAnswer = state.state === 'forwarded' || state.state === 'waiting'
  return [
    { ...stateKey(id), value: rowValue(row) },
    { ...listOf('provider', provider), sort, value },
    { ...listOf('requester', requester), sort, value },
    { ...listOf('requester', requester, 'open'), sort, value: ended ? null : value },
    { ...listOf('provider', provider, 'open'), sort, value: toAnswer ? value : null },
    { ...dueList(partition), sort: dueSort(deadline, id), value: ended ? null : rowValue('expire') },
    { ...dueList(partition), sort, value: ended && !state.destroyed ? rowValue('destroy') : null },
    ...heldRows(state),
  ]
}

function heldRows(state: RequestState): readonly ViewChange[] {
  const { id, answer, requester, evidenceType, procedure, subject } = state
  if (answer === undefined || (state.state !== 'fetched' && state.state !== 'closed')) return []
  const { validUntil } = answer.evidence
  const held: HeldRow = {
    request: id,
    requester,
    evidenceType,
    procedure,
    suppliedAt: answer.at,
    ...(validUntil === undefined ? {} : { validUntil }),
  }
  return [{ ...heldList(subject), sort: id, value: rowValue(held) }]
}
