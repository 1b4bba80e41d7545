import type { Text } from '@unavez/protocol'

import type { By, LegalBasis, PublicKey, SystemRole } from './facts.ts'

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
  readonly state: 'active' | 'suspended'
}

export interface SystemState {
  readonly institution: string
  /** Within the institution: `registro` of the client id `te.registro`. */
  readonly id: string
  readonly name: string
  readonly roles: readonly SystemRole[]
  readonly keys: readonly PublicKey[]
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
  readonly state: 'draft' | 'published'
  readonly versions: readonly ContractVersionState[]
}

export interface AgreementState {
  readonly id: string
  readonly consumer: string
  readonly owner: string
  readonly contract: string
  /** Grows with each amendment. */
  readonly version: number
  readonly purpose: Text
  readonly legalBasis: LegalBasis
  readonly fields: readonly string[]
  readonly validFrom?: string
  readonly validUntil: string
  readonly state: 'pending' | 'active' | 'suspended' | 'ended' | 'rejected'
}

export interface SubscriptionState {
  readonly id: string
  readonly agreement: string
  readonly consumer: string
  readonly mode: 'pull'
  readonly state: 'active' | 'paused' | 'ended'
  /** Grows whenever the cursor is moved by decision; older cursors are refused then. */
  readonly epoch: number
  /** Where the epoch begins: one offset per partition of the domain's topic. */
  readonly start: readonly number[]
}
