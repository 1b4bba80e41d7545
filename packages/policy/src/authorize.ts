import type { Policy } from './policy.ts'
import type { Action, Decision, DecisionReason, Question } from './question.ts'
import { type ReasonCode, reasons } from './reasons.ts'
import {
  endAgreement,
  readAgreement,
  requestAgreement,
  resumeAgreement,
  subscribe,
  suspendAgreement,
} from './rules/agreements.ts'
import {
  amendAgreement,
  approveAgreement,
  offerAgreements,
  rejectAgreement,
  signAgreement,
  submitAgreement,
} from './rules/approvals.ts'
import type { Answer, Refusal, Rule } from './rules/asked.ts'
import {
  deprecateContract,
  draftContract,
  publish,
  publishContract,
  readContract,
  retireContract,
} from './rules/contracts.ts'
import { previewEvidence, provideEvidence, readEvidence, requestEvidence } from './rules/evidence.ts'
import {
  createInstitution,
  readInstitution,
  readSystem,
  registerSystem,
  suspendInstitution,
  suspendSystem,
} from './rules/institutions.ts'
import {
  acceptDelegation,
  appointOfficers,
  approveInstitution,
  changeInstitution,
  endDelegation,
  invite,
  leaveInstitution,
  manageKeys,
  managePeople,
  proposeDelegation,
  readDelegation,
  readPeople,
} from './rules/membership.ts'
import { readNorm, readProcedure, registerNorm, registerProcedure } from './rules/procedures.ts'
import { speakerOf } from './rules/speaker.ts'
import {
  changeSubscription,
  confirmSubscription,
  deliver,
  readSubscription,
  receive,
  readPseudonyms,
} from './rules/subscriptions.ts'
import type { Verdict } from './verdicts.ts'

/** Grows whenever a rule changes what it answers: a decision is recomputed with the rules that it was made by. */
export const rulesVersion = 1

const speakers: Rule = { name: 'speakers-are-active', answer: () => [] }

const rules: Readonly<Record<Action, Rule>> = {
  publish,
  subscribe,
  receive,
  deliver,
  'create-institution': createInstitution,
  'read-institution': readInstitution,
  'suspend-institution': suspendInstitution,
  'register-system': registerSystem,
  'read-system': readSystem,
  'suspend-system': suspendSystem,
  'draft-contract': draftContract,
  'publish-contract': publishContract,
  'deprecate-contract': deprecateContract,
  'retire-contract': retireContract,
  'read-contract': readContract,
  'request-agreement': requestAgreement,
  'read-agreement': readAgreement,
  'approve-agreement': approveAgreement,
  'suspend-agreement': suspendAgreement,
  'resume-agreement': resumeAgreement,
  'end-agreement': endAgreement,
  'reject-agreement': rejectAgreement,
  'amend-agreement': amendAgreement,
  'submit-agreement': submitAgreement,
  'sign-agreement': signAgreement,
  'offer-agreements': offerAgreements,
  'register-norm': registerNorm,
  'read-norm': readNorm,
  'register-procedure': registerProcedure,
  'read-procedure': readProcedure,
  'read-subscription': readSubscription,
  'change-subscription': changeSubscription,
  'confirm-subscription': confirmSubscription,
  'manage-keys': manageKeys,
  invite,
  'approve-institution': approveInstitution,
  'change-institution': changeInstitution,
  'leave-institution': leaveInstitution,
  'read-people': readPeople,
  'manage-people': managePeople,
  'appoint-officers': appointOfficers,
  'propose-delegation': proposeDelegation,
  'read-delegation': readDelegation,
  'accept-delegation': acceptDelegation,
  'end-delegation': endDelegation,
  request: requestEvidence,
  provide: provideEvidence,
  'read-evidence': readEvidence,
  'preview-evidence': previewEvidence,
  'read-pseudonyms': readPseudonyms,
  speak: speakers,
}

/** The only place that says yes or no. Pure: the same policy, question and time give the same decision. */
export function authorize(policy: Policy, question: Question, at: Date): Decision {
  const { allowed, rule, reasons: why, hidden } = policy.verdicts.find(question, at) ?? judged(policy, question, at)
  const { action } = question
  return { allowed, action, rule, reasons: why, hidden, controlOffset: policy.offset, at, rulesVersion }
}

function judged(policy: Policy, question: Question, at: Date): Verdict {
  const { action, actor, on } = question
  const speaker = speakerOf(policy, question, at)
  const rule = 'roles' in speaker ? rules[action] : speakers
  const verdict = verdictOf(rule.name, 'roles' in speaker ? rule.answer({ policy, action, on, speaker, at }) : speaker)
  policy.verdicts.keep(policy, { action, actor, on, at }, verdict)
  return verdict
}

function verdictOf(rule: string, answer: Answer): Verdict {
  const hidden = answer === 'hidden'
  const reasonsOf = hidden || answer.length === 0 ? none : answer.map(told)
  return { allowed: !hidden && answer.length === 0, rule, reasons: reasonsOf, hidden }
}

const none: readonly DecisionReason[] = []

function told({ reason, whoCanGrant }: Refusal): DecisionReason {
  const { text, remedy } = reasons[reason]
  return { code: codeOf(reason), text, remedy, whoCanGrant }
}

/** The problem that tells of it, or the reason's own name where that is just `forbidden`. */
function codeOf(reason: ReasonCode): string {
  const { problem } = reasons[reason]
  return problem === 'forbidden' ? reason : problem
}
