import { grounds, normKinds } from '@unavez/policy'
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
  state: Type.Enum(['pending', 'active', 'suspended', 'left']),
  contacts: Type.Optional(Type.Array(shapes.contact)),
  synthetic: Type.Optional(Type.Literal(true)),
})

const person = Type.Object({ institution: Type.String(), person: Type.String() })

const approvals = {
  approvals: Type.Optional(
    Type.Array(person, { description: 'Who of the people that sensitive fields need said yes' }),
  ),
  awaiting: Type.Optional(Type.Array(Type.String(), { description: 'Institutions whose dpo has not said yes' })),
}

const terms = {
  purpose: shapes.text,
  legalBasis: Type.Object({ kind: Type.String(), norm: Type.String(), article: Type.Optional(Type.String()) }),
  fields: Type.Array(Type.String()),
  validFrom: Type.Optional(time),
  validUntil: time,
  procedure: Type.Optional(Type.String()),
  filter: Type.Optional(Type.Object({}, { description: 'CloudEvents Subscriptions filter' })),
  pseudonymous: Type.Optional(Type.Array(Type.String(), { description: 'Fields that come as pseudonyms' })),
  correctionsUntil: Type.Optional(time),
  usageDelay: Type.Optional(Type.Object({ until: time, order: Type.String() })),
  aboutConsumer: Type.Optional(Type.Literal(true, { description: 'Only events about the consumer itself' })),
  sensitive: Type.Optional(Type.Array(Type.String(), { description: 'Fields that need the dpo of both sides' })),
}

const agreement = Type.Object({
  id: Type.String(),
  state: Type.Enum(['draft', 'pending', 'active', 'suspended', 'ended', 'rejected']),
  version: Type.Integer({ description: 'Grows with each amendment' }),
  consumer: Type.String(),
  owner: Type.String(),
  contract: Type.String(),
  ...terms,
  proposer: Type.Optional(Type.String({ description: 'Who asked for it, if not the consumer' })),
  ...approvals,
  amendment: Type.Optional(
    Type.Object(
      { version: Type.Integer(), proposer: Type.String(), ...terms, ...approvals },
      { description: 'What is to replace the terms once the other side approves' },
    ),
  ),
})

const agreementVersion = Type.Object({ version: Type.Integer(), contractVersion: Type.Integer(), ...terms })

const signature = Type.Object({
  institution: Type.String(),
  system: Type.String(),
  kid: Type.String(),
  jws: Type.String({ description: 'Detached JWS in compact form (RFC 7515, appendix F)' }),
})

const notice = Type.Object({
  id: Type.String({ description: 'Of its event, too' }),
  type: Type.String({ description: 'Of its event' }),
  kind: Type.Enum(['agreement-ending', 'key-expiring', 'contract-sunset']),
  institution: Type.String(),
  about: Type.String({ description: 'An agreement, a system’s key, a contract' }),
  due: time,
  endsAt: time,
  days: Type.Integer({ description: 'How many days before the end it came' }),
  data: Type.Object({}, { description: 'Of its event' }),
})

const norm = Type.Object({
  id: Type.String(),
  name: shapes.text,
  kind: Type.Enum([...normKinds]),
  url: Type.Optional(Type.String()),
})

const requirement = Type.Object({
  id: Type.String(),
  name: shapes.text,
  accepts: Type.Array(Type.Array(Type.String()), { description: 'Any list; of a list, all evidence types' }),
  grounds: Type.Array(Type.Enum([...grounds])),
})

const procedure = Type.Object({
  id: Type.String(),
  institution: Type.String(),
  name: shapes.text,
  norm: Type.String(),
  requirements: Type.Array(requirement),
})

const by = Type.Object({ institution: Type.String(), system: Type.String(), person: Type.Optional(Type.String()) })

export const replies = {
  institution,
  institutions: page(institution),
  agreement,
  agreements: page(agreement),
  agreementVersions: Type.Object({ items: Type.Array(agreementVersion) }),
  document: Type.Object({
    document: Type.Object({}, { description: 'What is signed: its canonical JSON (RFC 8785)' }),
    digest: Type.String({ description: 'sha256: of the canonical JSON' }),
    signatures: Type.Array(signature),
  }),
  signed: Type.Object({ version: Type.Integer(), signatures: Type.Array(signature) }),
  bulk: Type.Object({
    dryRun: Type.Boolean(),
    items: Type.Array(
      Type.Object({
        institution: Type.String(),
        result: Type.Enum(['made', 'would-be-made', 'refused']),
        id: Type.Optional(Type.String()),
        state: Type.Optional(Type.String()),
        problem: Type.Optional(
          Type.Object({
            code: Type.String(),
            title: Type.String(),
            detail: Type.Optional(Type.String()),
            pointer: Type.Optional(Type.String()),
          }),
        ),
      }),
    ),
  }),
  notices: page(notice),
  norm,
  norms: page(norm),
  procedure,
  procedures: page(procedure),
  requirement,
  requirements: Type.Object({ items: Type.Array(requirement) }),
  changed: Type.Object({ id: Type.String(), state: Type.String() }),
  agreementChanged: Type.Object({
    id: Type.String(),
    state: Type.String(),
    version: Type.Integer(),
    awaiting: Type.Optional(Type.Array(Type.String(), { description: 'Institutions whose dpo has not said yes' })),
  }),
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
