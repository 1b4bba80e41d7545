import type { AgreementFact, AgreementTerms } from './agreement-facts.ts'
import { isTime } from './envelope.ts'
import { anyObject, integer, list, object, oneOf, optional, type Shape, string, text } from './shape.ts'

type FactOf<T extends AgreementFact['type']> = Omit<Extract<AgreementFact, { type: T }>, 'type' | 'aggregate'>
type Shapes = { readonly [T in AgreementFact['type']]: { readonly [Name in keyof Required<FactOf<T>>]: Shape } }

const reason = { reason: string }

const terms: { readonly [Name in keyof Required<AgreementTerms>]: Shape } = {
  purpose: text,
  legalBasis: object({ kind: string, norm: string, article: optional(string) }),
  fields: list(string),
  validFrom: optional(isTime),
  validUntil: isTime,
  procedure: optional(string),
  filter: optional(anyObject),
  pseudonymous: optional(list(string)),
  correctionsUntil: optional(isTime),
  usageDelay: optional(object({ until: isTime, order: string })),
  aboutConsumer: optional(oneOf(true)),
  sensitive: optional(list(string)),
}

const named = { id: string, consumer: string, owner: string, contract: string, version: integer, ...terms }

export const agreementShapes: Shapes = {
  'agreement-drafted': named,
  'agreement-requested': { ...named, proposer: optional(string) },
  'agreement-endorsed': { version: integer, institution: string, person: string, ...reason },
  'agreement-approved': reason,
  'agreement-rejected': reason,
  'agreement-suspended': reason,
  'agreement-resumed': { ...reason, backlog: oneOf('deliver', 'skip'), skipTo: optional(list(integer)) },
  'agreement-ended': reason,
  'agreement-amendment-requested': {
    version: integer,
    contractVersion: integer,
    proposer: string,
    reason: optional(string),
    ...terms,
  },
  'agreement-amended': { version: integer, ...reason },
  'agreement-amendment-rejected': { version: integer, ...reason },
  'agreement-signed': { version: integer, institution: string, system: string, kid: string, jws: string },
}
