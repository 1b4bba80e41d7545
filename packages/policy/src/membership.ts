import type { Text } from '@unavez/protocol'

import type { PublicKey, SystemRole } from './facts.ts'
import type { EndpointWish } from './subscription-facts.ts'

export const personRoles = ['officer', 'dpo', 'desk', 'institution-admin', 'operator', 'auditor'] as const
export type PersonRole = (typeof personRoles)[number]

export const contactRoles = ['technical', 'legal', 'dpo', 'security', 'support'] as const
export type ContactRole = (typeof contactRoles)[number]

/** Whom to reach at an institution, by what they are for. */
export interface Contact {
  readonly role: ContactRole
  readonly name: string
  readonly email: string
  readonly phone?: string
}

/** What a delegation may pass on: doing, never binding. */
export const delegableRoles = ['publisher', 'consumer', 'provider', 'requester'] as const
export type DelegableRole = (typeof delegableRoles)[number]

/**
 * Who joins, leaves, and speaks for whom. Aggregates: `institution:te`, `system:te.registro`, `invitation:<id>`,
 * `person:te/ana`, `delegation:<id>`. Times are RFC 3339 UTC.
 */
export type MembershipFact =
  | { type: 'institution-enrolled'; aggregate: string; id: string; name: Text; country: string; kind?: string }
  | { type: 'institution-approved'; aggregate: string; reason: string }
  | { type: 'institution-left'; aggregate: string; reason: string }
  | { type: 'institution-contacts-set'; aggregate: string; contacts: readonly Contact[] }
  | { type: 'system-key-added'; aggregate: string; key: PublicKey; notAfter?: string }
  | { type: 'system-key-limited'; aggregate: string; kid: string; notAfter: string }
  | { type: 'system-key-revoked'; aggregate: string; kid: string; reason?: string }
  /** Where what the system subscribes to is pushed, unless it says otherwise. Signed in with what `endpoint-auth/<client id>/<sealed>` holds. */
  | { type: 'system-endpoint-set'; aggregate: string; endpoint: Omit<EndpointWish, 'system'> }
  | { type: 'read-key-made'; aggregate: string; id: string; hash: string }
  | { type: 'read-key-revoked'; aggregate: string; id: string }
  | {
      type: 'invitation-made'
      aggregate: string
      id: string
      institution: string
      system: string
      roles: readonly SystemRole[]
      /** SHA-256 of the code, base64url. */
      codeHash: string
      until: string
      /** An institution that is to be made when the invitation is used. */
      newcomer?: Newcomer
    }
  | { type: 'invitation-used'; aggregate: string }
  | { type: 'invitation-withdrawn'; aggregate: string; reason: string }
  | {
      type: 'person-added'
      aggregate: string
      institution: string
      id: string
      name: string
      roles: readonly PersonRole[]
      /** HMAC of what the identity provider calls the person: it may be a national identifier there. */
      login?: string
    }
  | { type: 'person-changed'; aggregate: string; name?: string; roles?: readonly PersonRole[]; login?: string }
  | { type: 'person-removed'; aggregate: string; reason: string }
  | {
      type: 'delegation-proposed'
      aggregate: string
      id: string
      principal: string
      delegate: string
      roles: readonly DelegableRole[]
      contracts: readonly string[]
      until: string
      /** Which of the two proposed, and so has accepted. */
      proposer: string
    }
  | { type: 'delegation-accepted'; aggregate: string }
  | { type: 'delegation-ended'; aggregate: string; reason: string }

export interface Newcomer {
  readonly country: string
  readonly name?: Text
  readonly kind?: string
}

export interface InvitationState {
  readonly id: string
  readonly institution: string
  readonly system: string
  readonly roles: readonly SystemRole[]
  readonly codeHash: string
  readonly until: string
  readonly newcomer?: Newcomer
  readonly state: 'open' | 'used' | 'withdrawn'
}

export interface PersonState {
  readonly institution: string
  readonly id: string
  readonly name: string
  readonly roles: readonly PersonRole[]
  readonly login?: string
  /** Grows when the id is given to someone anew: added, or with another login. Who signed in before is not that person. */
  readonly appointment: number
  readonly state: 'active' | 'removed'
}

export interface DelegationState {
  readonly id: string
  readonly principal: string
  readonly delegate: string
  readonly roles: readonly DelegableRole[]
  readonly contracts: readonly string[]
  readonly until: string
  readonly proposer: string
  readonly state: 'proposed' | 'active' | 'ended'
}
