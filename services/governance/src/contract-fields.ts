import { Contract, effectiveClassification, type Field, fieldsWithin } from '@unavez/contracts'
import type { ContractState, ContractVersionState } from '@unavez/policy'

/** The newest published version, or undefined. */
export const publishedVersion = (contract: ContractState): ContractVersionState | undefined =>
  contract.versions.findLast((version) => version.state === 'published')

/** Top-level fields of a version: what an agreement can list. */
export const fieldsOf = (type: string, { schema }: ContractVersionState): readonly Field[] =>
  new Contract(type, schema).fields

export const isSensitive = (field: Field): boolean => effectiveClassification(field) === 'sensitive'

/** The field, or something inside it, says who is meant. */
export const identifies = (field: Field): boolean =>
  fieldsWithin(field).some(({ identifying }) => identifying !== undefined)
