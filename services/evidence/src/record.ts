import { randomBytes } from 'node:crypto'

import { type Message, type NewMessage, partitionOf } from '@unavez/engine'
import type { By } from '@unavez/policy'
import { isAuthentic, withMac } from '@unavez/service-kit'

import { evolve } from './evolve.ts'
import type { EvidenceFact, RequestState } from './facts.ts'

export const evidenceTopic = 'evidence'

/** The value of a record on `evidence`, as JSON. It counts only if the request stands at `version` where it lands. */
export interface EvidenceRecord {
  readonly request: string
  readonly command: string
  readonly hash: string
  readonly version: number
  readonly facts: readonly EvidenceFact[]
}

export const partitionOfRequest = (id: string): number => partitionOf(Buffer.from(id))

export interface Writing {
  readonly by: By
  readonly traceparent: string
  /** The control offset that it was decided at. */
  readonly n: number
}

/** Key = the request's id; headers as on `control`. */
export function encodeRecord(mac: Buffer, record: EvidenceRecord, { by, traceparent, n }: Writing): NewMessage {
  const key = Buffer.from(record.request)
  const value = Buffer.from(JSON.stringify(record))
  const headers = {
    salt: randomBytes(16),
    n: Buffer.from(String(n)),
    by: Buffer.from(JSON.stringify(by)),
    traceparent: Buffer.from(traceparent),
  }
  const partition = partitionOfRequest(record.request)
  return { topic: evidenceTopic, partition, key, value, headers: withMac(mac, { key, value, headers }) }
}

const seenMost = 64

/** The header of a record that is a piece of a sealed document and no fact. */
export const chunkHeader = 'chunk'

export const requestOf = (message: Message): string | undefined =>
  message.headers[chunkHeader] === undefined ? message.key?.toString() : undefined

/** The state of a request behind one more of its records. What is foreign, came too late or makes no sense changes nothing. */
export function folded(mac: Buffer, state: RequestState | undefined, message: Message): RequestState | undefined {
  const record = isAuthentic(mac, message) ? readRecord(message.value) : undefined
  if (record === undefined || record.version !== (state?.version ?? 0)) return state
  const found = {
    by: message.headers['by']?.toString() ?? '',
    at: message.appendedAt.toISOString(),
    offset: message.offset,
  }
  let next = state
  for (const fact of record.facts) {
    next = evolve(next, fact, found)
    if (next === undefined) return state
  }
  if (next === undefined) return state
  const seen = [...next.seen, { command: record.command, hash: record.hash, state: next.state }].slice(-seenMost)
  return { ...next, version: record.version + 1, seen }
}

/** Of an authentic record: written by the bus alone, in this form. */
export const readRecord = (value: Buffer | null): EvidenceRecord | undefined =>
  value === null ? undefined : (JSON.parse(value.toString('utf8')) as EvidenceRecord)
