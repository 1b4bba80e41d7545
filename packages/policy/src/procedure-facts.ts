import type { Text } from '@unavez/protocol'

export const normKinds = [
  'constitution',
  'treaty',
  'law',
  'decree',
  'regulation',
  'resolution',
  'ordinance',
  'court-order',
  'convention',
] as const
type NormKind = (typeof normKinds)[number]

/** Why an evidence request may be made. */
export const grounds = ['explicit-request', 'ex-officio', 'emergency'] as const
export type Ground = (typeof grounds)[number]

/** A condition that a procedure asks for: proven by all the evidence types of any one list. */
export interface Requirement {
  readonly id: string
  readonly name: Text
  readonly accepts: readonly (readonly string[])[]
  readonly grounds: readonly Ground[]
}

/** Norms (`norm:<id>`), procedures and their requirements (`procedure:<id>`). */
export type ProcedureFact =
  | {
      readonly type: 'norm-registered'
      readonly aggregate: string
      readonly id: string
      readonly name: Text
      readonly kind: NormKind
      readonly url?: string
    }
  | {
      readonly type: 'procedure-registered'
      readonly aggregate: string
      readonly id: string
      readonly institution: string
      readonly name: Text
      /** The id of a registered norm, or how the law is quoted. */
      readonly norm: string
      readonly requirements: readonly Requirement[]
    }
  /** Added, or put in the place of the one with that id. */
  | { readonly type: 'requirement-set'; readonly aggregate: string; readonly requirement: Requirement }
  | {
      readonly type: 'requirement-removed'
      readonly aggregate: string
      readonly requirement: string
      readonly reason: string
    }

export interface NormState {
  readonly id: string
  readonly name: Text
  readonly kind: NormKind
  readonly url?: string
}

export interface ProcedureState {
  readonly id: string
  readonly institution: string
  readonly name: Text
  readonly norm: string
  readonly requirements: readonly Requirement[]
}
