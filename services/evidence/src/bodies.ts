import { grounds } from '@unavez/policy'
import { listQuery, shapes } from '@unavez/service-kit'
import Type from 'typebox'

import { endStates, openStates } from './facts.ts'

const strict = { additionalProperties: false }
const name = Type.String({ minLength: 1, maxLength: 200 })
const duration = Type.String({ maxLength: 40, description: 'ISO 8601: PT10M' })

export const requestParams = Type.Object({ id: Type.String({ maxLength: 64 }) })
export const documentParams = Type.Object({
  id: Type.String({ maxLength: 64 }),
  n: Type.String({ pattern: '^([1-9]|1[0-9]|20)$' }),
})
export const procedureParams = Type.Object({ id: Type.String({ maxLength: 100 }) })

const subject = Type.Object({ scheme: Type.String({ maxLength: 40 }), id: Type.String({ maxLength: 64 }) }, strict)

const groundsBody = Type.Object(
  {
    kind: Type.Enum([...grounds]),
    channel: Type.Optional(Type.Enum(['portal', 'counter', 'phone', 'kiosk'])),
    officer: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Who took the request down' })),
    proof: Type.Optional(
      Type.String({ minLength: 1, maxLength: 16_000, description: 'Of the explicit request; kept sealed' }),
    ),
    norm: Type.Optional(name),
  },
  strict,
)

const common = {
  subject,
  grounds: groundsBody,
  deadline: Type.Optional(Type.Union([duration, shapes.time], { description: 'PT10M, or a moment' })),
  preview: Type.Optional(Type.Boolean({ description: 'Can only add a preview, never take it away' })),
  language: Type.Optional(Type.Enum(['es', 'en'])),
}

export const askBody = Type.Object(
  {
    procedure: name,
    requirement: name,
    evidenceType: Type.Optional(name),
    parameters: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    ...common,
    fields: Type.Optional(Type.Array(name, { minItems: 1, maxItems: 200 })),
    maxAge: Type.Optional(duration),
  },
  strict,
)

export const runBody = Type.Object(
  {
    ...common,
    requirements: Type.Optional(Type.Array(name, { minItems: 1, maxItems: 50, description: 'All unless told' })),
    parameters: Type.Optional(
      Type.Record(Type.String(), Type.Record(Type.String(), Type.Unknown()), { description: 'By evidence type' }),
    ),
  },
  strict,
)

const metadata = Type.Object(
  {
    issuedAt: shapes.time,
    issuedBy: Type.String({ minLength: 1, maxLength: 200 }),
    asOf: shapes.time,
    validUntil: Type.Optional(shapes.time),
  },
  strict,
)

export const answerBody = Type.Union([
  Type.Object({ outcome: Type.Literal('supplied'), evidence: metadata, data: Type.Unknown() }, strict),
  Type.Object({ outcome: Type.Literal('available-later'), at: shapes.time }, strict),
  Type.Object({ outcome: Type.Literal('refused'), reason: Type.String({ minLength: 1, maxLength: 1000 }) }, strict),
  Type.Object({ outcome: Type.Enum(['not-found', 'more-information-needed', 'ambiguous']) }, strict),
])

export const informationBody = Type.Object(
  {
    information: Type.String({ minLength: 1, maxLength: 4000, description: 'For the provider alone; kept sealed' }),
    officer: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  },
  strict,
)

export const cancelBody = Type.Object({ reason: Type.Optional(Type.String({ minLength: 1, maxLength: 1000 })) }, strict)

export const reuseBody = Type.Object({ procedure: name, requirement: name }, strict)

export const previewBody = Type.Object({ decision: Type.Enum(['approved', 'declined']) }, strict)

export const requestList = Type.Object({
  ...listQuery,
  role: Type.Optional(Type.Enum(['provider', 'requester'], { description: 'requester unless told' })),
  state: Type.Optional(Type.Enum(['open', ...openStates, ...endStates])),
  type: Type.Optional(Type.String({ maxLength: 200, description: 'Of evidence' })),
  wait: Type.Optional(Type.Number({ minimum: 0, maximum: 30, description: 'Seconds to wait for a first one' })),
})

export const itemQuery = Type.Object({ wait: Type.Optional(Type.Number({ minimum: 0, maximum: 30 })) })

export const meterQuery = Type.Object({ by: Type.Optional(Type.Enum(['procedure', 'institution'])) })
