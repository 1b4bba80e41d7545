import type { Ground } from '@unavez/policy'

/** Why it may be asked. The proof of an explicit request is kept sealed, apart from the rest: it outlives the evidence. */
export interface Grounds {
  readonly kind: Ground
  /** Where the person made the request. */
  readonly channel?: string
  /** Who took it down, where that was no portal. */
  readonly officer?: string
  readonly norm?: string
}

/** What the provider says of what it supplies. Times RFC 3339 UTC. */
export interface EvidenceMetadata {
  readonly issuedAt: string
  readonly issuedBy: string
  /** Of when the data is. */
  readonly asOf: string
  readonly validUntil?: string
}

/** A document that goes with the answer, sealed, in records of its own. */
export interface EvidenceDocument {
  readonly n: number
  readonly mediaType: string
  readonly bytes: number
  /** `sha256:` + hex of its bytes in clear. */
  readonly hash: string
  /** Offsets of its chunks, in order. */
  readonly chunks: readonly number[]
}

/** What was asked, of whom, under what; fixed from the first fact on. */
export interface Asked {
  readonly id: string
  readonly procedure: string
  readonly requirement: string
  readonly evidenceType: string
  readonly requester: string
  readonly provider: string
  readonly agreement: string
  /** Root pseudonym; the identifier itself is in `sealed`. */
  readonly subject: string
  readonly fields: readonly string[]
  readonly grounds: Grounds
  /** The subject sees it before it is used. */
  readonly preview: boolean
  /** ISO 8601: how old the data may be when it is supplied. */
  readonly maxAge?: string
  readonly language?: 'es' | 'en'
  readonly deadline: string
  /** Of all that were asked for one run of the procedure. */
  readonly run?: string
  readonly decision: string
  readonly traceId: string
  /** base64: identifier and parameters, under the request's own key, which is destroyed with it. */
  readonly sealed: string
  /** base64: the proof of the explicit request, under a key that stays. */
  readonly proof?: string
}

export interface Reuse {
  readonly procedure: string
  readonly requirement: string
}

/** What happened to a request; kebab-case, past tense. */
export type EvidenceFact =
  | ({ readonly type: 'evidence-requested' } & Asked)
  | { readonly type: 'evidence-postponed'; readonly at: string }
  /** `need`: what the provider lacks to tell whom it is about. */
  | { readonly type: 'evidence-information-needed'; readonly need: 'more-information' | 'choice' }
  /** `sealed`: base64, under the request's key. */
  | { readonly type: 'evidence-information-given'; readonly sealed: string; readonly officer?: string }
  | { readonly type: 'evidence-document-added'; readonly document: EvidenceDocument }
  /** `sealed`: base64 of the record in wire format, under the request's key. */
  | {
      readonly type: 'evidence-supplied'
      readonly evidence: EvidenceMetadata
      readonly sealed: string
      readonly contractVersion: number
    }
  | { readonly type: 'evidence-not-found' }
  | { readonly type: 'evidence-refused'; readonly reason: string }
  | { readonly type: 'preview-approved' }
  | { readonly type: 'preview-declined' }
  | { readonly type: 'evidence-fetched' }
  | { readonly type: 'evidence-received' }
  | { readonly type: 'evidence-cancelled'; readonly reason?: string }
  | { readonly type: 'evidence-expired' }
  | { readonly type: 'payload-destroyed' }
  /** What had been received, and still holds, served once more. */
  | ({ readonly type: 'evidence-reused' } & Reuse)

export const openStates = ['forwarded', 'waiting', 'preview', 'supplied', 'fetched'] as const
export const endStates = ['closed', 'not-found', 'refused', 'declined', 'cancelled', 'expired'] as const
export type RequestStatus = (typeof openStates)[number] | (typeof endStates)[number]

/** A command that this request has seen, and the state that it left behind: what a repeat is answered. */
export interface Seen {
  readonly command: string
  readonly hash: string
  readonly state: RequestStatus
}

/** A request as its facts have made it. Holds no payload: that stays in its record, sealed. */
export interface RequestState extends Asked {
  readonly version: number
  readonly state: RequestStatus
  readonly askedAt: string
  readonly by: string
  /** When the provider said that it would answer. */
  readonly availableAt?: string
  readonly need?: 'more-information' | 'choice'
  /** base64, sealed. */
  readonly information?: string
  readonly documents: readonly EvidenceDocument[]
  readonly answer?: {
    readonly evidence: EvidenceMetadata
    readonly at: string
    /** Offset of the record that holds it, sealed. */
    readonly offset: number
  }
  readonly reason?: string
  readonly reuses: readonly Reuse[]
  readonly destroyed: boolean
  /** A newer version of the code wrote what this one can't read. */
  readonly opaque?: true
  readonly seen: readonly Seen[]
}

export const isEnd = (state: RequestStatus): boolean => endStates.some((end) => end === state)
