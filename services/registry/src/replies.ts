import { compatibilities } from '@unavez/policy'
import { shapes } from '@unavez/service-kit'
import Type from 'typebox'

/** What the routes answer, for the API's description. */
const state = Type.Enum(['draft', 'published', 'deprecated', 'retired'])
const compatibility = Type.Enum([...compatibilities])
const numbered = {
  version: Type.Integer(),
  state,
  schemaId: Type.Optional(Type.Integer({ description: 'Confluent schema id, once published' })),
}

const summary = {
  type: Type.String(),
  kind: Type.Enum(['event', 'evidence']),
  domain: Type.String(),
  owner: Type.String(),
  ...numbered,
  retention: Type.String(),
  compatibility,
  deprecatedAt: Type.Optional(shapes.time),
  sunset: Type.Optional(shapes.time),
  validity: Type.Optional(Type.String()),
  staleOn: Type.Optional(Type.Array(Type.String())),
  answerWithin: Type.Optional(Type.String()),
  previewRequired: Type.Optional(Type.Boolean()),
  parameters: Type.Optional(Type.Object({})),
  providers: Type.Optional(
    Type.Array(Type.Object({ institution: Type.String(), when: Type.Optional(Type.Object({})) })),
  ),
  description: shapes.text,
}

const field = Type.Object({
  name: Type.String(),
  type: Type.Unknown({ description: 'Avro' }),
  classification: Type.Enum(['public', 'personal', 'sensitive']),
  identifies: Type.Optional(Type.String()),
  scheme: Type.Optional(Type.String()),
  role: Type.Optional(Type.Enum(['key', 'party'])),
  doc: Type.Optional(Type.Unknown({ description: 'A text, or one in es and en' })),
  concept: Type.Optional(Type.String()),
})

export const replies = {
  drafted: Type.Object({ type: Type.String(), version: Type.Integer(), state }),
  published: Type.Object({ type: Type.String(), state, version: Type.Integer(), schemaId: Type.Integer() }),
  versioned: Type.Object({ type: Type.String(), ...numbered }),
  compatibility: Type.Object({ type: Type.String(), compatibility }),
  deprecated: Type.Object({ type: Type.String(), state, sunset: shapes.time }),
  retired: Type.Object({ type: Type.String(), state }),
  readKey: Type.Object({
    id: Type.String(),
    user: Type.String({ description: 'Client id' }),
    key: Type.Optional(Type.String({ description: 'The password, told once: a repeated command does not tell it' })),
  }),
  history: Type.Object({
    items: Type.Array(
      Type.Object({
        type: Type.String(),
        version: Type.Integer(),
        at: shapes.time,
        by: Type.Object({ institution: Type.String() }),
        reason: Type.Optional(Type.String()),
      }),
    ),
  }),
  readKeys: Type.Object({ items: Type.Array(Type.Object({ id: Type.String() })) }),
  contract: Type.Object({
    ...summary,
    fields: Type.Array(field),
    sample: Type.Object({}, { description: 'Data that follows the contract; nobody’s own' }),
    ownerName: Type.Optional(shapes.text),
    volume: Type.Optional(
      Type.Object(
        { domain: Type.String(), days: Type.Integer(), events: Type.Integer(), perDay: Type.Number() },
        { description: 'Events of the whole domain in the last days' },
      ),
    ),
    contacts: Type.Array(Type.Object({ role: Type.String(), name: Type.String(), email: Type.String() })),
    versions: Type.Array(Type.Object(numbered)),
  }),
  contracts: Type.Object({
    items: Type.Array(Type.Object(summary)),
    next: Type.Union([Type.String(), Type.Null()], { description: '`after` of the next page' }),
  }),
  version: Type.Object({
    type: Type.String(),
    ...numbered,
    schema: Type.Object({}),
    mirrorId: Type.Optional(Type.Integer({ description: 'Its id in the registry at REGISTRY_URL' })),
  }),
  schema: Type.Object({}, { description: 'An Avro record, or a JSON Schema' }),
  checked: Type.Object({
    type: Type.Union([Type.String(), Type.Null()]),
    valid: Type.Boolean(),
    faults: Type.Array(Type.Object({ code: Type.String(), pointer: Type.Optional(Type.String()), text: shapes.text })),
    compatibility: Type.Object({
      mode: compatibility,
      against: Type.Array(Type.Integer(), { description: 'Published versions that it would follow' }),
      compatible: Type.Boolean(),
      incompatibilities: Type.Array(
        Type.Object({
          code: Type.String(),
          pointer: Type.String(),
          field: Type.String(),
          version: Type.Integer(),
          text: shapes.text,
        }),
      ),
    }),
    lint: Type.Array(Type.Object({ code: Type.String(), pointer: Type.String(), text: shapes.text })),
    impact: Type.Object({
      agreements: Type.Array(
        Type.Object({
          id: Type.String(),
          consumer: Type.String(),
          state: Type.String(),
          changedFields: Type.Array(Type.String(), { description: 'Of its fields, those that would change' }),
        }),
      ),
      institutions: Type.Array(Type.String()),
      procedures: Type.Array(Type.Object({ id: Type.String(), institution: Type.String(), name: shapes.text })),
    }),
  }),
}
