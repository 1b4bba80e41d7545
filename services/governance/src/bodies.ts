import { decisionIdLength, grounds, normKinds } from '@unavez/policy'
import { listQuery, shapes } from '@unavez/service-kit'
import Type, { type TSchema } from 'typebox'

import { bulkInstitutions } from './bulk.ts'

const strict = { additionalProperties: false }

const reason = Type.String({ minLength: 1, maxLength: 1000, description: 'Kept in the history' })

export const idParams = Type.Object({ id: Type.String({ maxLength: 64 }) })

export const decisionParams = Type.Object({ id: Type.String({ maxLength: decisionIdLength }) })

const contacts = Type.Array(shapes.contact, { maxItems: 20 })
export const contactsBody = Type.Object({ contacts }, strict)

export const institutionBody = Type.Object(
  {
    id: shapes.id,
    name: shapes.text,
    country: Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2' }),
    kind: Type.Optional(Type.Enum(['public', 'municipal', 'private', 'international'])),
    synthetic: Type.Optional(Type.Boolean({ description: 'Made for trying out: its citizens are invented' })),
    contacts: Type.Optional(contacts),
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

const legalBasis = Type.Object(
  {
    kind: Type.String({ minLength: 1, maxLength: 40 }),
    norm: Type.String({
      minLength: 1,
      maxLength: 300,
      description: 'The id of a registered norm, or how it is quoted',
    }),
    article: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  },
  strict,
)
const fieldNames = Type.Array(Type.String({ maxLength: 100 }), { maxItems: 500 })
const pseudonymous = Type.Union([Type.Boolean(), fieldNames], {
  description: 'Identifying fields that come as pseudonyms; true: all of those listed',
})
const usageDelay = Type.Object(
  { until: shapes.time, order: Type.String({ minLength: 1, maxLength: 300, description: 'Who ordered it, and how' }) },
  strict,
)
const filter = Type.Unknown({ description: 'CloudEvents Subscriptions: exact, prefix, suffix, all, any, not' })
const id = Type.String({ maxLength: 100 })

const terms = {
  purpose: shapes.text,
  legalBasis,
  fields: fieldNames,
  validFrom: Type.Optional(shapes.time),
  validUntil: shapes.time,
  procedure: Type.Optional(id),
  filter: Type.Optional(filter),
  pseudonymous: Type.Optional(pseudonymous),
  correctionsUntil: Type.Optional(shapes.time),
  usageDelay: Type.Optional(usageDelay),
}

const contract = Type.String({ maxLength: 200 })

export const agreementBody = Type.Object(
  {
    consumer: Type.String({ maxLength: 40 }),
    contract,
    ...terms,
    draft: Type.Optional(Type.Boolean({ description: 'Kept by the consumer until it is submitted' })),
  },
  strict,
)

export const termsBody = Type.Object(terms, strict)

const orNull = <T extends TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]))

export const amendBody = Type.Object(
  {
    purpose: Type.Optional(shapes.text),
    legalBasis: Type.Optional(legalBasis),
    fields: Type.Optional(fieldNames),
    validFrom: orNull(shapes.time),
    validUntil: Type.Optional(shapes.time),
    procedure: orNull(id),
    filter: Type.Optional(filter),
    pseudonymous: orNull(pseudonymous),
    correctionsUntil: orNull(shapes.time),
    usageDelay: orNull(usageDelay),
    reason: Type.Optional(reason),
  },
  strict,
)

export const bulkBody = Type.Object(
  {
    template: Type.Object({ contract, ...terms }, strict),
    institutions: Type.Array(Type.String({ maxLength: 40 }), { minItems: 1, maxItems: bulkInstitutions }),
    dryRun: Type.Optional(Type.Boolean({ description: 'Only tell what would be made and what refused' })),
  },
  strict,
)

export const signatureBody = Type.Object(
  {
    version: Type.Optional(Type.Integer({ minimum: 1, description: 'The present one unless told' })),
    jws: Type.String({
      maxLength: 4096,
      description: '<header>..<signature>, over the canonical JSON of the document',
    }),
  },
  strict,
)

export const documentQuery = Type.Object({ version: Type.Optional(Type.Integer({ minimum: 1 })) })

const requirement = {
  name: shapes.text,
  accepts: Type.Array(Type.Array(contract, { minItems: 1, maxItems: 20 }), { minItems: 1, maxItems: 20 }),
  grounds: Type.Array(Type.Enum([...grounds]), { minItems: 1, maxItems: grounds.length }),
}
const requirementId = Type.String({ pattern: '^[a-z][a-z0-9-]{0,60}$' })

export const requirementBody = Type.Object({ id: requirementId, ...requirement }, strict)

export const requirementReplacement = Type.Object(requirement, strict)

export const requirementParams = Type.Object({ id, requirement: Type.String({ maxLength: 64 }) })

export const procedureParams = Type.Object({ id })

export const procedureBody = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9.-]{1,98}$', description: '<institution>.<name>' }),
    institution: Type.String({ maxLength: 40 }),
    name: shapes.text,
    norm: Type.String({ minLength: 1, maxLength: 300 }),
    requirements: Type.Optional(Type.Array(requirementBody, { maxItems: 50 })),
  },
  strict,
)

export const normBody = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9][a-z0-9.-]{1,98}$' }),
    name: shapes.text,
    kind: Type.Enum([...normKinds]),
    url: Type.Optional(Type.String({ maxLength: 500, pattern: '^https?://' })),
  },
  strict,
)

export const normList = Type.Object({ ...listQuery, kind: Type.Optional(Type.Enum([...normKinds])) })

export const procedureList = Type.Object({ ...listQuery, institution: Type.Optional(Type.String({ maxLength: 40 })) })

export const institutionList = Type.Object({
  ...listQuery,
  state: Type.Optional(Type.Enum(['pending', 'active', 'suspended', 'left'])),
})

export const agreementList = Type.Object({
  ...listQuery,
  state: Type.Optional(Type.Enum(['draft', 'pending', 'active', 'suspended', 'ended', 'rejected'])),
  contract: Type.Optional(Type.String({ maxLength: 200 })),
})

export const noticeList = Type.Object(listQuery)

export const dryRunBody = Type.Object(
  {
    action: Type.Enum(['publish', 'subscribe', 'receive']),
    institution: Type.String({ maxLength: 40 }),
    system: Type.Optional(Type.String({ maxLength: 100 })),
    contract: Type.String({ maxLength: 200 }),
  },
  strict,
)
