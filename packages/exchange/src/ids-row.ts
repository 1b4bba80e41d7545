import type { Message, ViewKey } from '@unavez/engine'
import type { AcceptedEvent } from '@unavez/protocol'

import { encodePosition } from './position.ts'
import { institutionOf, textOf, traceIdOf } from './record-headers.ts'

/** The key of idempotency: unique for ever. */
export interface EventKey {
  readonly institution: string
  readonly id: string
}

/** What an id is bound to: a payload, as one version of its contract gives it. */
export interface Binding {
  readonly hash: string
  readonly version: number
}

/** The value of the view `ids` at (institution, id), as JSON. `source` names the system that was first. */
export interface IdsRow extends Binding {
  readonly position: string
  readonly acceptedAt: string
  readonly traceId: string
  readonly source: string
}

/** The value of a claim, as JSON. `from` = a lower bound of the partition's next offset; `at` in ms by the claimer's clock. */
export interface Claim extends Binding {
  readonly partition: number
  readonly from: number
  readonly at: number
  /** Which publisher put it: it knows whether its own append is still under way. */
  readonly instance: string
}

export const idsKey = ({ institution, id }: EventKey): ViewKey => ({ view: 'ids', partition: institution, sort: id })

/** Under which an id is claimed; also its name in maps of this process. */
export const claimKey = ({ institution, id }: EventKey): string => `ids/${institution}/${id}`

/** The follower of that name folds the rows; its checkpoint of a partition. */
export const idsFollower = 'ids'
export const idsSource = (topic: string, partition: number): string => `${idsFollower}/${topic}/${partition}`

/** The event of a record on the log; undefined when the record is none. */
export function keyOf(message: Message): EventKey | undefined {
  const id = textOf(message, 'id') ?? ''
  const institution = institutionOf(textOf(message, 'source') ?? '')
  return id === '' || institution === '' ? undefined : { institution, id }
}

export const rowOf = (message: Message): IdsRow => ({
  hash: textOf(message, 'payloadHash') ?? '',
  version: Number(textOf(message, 'contractVersion') ?? ''),
  position: encodePosition(message.partition, message.offset),
  acceptedAt: message.appendedAt.toISOString(),
  traceId: traceIdOf(textOf(message, 'traceparent') ?? ''),
  source: textOf(message, 'source') ?? '',
})

export const accepted = (id: string, row: IdsRow, alreadyAccepted: boolean): AcceptedEvent => ({
  id,
  source: row.source,
  payloadHash: row.hash,
  acceptedAt: row.acceptedAt,
  position: row.position,
  traceId: row.traceId,
  alreadyAccepted,
})

export const writeJson = (value: IdsRow | Claim): Buffer => Buffer.from(JSON.stringify(value))

/** Both are written by the bus alone, in this form. */
export const readRow = (value: Buffer): IdsRow => JSON.parse(value.toString()) as IdsRow
export const readClaim = (value: Buffer): Claim => JSON.parse(value.toString()) as Claim
