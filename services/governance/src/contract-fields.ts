import { Contract, effectiveClassification, type Field, type Shape } from '@unavez/contracts'
import type { ContractState, ContractVersionState } from '@unavez/policy'

/** The newest published version, or undefined. */
export const publishedVersion = (contract: ContractState): ContractVersionState | undefined =>
  contract.versions.findLast((version) => version.state === 'published')

/** Top-level fields of a version: what an agreement can list. */
export const fieldsOf = (type: string, { schema }: ContractVersionState): readonly Field[] =>
  new Contract(type, schema).fields

export const isSensitive = (field: Field): boolean => effectiveClassification(field) === 'sensitive'

/** The field, or something inside it, says who is meant. */
export const identifies = ({ identifying, shape }: Field): boolean => identifying !== undefined || inside(shape)

function inside(shape: Shape): boolean {
  switch (shape.kind) {
    case 'record':
      return shape.fields.some(identifies)
    case 'nullable':
      return inside(shape.of)
    case 'array':
      return inside(shape.items)
    case 'map':
      return inside(shape.values)
    case 'scalar':
    case 'decimal':
    case 'enum':
    case 'fixed':
      return false
  }
}
