import type { Text } from '@unavez/protocol'

import type { AgreementFact } from './agreement-facts.ts'
import type { LinkFact } from './links.ts'
import type { MembershipFact } from './membership.ts'
import type { ProcedureFact } from './procedure-facts.ts'
import type { SubscriptionFact } from './subscription-facts.ts'

export const systemRoles = [
  'publisher',
  'consumer',
  'provider',
  'requester',
  'citizen-portal',
  'administrator',
] as const
export type SystemRole = (typeof systemRoles)[number]

/** A public JSON Web Key (RFC 7517) with its `kid`. */
export interface PublicKey {
  readonly kid: string
  readonly kty: string
  readonly alg?: string
  readonly crv?: string
  readonly x?: string
  readonly y?: string
  readonly n?: string
  readonly e?: string
}

/** Which earlier versions a new one is held against: the last, or all (`-transitive`); who must read whom: new old, old new, or both. */
export const compatibilities = [
  'backward',
  'backward-transitive',
  'forward',
  'forward-transitive',
  'full',
  'full-transitive',
] as const
export type Compatibility = (typeof compatibilities)[number]

export interface EvidenceProvider {
  readonly institution: string
  readonly when?: Readonly<Record<string, string | number | boolean>>
}

/** What a contract of evidence says beside its schema. */
export interface EvidenceTerms {
  /** ISO 8601: how long it holds after it was issued; without it, until an event makes it stale. */
  readonly validity?: string
  /** Event types that make it stale. */
  readonly staleOn: readonly string[]
  /** ISO 8601: the time in which its provider answers. */
  readonly answerWithin?: string
  /** The citizen sees it before it is used. */
  readonly previewRequired: boolean
  /** An Avro record: what a predicate asks for. */
  readonly parameters?: object
  /** Who holds it, where that is not its owner; `when`: only for requests with these parameters. */
  readonly providers?: readonly EvidenceProvider[]
}

export interface LegalBasis {
  readonly kind: string
  readonly norm: string
  readonly article?: string
}

/**
 * What was decided, one shape per type; kebab-case, past tense. Every fact names its aggregate (`institution:te`,
 * `system:te.registro`, `contract:<type>`, `agreement:<id>`, `subscription:<id>`, `signing-keys`): that much of it is
 * envelope and understood by every version of the code; the rest is body.
 */
export type Fact =
  | MembershipFact
  | AgreementFact
  | ProcedureFact
  | SubscriptionFact
  | LinkFact
  | {
      type: 'institution-joined'
      aggregate: string
      id: string
      name: Text
      country: string
      kind?: string
      synthetic?: true
    }
  | { type: 'institution-suspended'; aggregate: string; reason: string }
  | { type: 'institution-resumed'; aggregate: string; reason: string }
  | {
      type: 'system-registered'
      aggregate: string
      institution: string
      id: string
      name: string
      roles: readonly SystemRole[]
      keys: readonly PublicKey[]
    }
  | { type: 'system-suspended'; aggregate: string; reason: string }
  | { type: 'system-resumed'; aggregate: string; reason: string }
  | { type: 'signing-key-added'; aggregate: string; key: PublicKey }
  | {
      type: 'contract-drafted'
      aggregate: string
      contract: string
      kind: 'event' | 'evidence'
      domain: string
      owner: string
      retention: string
      description: Text
      version: number
      schema: object
      compatibility?: Compatibility
      evidence?: EvidenceTerms
    }
  | { type: 'contract-published'; aggregate: string; version: number; numbered: Numbered }
  | { type: 'contract-compatibility-set'; aggregate: string; compatibility: Compatibility }
  | { type: 'contract-deprecated'; aggregate: string; since: string; sunset: string; reason?: string }
  | { type: 'contract-retired'; aggregate: string; reason?: string }
  /** Somebody began to use it, or does again (`contract-users:<type>`). */
  | { type: 'contract-used'; aggregate: string }

export type FactType = Fact['type']
export type FactOf<T extends FactType> = Extract<Fact, { type: T }>

/** `deliver` goes on where it stood; `skip` goes on at the offsets (one per partition) that were the end when it was decided. */
export type Backlog = 'deliver' | 'skip'

/**
 * Asks the fold for a number of a sequence that is unique for ever. The same `of` gets the same number again: two
 * registrations of one schema have one id. Part of the envelope, so that replicas of any version give out the same numbers.
 */
export interface Numbered {
  /** Schemas of the bus's own contracts are counted apart, so that the first one of an institution is 1. */
  readonly sequence: 'schema' | 'bus-schema'
  readonly of: string
}

/** Who decided: recorded with every fact. */
export interface By {
  readonly institution: string
  readonly system: string
  readonly person?: string
  /** The institution for which it acted, under a delegation. */
  readonly onBehalfOf?: string
}

/** The value of a record on `control`, as JSON. `hash` binds the command id to the request that it came with. */
export interface ControlRecord {
  /** Caller's `Idempotency-Key` scoped to its system (`te.registro/…`), remembered 35 days by the log's time. */
  readonly command: string
  readonly hash: string
  /** When it was decided, by the decider's clock; RFC 3339 UTC. */
  readonly at: string
  /** The version of every aggregate that the decision read; 0 for one that does not exist yet. */
  readonly reads: Readonly<Record<string, number>>
  readonly facts: readonly Fact[]
}
