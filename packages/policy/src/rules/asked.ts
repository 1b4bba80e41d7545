import type { SystemRole } from '../facts.ts'
import { operator } from '../operator.ts'
import type { Policy } from '../policy.ts'
import type { Action, Target } from '../question.ts'
import type { ReasonCode } from '../reasons.ts'
import type { PersonState } from '../membership.ts'

/** Whose rights are used, as policy knows them, never as the token claims. Under a delegation: the principal. */
export interface Speaker {
  readonly institution: string
  readonly roles: readonly SystemRole[]
  readonly person?: PersonState
}

/** A question whose speaker is known and active. */
export interface Asked {
  readonly policy: Policy
  readonly action: Action
  readonly on: Target
  readonly speaker: Speaker
  readonly at: Date
}

/** One reason of a no; `whoCanGrant` are institutions. */
export interface Refusal {
  readonly reason: ReasonCode
  readonly whoCanGrant: readonly string[]
}

/** `hidden`: the speaker may not know whether the target exists. Refusals otherwise; none of them: yes. */
export type Answer = 'hidden' | readonly Refusal[]

export interface Rule {
  readonly name: string
  readonly answer: (asked: Asked) => Answer
}

export const yes: readonly Refusal[] = []

/** Parties see why not; anyone else doesn't see that there is something. */
export const refuse = (reason: ReasonCode, ...whoCanGrant: readonly string[]): readonly Refusal[] => [
  { reason, whoCanGrant },
]

export const tooNew = refuse('policy-too-new', operator.id)

/** The target is not there: not for anyone, or because this code can't read it. */
export const missing = (policy: Policy, aggregate: string): Answer => (policy.opaque(aggregate) ? tooNew : 'hidden')

export const isOperator = ({ speaker }: Asked): boolean => speaker.institution === operator.id

const hasRole = ({ speaker }: Asked, ...roles: readonly SystemRole[]): boolean => {
  for (const role of roles) if (speaker.roles.includes(role)) return true
  return false
}

/** Refuses without one of the roles; the speaker's own institution gives them. */
export const needsRole = (asked: Asked, ...roles: readonly SystemRole[]): Answer =>
  hasRole(asked, ...roles) ? yes : refuse('role-missing', asked.speaker.institution)

/** All the reasons of several checks. One that hides, hides. */
export function all(...answers: readonly Answer[]): Answer {
  let refusals: readonly Refusal[] | undefined
  for (const answer of answers) {
    if (answer === 'hidden') return 'hidden'
    if (answer.length > 0) refusals = [...(refusals ?? []), ...answer]
  }
  return refusals ?? yes
}
