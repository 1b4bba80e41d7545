import { grounds, normKinds, type ProcedureFact } from './procedure-facts.ts'
import { list, object, oneOf, optional, type Shape, string, text } from './shape.ts'

type FactOf<T extends ProcedureFact['type']> = Omit<Extract<ProcedureFact, { type: T }>, 'type' | 'aggregate'>
type Shapes = { readonly [T in ProcedureFact['type']]: { readonly [Name in keyof Required<FactOf<T>>]: Shape } }

const requirement = object({
  id: string,
  name: text,
  accepts: list(list(string)),
  grounds: list(oneOf(...grounds)),
})

export const procedureShapes: Shapes = {
  'norm-registered': { id: string, name: text, kind: oneOf(...normKinds), url: optional(string) },
  'procedure-registered': {
    id: string,
    institution: string,
    name: text,
    norm: string,
    requirements: list(requirement),
  },
  'requirement-set': { requirement },
  'requirement-removed': { requirement: string, reason: string },
}
