import type { ProblemDocument } from './problem.ts'

export const changeTypes = ['created', 'baseline', 'corrected', 'annulled', 'ceased'] as const
export type ChangeType = (typeof changeTypes)[number]

/** What a publisher offers: CloudEvents 1.0, structured. Times RFC 3339 UTC. `subject`, `publishedat` and `position` are the bus's own. */
export interface OfferedEvent<Data = unknown> {
  readonly specversion: '1.0'
  /** Unique within the institution for ever; the key of every retry. */
  readonly id: string
  /** `urn:unavez:<country>:<institution>:<system>` of the speaker. */
  readonly source: string
  readonly type: string
  /** When the registry recorded it. */
  readonly time: string
  /** When it happened. */
  readonly occurredat: string
  readonly changetype: ChangeType
  /** Required with `corrected`, `annulled` and `ceased`. */
  readonly previouseventid?: string
  readonly datacontenttype?: 'application/json'
  readonly dataschema?: string
  readonly traceparent?: string
  readonly causedby?: string
  readonly late?: boolean
  readonly data: Data
}

/** The answer to a publisher, and one item of a batch's answer (there with `status`). */
export interface AcceptedEvent {
  readonly id: string
  readonly source: string
  readonly payloadHash: string
  readonly acceptedAt: string
  readonly position: string
  readonly traceId: string
  readonly alreadyAccepted: boolean
}

export type BatchItem = (AcceptedEvent & { readonly status: 200 | 201 }) | (ProblemDocument & { readonly id?: string })

/** What a consumer gets: trimmed to its agreement, the subject as its own pairwise pseudonym. */
export interface DeliveredEvent<Data = unknown> {
  readonly specversion: '1.0'
  readonly id: string
  readonly source: string
  readonly type: string
  readonly subject: string
  readonly time: string
  readonly occurredat: string
  readonly publishedat: string
  readonly changetype: ChangeType
  readonly previouseventid?: string
  readonly causedby?: string
  readonly position: string
  readonly dataschema: string
  readonly traceparent?: string
  readonly data: Data
}

export interface PulledPage<Data = unknown> {
  readonly events: readonly DeliveredEvent<Data>[]
  /** Cursor of the first event's place; reading again from here gives the same. */
  readonly from: string
  /** Cursor behind the last event: read on from here, commit when done. */
  readonly next: string
  readonly more: boolean
}
