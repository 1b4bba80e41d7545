import { listQuery } from '@unavez/service-kit'
import Type from 'typebox'

const strict = { additionalProperties: false }

const text = Type.String({ minLength: 1, maxLength: 1000 })

export const typeParams = Type.Object({ type: Type.String({ maxLength: 200 }) })

export const versionParams = Type.Object({
  type: Type.String({ maxLength: 200 }),
  version: Type.String({ pattern: '^[1-9][0-9]{0,5}$' }),
})

export const contractBody = Type.Object(
  {
    type: Type.String({ minLength: 1, maxLength: 200 }),
    kind: Type.Literal('event'),
    domain: Type.String({ minLength: 1, maxLength: 60 }),
    owner: Type.String({ minLength: 1, maxLength: 40 }),
    retention: Type.Optional(Type.String({ maxLength: 40, default: 'P90D', description: 'ISO 8601, at least P35D' })),
    description: Type.Object({ es: text, en: text }, strict),
    schema: Type.Object({}, { description: 'An Avro record with classified fields' }),
  },
  strict,
)

export const contractList = Type.Object({
  ...listQuery,
  kind: Type.Optional(Type.Enum(['event', 'evidence'])),
  domain: Type.Optional(Type.String({ maxLength: 60 })),
  owner: Type.Optional(Type.String({ maxLength: 40 })),
  state: Type.Optional(Type.Enum(['draft', 'published'])),
  q: Type.Optional(Type.String({ maxLength: 100, description: 'Looked for in type, description and names of fields' })),
})

export const schemaQuery = Type.Object({ format: Type.Optional(Type.Enum(['avro'])) })
