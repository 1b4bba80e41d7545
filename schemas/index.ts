export { type ContractDocument } from './document.ts'
export {
  type BirthRegistered,
  type ClinicalDeclarationIssued,
  contracts,
  type EventData,
} from './generated/catalogue.ts'
