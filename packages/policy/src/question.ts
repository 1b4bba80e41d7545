import type { Text } from '@unavez/protocol'

/** Everything that `authorize` can be asked. `publish`, `subscribe` and `receive` are the data plane; the rest acts on what they name. */
export const actions = [
  'publish',
  'subscribe',
  'receive',
  'deliver',
  'create-institution',
  'read-institution',
  'suspend-institution',
  'register-system',
  'read-system',
  'suspend-system',
  'draft-contract',
  'publish-contract',
  'deprecate-contract',
  'retire-contract',
  'read-contract',
  'request-agreement',
  'read-agreement',
  'approve-agreement',
  'suspend-agreement',
  'resume-agreement',
  'end-agreement',
  'reject-agreement',
  'amend-agreement',
  'submit-agreement',
  'sign-agreement',
  'offer-agreements',
  'register-norm',
  'read-norm',
  'register-procedure',
  'read-procedure',
  'read-subscription',
  'change-subscription',
  'confirm-subscription',
  'manage-keys',
  'invite',
  'approve-institution',
  'change-institution',
  'leave-institution',
  'read-people',
  'manage-people',
  'appoint-officers',
  'propose-delegation',
  'read-delegation',
  'accept-delegation',
  'end-delegation',
  'request',
  'provide',
  'read-evidence',
  'preview-evidence',
  'read-pseudonyms',
  'speak',
] as const
export type Action = (typeof actions)[number]

/** What the question is about. `bus` is the bus itself: lists and whatever has no owner. */
export type Target =
  | { readonly kind: 'bus' }
  | { readonly kind: 'institution'; readonly id: string }
  | { readonly kind: 'system'; readonly id: string }
  | { readonly kind: 'contract'; readonly id: string }
  | { readonly kind: 'agreement'; readonly id: string }
  | { readonly kind: 'subscription'; readonly id: string }
  | { readonly kind: 'norm'; readonly id: string }
  | { readonly kind: 'procedure'; readonly id: string }
  | { readonly kind: 'delegation'; readonly id: string }
  /** `<procedure>/<requirement>/<type>` */
  | { readonly kind: 'evidence'; readonly id: string }

/** Who speaks, as the token says; roles and states are read from policy at each call. */
export interface Actor {
  readonly institution: string
  /** Its id within the institution: `registro` of `te.registro`. */
  readonly system: string
  /** Instead of a system: a person of the institution. */
  readonly person?: string
  /** The key that proved it: once it is revoked or past its time, what it proved counts no more. */
  readonly key?: string
  /** The institution for which it acts, under a delegation. */
  readonly onBehalfOf?: string
}

export interface Question {
  readonly action: Action
  readonly actor: Actor
  readonly on: Target
}

export interface DecisionReason {
  readonly code: string
  readonly text: Text
  readonly remedy: Text
  readonly whoCanGrant: readonly string[]
}

/** The yes or no to one question, with its reasons. Not stored: the three last fields and the question recompute it. */
export interface Decision {
  readonly allowed: boolean
  readonly action: Action
  /** Name of the rule that decided. */
  readonly rule: string
  /** Why not; empty if allowed. */
  readonly reasons: readonly DecisionReason[]
  /** The actor may not even know that the target exists: told as 404, without the decision. */
  readonly hidden: boolean
  readonly controlOffset: number
  readonly at: Date
  readonly rulesVersion: number
}
