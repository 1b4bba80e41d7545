import { compatibilities } from '@unavez/policy'
import { listQuery, shapes } from '@unavez/service-kit'
import Type from 'typebox'

const strict = { additionalProperties: false }

const text = Type.String({ minLength: 1, maxLength: 1000 })
const reason = Type.Optional(text)
const schema = Type.Object({}, { description: 'An Avro record with classified fields' })
const compatibility = Type.Enum([...compatibilities], { description: 'full-transitive unless told' })
const scalar = Type.Union([Type.String({ maxLength: 200 }), Type.Number(), Type.Boolean()])
const duration = (description: string) => Type.Optional(Type.String({ maxLength: 40, description }))

export const typeParams = Type.Object({ type: Type.String({ maxLength: 200 }) })

export const versionParams = Type.Object({
  type: Type.String({ maxLength: 200 }),
  version: Type.String({ pattern: '^[1-9][0-9]{0,5}$' }),
})

const contractMembers = {
  kind: Type.Enum(['event', 'evidence']),
  domain: Type.String({ minLength: 1, maxLength: 60 }),
  owner: Type.String({ minLength: 1, maxLength: 40 }),
  retention: Type.Optional(Type.String({ maxLength: 40, default: 'P90D', description: 'ISO 8601, at least P35D' })),
  description: Type.Object({ es: text, en: text }, strict),
  schema,
  compatibility: Type.Optional(compatibility),
  validity: duration('Evidence: ISO 8601, how long it holds'),
  staleOn: Type.Optional(
    Type.Array(Type.String({ maxLength: 200 }), { maxItems: 50, description: 'Evidence: events that make it stale' }),
  ),
  answerWithin: duration('Evidence: ISO 8601, the time to answer in'),
  previewRequired: Type.Optional(Type.Boolean({ description: 'Evidence: the citizen sees it first' })),
  parameters: Type.Optional(Type.Object({}, { description: 'Evidence: an Avro record of what a predicate asks for' })),
  providers: Type.Optional(
    Type.Array(
      Type.Object({ institution: shapes.id, when: Type.Optional(Type.Record(Type.String(), scalar)) }, strict),
      {
        maxItems: 500,
        description: 'Evidence: who holds it, if not its owner; `when`: for requests with these parameters',
      },
    ),
  ),
}

const type = Type.String({ minLength: 1, maxLength: 200 })

export const contractBody = Type.Object({ type, ...contractMembers }, strict)

export const replacedBody = Type.Object({ type: Type.Optional(type), ...contractMembers }, strict)

/** A contract that is only thought of: whatever is said of it is looked at. */
export const checkBody = Type.Object(
  { ...Type.Partial(Type.Object({ type, ...contractMembers })).properties, schema },
  strict,
)

export const versionBody = Type.Object({ schema }, strict)

export const deprecateBody = Type.Object({ sunset: shapes.time, reason }, strict)

export const retireBody = Type.Object({ reason }, strict)

export const compatibilityBody = Type.Object({ compatibility }, strict)

export const contractList = Type.Object({
  ...listQuery,
  kind: Type.Optional(Type.Enum(['event', 'evidence'])),
  domain: Type.Optional(Type.String({ maxLength: 60 })),
  owner: Type.Optional(Type.String({ maxLength: 40 })),
  state: Type.Optional(Type.Enum(['draft', 'published', 'deprecated', 'retired'])),
  q: Type.Optional(
    Type.String({ maxLength: 100, description: 'Looked for in type, description, and names and docs of fields' }),
  ),
})

export const schemaQuery = Type.Object({ format: Type.Optional(Type.Enum(['avro', 'json-schema'])) })
