import { shapes } from '@unavez/service-kit'
import Type, { type TSchema } from 'typebox'

/** What the routes answer, for the API's description. */
const time = Type.String({ format: 'date-time' })

const page = (item: TSchema) =>
  Type.Object({
    items: Type.Array(item),
    next: Type.Union([Type.String(), Type.Null()], { description: '`after` of the next page' }),
  })

const institution = Type.Object({
  id: Type.String(),
  name: shapes.text,
  country: Type.String(),
  kind: Type.Optional(Type.String()),
  state: Type.Enum(['active', 'suspended']),
  synthetic: Type.Optional(Type.Literal(true)),
})

const agreement = Type.Object({
  id: Type.String(),
  state: Type.Enum(['pending', 'active', 'suspended', 'ended', 'rejected']),
  version: Type.Integer({ description: 'Grows with each amendment' }),
  consumer: Type.String(),
  owner: Type.String(),
  contract: Type.String(),
  purpose: shapes.text,
  legalBasis: Type.Object({ kind: Type.String(), norm: Type.String(), article: Type.Optional(Type.String()) }),
  fields: Type.Array(Type.String()),
  validFrom: Type.Optional(time),
  validUntil: time,
})

const by = Type.Object({ institution: Type.String(), system: Type.String(), person: Type.Optional(Type.String()) })

export const replies = {
  institution,
  institutions: page(institution),
  agreement,
  agreements: page(agreement),
  changed: Type.Object({ id: Type.String(), state: Type.String() }),
  resumed: Type.Object({ id: Type.String(), state: Type.String(), backlog: Type.Enum(['deliver', 'skip']) }),
  history: Type.Object({
    items: Type.Array(
      Type.Object({
        type: Type.String(),
        version: Type.Integer(),
        at: time,
        by,
        reason: Type.Optional(Type.String()),
      }),
    ),
  }),
  decision: Type.Object({
    id: Type.String(),
    allowed: Type.Boolean(),
    action: Type.String(),
    rule: Type.String(),
    reasons: Type.Array(
      Type.Object({
        code: Type.String(),
        text: Type.String(),
        remedy: Type.String(),
        whoCanGrant: Type.Array(Type.String(), { description: 'Institutions' }),
      }),
    ),
    controlOffset: Type.Integer(),
    at: time,
    rulesVersion: Type.Integer(),
  }),
}
