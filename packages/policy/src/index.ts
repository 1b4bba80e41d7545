export {
  type Backlog,
  type By,
  type ControlRecord,
  type Fact,
  type FactType,
  type LegalBasis,
  type Numbered,
  type PublicKey,
  type SystemRole,
  systemRoles,
} from './facts.ts'
export {
  type Action,
  actions,
  type Actor,
  type Decision,
  type DecisionReason,
  type Question,
  type Target,
} from './question.ts'
export type {
  AgreementState,
  ContractState,
  ContractVersionState,
  HistoryEntry,
  InstitutionState,
  SubscriptionState,
  SystemState,
} from './state.ts'
