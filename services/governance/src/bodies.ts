import { decisionIdLength } from '@unavez/policy'
import { listQuery, shapes } from '@unavez/service-kit'
import Type from 'typebox'

const strict = { additionalProperties: false }

const reason = Type.String({ minLength: 1, maxLength: 1000, description: 'Kept in the history' })

export const idParams = Type.Object({ id: Type.String({ maxLength: 64 }) })

export const decisionParams = Type.Object({ id: Type.String({ maxLength: decisionIdLength }) })

export const institutionBody = Type.Object(
  {
    id: shapes.id,
    name: shapes.text,
    country: Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2' }),
    kind: Type.Optional(Type.Enum(['public', 'municipal', 'private', 'international'])),
    synthetic: Type.Optional(Type.Boolean({ description: 'Made for trying out: its citizens are invented' })),
  },
  strict,
)

export const resumeBody = Type.Object(
  {
    reason,
    backlog: Type.Optional(
      Type.Enum(['deliver', 'skip'], { description: 'What waited meanwhile: delivered (default) or skipped' }),
    ),
  },
  strict,
)

export const agreementBody = Type.Object(
  {
    consumer: Type.String({ maxLength: 40 }),
    contract: Type.String({ maxLength: 200 }),
    purpose: shapes.text,
    legalBasis: Type.Object(
      {
        kind: Type.String({ minLength: 1, maxLength: 40 }),
        norm: Type.String({ minLength: 1, maxLength: 300 }),
        article: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
      },
      strict,
    ),
    fields: Type.Array(Type.String({ maxLength: 100 }), { maxItems: 500 }),
    validFrom: Type.Optional(shapes.time),
    validUntil: shapes.time,
  },
  strict,
)

export const institutionList = Type.Object({ ...listQuery, state: Type.Optional(Type.Enum(['active', 'suspended'])) })

export const agreementList = Type.Object({
  ...listQuery,
  state: Type.Optional(Type.Enum(['pending', 'active', 'suspended', 'ended', 'rejected'])),
  contract: Type.Optional(Type.String({ maxLength: 200 })),
})

export const dryRunBody = Type.Object(
  {
    action: Type.Enum(['publish', 'subscribe', 'receive']),
    institution: Type.String({ maxLength: 40 }),
    system: Type.Optional(Type.String({ maxLength: 100 })),
    contract: Type.String({ maxLength: 200 }),
  },
  strict,
)
