export type { PolicyRecord } from './acceptance.ts'
export { evolveAgreement, termsOf } from './aggregates/agreement.ts'
export { evolveContract } from './aggregates/contract.ts'
export { evolveInstitution } from './aggregates/institution.ts'
export { evolveSigningKeys } from './aggregates/signing-keys.ts'
export { evolveSubscription } from './aggregates/subscription.ts'
export { evolveSystem } from './aggregates/system.ts'
export type {
  AgreementSignature,
  AgreementState,
  AgreementTerms,
  AgreementVersion,
  Amendment,
  Endorsement,
} from './agreement-facts.ts'
export { authorize, rulesVersion } from './authorize.ts'
export type { PublishedSchema } from './catalogue.ts'
export { advancesOnly, contractUsed, contractUsers } from './contract-users.ts'
export { type CommandOutcome, commandMemoryMs } from './commands.ts'
export { type DecidedQuestion, decisionIdLength, decodeDecision, encodeDecision } from './decision-id.ts'
export {
  type Backlog,
  type By,
  compatibilities,
  type Compatibility,
  type ControlRecord,
  type EvidenceProvider,
  type EvidenceTerms,
  type Fact,
  type FactOf,
  type FactType,
  type LegalBasis,
  type Numbered,
  type PublicKey,
  type SystemRole,
  systemRoles,
} from './facts.ts'
export { keyStands } from './aggregates/system.ts'
export { type LinkKind, linkKinds } from './links.ts'
export {
  type Contact,
  type ContactRole,
  contactRoles,
  type DelegableRole,
  delegableRoles,
  type DelegationState,
  type InvitationState,
  type Newcomer,
  type PersonRole,
  personRoles,
  type PersonState,
} from './membership.ts'
export { bus, operator, operatorSystem, reservedInstitutions, theBus } from './operator.ts'
export { type Acceptance, Policy, type PolicyOptions } from './policy.ts'
export {
  type Ground,
  grounds,
  normKinds,
  type NormState,
  type ProcedureState,
  type Requirement,
} from './procedure-facts.ts'
export {
  type Action,
  actions,
  type Actor,
  type Decision,
  type DecisionReason,
  type Question,
  type Target,
} from './question.ts'
export { type ReasonCode, reasons } from './reasons.ts'
export type {
  ContractState,
  ContractVersionState,
  HistoryEntry,
  InstitutionState,
  ReadKey,
  SystemKey,
  SystemState,
} from './state.ts'
export { agreementForEvidence, evidenceTarget, type EvidenceWanted, providersOf } from './rules/evidence.ts'
export { overSince } from './rules/corrections.ts'
export { speakerAggregates } from './rules/speaker.ts'
export { policyVersion } from './version.ts'
export {
  type Baseline,
  type DeliveryOrder,
  type DeliveryWish,
  type EndpointAuthKind,
  endpointAuthKinds,
  type EndpointWish,
  type HeldFilter,
  type PushEndpoint,
  type PushKey,
  type SubscriptionState,
} from './subscription-facts.ts'
