import type { Text } from '@unavez/protocol'

import type { By, Compatibility, EvidenceTerms, PublicKey, SystemRole } from './facts.ts'
import type { Contact } from './membership.ts'
import type { EndpointWish } from './subscription-facts.ts'

/** Who did what to an aggregate, when: its history as told by the API. */
export interface HistoryEntry {
  readonly type: string
  readonly version: number
  readonly at: string
  readonly by: By
  readonly reason?: string
}

export interface InstitutionState {
  readonly id: string
  readonly name: Text
  readonly country: string
  readonly kind?: string
  readonly synthetic: boolean
  readonly contacts?: readonly Contact[]
  /** `pending`: enrolled, not approved yet. `left`: nothing of theirs runs any more, and the id is never given again. */
  readonly state: 'pending' | 'active' | 'suspended' | 'left'
}

/** A system's key; `notAfter` is RFC 3339 UTC. */
export interface SystemKey extends PublicKey {
  readonly notAfter?: string
  readonly revoked?: true
}

/** Opens the registry to tools that can't get a token, and nothing else. */
export interface ReadKey {
  readonly id: string
  /** SHA-256 of the key, base64url. */
  readonly hash: string
}

export interface SystemState {
  readonly institution: string
  /** Within the institution: `registro` of the client id `te.registro`. */
  readonly id: string
  readonly name: string
  readonly roles: readonly SystemRole[]
  /** Revoked ones too. */
  readonly keys: readonly SystemKey[]
  readonly readKeys?: readonly ReadKey[]
  /** Where what it subscribes to is pushed, unless it says otherwise. */
  readonly endpoint?: Omit<EndpointWish, 'system'>
  readonly state: 'active' | 'suspended'
}

export interface ContractVersionState {
  readonly version: number
  readonly state: 'draft' | 'published'
  readonly schema: object
  /** Confluent schema id, given by the fold when the version was published. */
  readonly schemaId?: number
}

export interface ContractState {
  readonly type: string
  readonly kind: 'event' | 'evidence'
  readonly domain: string
  readonly owner: string
  readonly retention: string
  readonly description: Text
  /** A deprecated contract goes on as if published; a retired one is over. */
  readonly state: 'draft' | 'published' | 'deprecated' | 'retired'
  /** The newest is a draft, or all are published. */
  readonly versions: readonly ContractVersionState[]
  readonly compatibility: Compatibility
  /** Only of evidence. */
  readonly evidence?: EvidenceTerms
  /** When it was deprecated, and from when on it may be retired. */
  readonly deprecation?: { readonly since: string; readonly sunset: string }
}
