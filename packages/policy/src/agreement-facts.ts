import type { Text } from '@unavez/protocol'

import type { Backlog, LegalBasis } from './facts.ts'

/** What an agreement is about, as agreed; an amendment replaces all of it at once. Times RFC 3339 UTC. */
export interface AgreementTerms {
  readonly purpose: Text
  readonly legalBasis: LegalBasis
  /** Top-level fields of the contract's schema that the purpose needs. */
  readonly fields: readonly string[]
  readonly validFrom?: string
  readonly validUntil: string
  /** The consumer's procedure that the data is for. */
  readonly procedure?: string
  /** CloudEvents Subscriptions filter over the envelope and the agreed fields. */
  readonly filter?: object
  /** Those of the fields whose identifiers come as the consumer's pseudonyms. */
  readonly pseudonymous?: readonly string[]
  /** Until when corrections of what was received still arrive. */
  readonly correctionsUntil?: string
  /** Until when, and by whose order, citizens are not told of the use. */
  readonly usageDelay?: { readonly until: string; readonly order: string }
  /** Only events whose key subject is the consumer itself: set by the bus for its own contracts, never asked for. */
  readonly aboutConsumer?: true
  /** Those of the fields that are sensitive: the `dpo` of both sides have to approve. */
  readonly sensitive?: readonly string[]
}

interface Named extends AgreementTerms {
  readonly aggregate: string
  readonly id: string
  readonly consumer: string
  readonly owner: string
  readonly contract: string
  /** Of the contract: the newest published when it was asked. */
  readonly version: number
}

/** What becomes of an agreement (`agreement:<id>`). */
export type AgreementFact =
  | ({ readonly type: 'agreement-drafted' } & Named)
  /** `proposer`: absent if the consumer asked; the other side approves. */
  | ({ readonly type: 'agreement-requested'; readonly proposer?: string } & Named)
  /** One of the people that have to, said yes. `version`: of the agreement, what it said yes to. */
  | {
      readonly type: 'agreement-endorsed'
      readonly aggregate: string
      readonly version: number
      readonly institution: string
      readonly person: string
      readonly reason: string
    }
  | { readonly type: 'agreement-approved'; readonly aggregate: string; readonly reason: string }
  | { readonly type: 'agreement-rejected'; readonly aggregate: string; readonly reason: string }
  | { readonly type: 'agreement-suspended'; readonly aggregate: string; readonly reason: string }
  | {
      readonly type: 'agreement-resumed'
      readonly aggregate: string
      readonly reason: string
      readonly backlog: Backlog
      readonly skipTo?: readonly number[]
    }
  | { readonly type: 'agreement-ended'; readonly aggregate: string; readonly reason: string }
  /** `version`: the agreement's, once amended; `contractVersion`: the newest published when it was asked. */
  | ({
      readonly type: 'agreement-amendment-requested'
      readonly aggregate: string
      readonly version: number
      readonly contractVersion: number
      readonly proposer: string
      readonly reason?: string
    } & AgreementTerms)
  | {
      readonly type: 'agreement-amended'
      readonly aggregate: string
      readonly version: number
      readonly reason: string
    }
  | {
      readonly type: 'agreement-amendment-rejected'
      readonly aggregate: string
      readonly version: number
      readonly reason: string
    }
  /** A detached JWS (RFC 7515, appendix F) over the document of a version, by a system of one side. */
  | {
      readonly type: 'agreement-signed'
      readonly aggregate: string
      readonly version: number
      readonly institution: string
      readonly system: string
      readonly kid: string
      readonly jws: string
    }

/** A yes of one person, of those that sensitive fields need. */
export interface Endorsement {
  readonly institution: string
  readonly person: string
}

export interface AgreementSignature {
  readonly version: number
  readonly institution: string
  readonly system: string
  readonly kid: string
  readonly jws: string
}

/** One version of an agreement: past, present or proposed. */
export interface AgreementVersion {
  readonly version: number
  readonly contractVersion: number
  readonly terms: AgreementTerms
}

export interface Amendment extends AgreementVersion {
  readonly proposer: string
  readonly endorsements: readonly Endorsement[]
}

export interface AgreementState extends AgreementTerms {
  readonly id: string
  readonly consumer: string
  readonly owner: string
  readonly contract: string
  /** Grows with each amendment. */
  readonly version: number
  readonly contractVersion: number
  /** Who asked for it: the other side approves. */
  readonly proposer: string
  readonly state: 'draft' | 'pending' | 'active' | 'suspended' | 'ended' | 'rejected'
  /** While it is pending. */
  readonly endorsements: readonly Endorsement[]
  /** What is to replace the terms, once approved. */
  readonly amendment?: Amendment
  readonly signatures: readonly AgreementSignature[]
  /** Versions that were replaced, oldest first. */
  readonly past: readonly AgreementVersion[]
}
