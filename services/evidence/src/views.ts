import type { ViewKey } from '@unavez/engine'

import type { RequestState } from './facts.ts'
import { evidenceTopic } from './record.ts'

/** The follower of that name folds the rows; its checkpoint of a partition. */
export const evidenceFollower = 'evidence'
export const evidenceSource = (partition: number): string => `${evidenceFollower}/${evidenceTopic}/${partition}`

export const stateKey = (id: string): ViewKey => ({ view: 'evidence', partition: id, sort: '' })

/** `next`: the offset behind the last record that made the state. */
export interface StateRow {
  readonly state: RequestState
  readonly next: number
}

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
export const dueSort = (at: string, id: string): string => `${new Date(at).toISOString()} ${id}`

/** Answers about a subject (root pseudonym) that have reached their requester: what an event may make out of date. */
export const heldList = (subject: string): Omit<ViewKey, 'sort'> => ({ view: 'evidence-held', partition: subject })

export interface HeldRow {
  readonly request: string
  readonly requester: string
  readonly evidenceType: string
  readonly procedure: string
  readonly suppliedAt: string
  readonly validUntil?: string
}

/** Which event made the answer to a request out of date. */
export const staleKey = (request: string): ViewKey => ({ view: 'evidence-stale', partition: request, sort: '' })

export interface StaleRow {
  readonly event: string
  readonly type: string
  readonly since: string
}

/** Rows are written by the bus alone, as JSON. */
export const readRow = <Row>(value: Buffer): Row => JSON.parse(value.toString()) as Row
export const rowValue = (row: unknown): Buffer => Buffer.from(JSON.stringify(row))
