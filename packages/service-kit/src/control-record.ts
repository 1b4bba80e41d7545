import { randomBytes } from 'node:crypto'

import type { Headers, Message, NewMessage } from '@unavez/engine'
import type { By, ControlRecord, PolicyRecord } from '@unavez/policy'

import { isAuthentic, withMac } from './record-mac.ts'

export const controlPartition = { topic: 'control', partition: 0 } as const

export interface NewControlRecord {
  readonly record: ControlRecord
  readonly by: By
  readonly traceparent?: string
  /** The control offset that it was decided at. */
  readonly n: number
}

export type ControlMessage = NewMessage & { readonly headers: Headers }

/**
 * Key = the first aggregate that changes; value = the record as JSON; headers `salt` (16 random bytes), `n` (decimal), `by` (JSON),
 * `traceparent`, and `mac` = HMAC-SHA256 over key, value and the other headers.
 */
export function encodeControlRecord(mac: Buffer, { record, by, traceparent, n }: NewControlRecord): ControlMessage {
  const key = Buffer.from(record.facts[0]?.aggregate ?? '')
  const value = Buffer.from(JSON.stringify(record))
  const headers = {
    salt: randomBytes(16),
    n: Buffer.from(String(n)),
    by: Buffer.from(JSON.stringify(by)),
    ...(traceparent === undefined ? {} : { traceparent: Buffer.from(traceparent) }),
  }
  return { ...controlPartition, key, value, headers: withMac(mac, { key, value, headers }) }
}

/** A message of `control` as the policy takes it in, whatever wrote it. */
export function readControlMessage(mac: Buffer, message: Message): PolicyRecord {
  const { offset, appendedAt, value, headers } = message
  return { offset, appendedAt, by: readBy(headers['by']), authentic: isAuthentic(mac, message), value }
}

export interface DecodedControlRecord {
  readonly record: ControlRecord
  readonly by: By
  readonly offset: number
  readonly appendedAt: Date
}

/** What a service wrote to `control`, by whom; undefined for what isn't the bus's own. That it was written doesn't say that it was accepted. */
export function decodeControlRecord(mac: Buffer, message: Message): DecodedControlRecord | undefined {
  const { authentic, value, by, offset, appendedAt } = readControlMessage(mac, message)
  if (!authentic || value === null) return undefined
  const record: ControlRecord = JSON.parse(value.toString('utf8'))
  return { record, by, offset, appendedAt }
}

const nobody: By = { institution: '', system: '' }

function readBy(header: Buffer | undefined): By {
  try {
    const by: unknown = JSON.parse(header?.toString('utf8') ?? '')
    return isBy(by) ? by : nobody
  } catch {
    return nobody
  }
}

const isBy = (value: unknown): value is By =>
  typeof value === 'object' &&
  value !== null &&
  'institution' in value &&
  typeof value.institution === 'string' &&
  'system' in value &&
  typeof value.system === 'string' &&
  (!('person' in value) || typeof value.person === 'string') &&
  (!('onBehalfOf' in value) || typeof value.onBehalfOf === 'string')
