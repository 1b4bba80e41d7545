import { endpointShapes, shapes } from '@unavez/service-kit'
import Type from 'typebox'

const strict = { additionalProperties: false }
const { url, auth } = endpointShapes
const baseline = Type.Enum(['include', 'exclude'], {
  description: 'Whether events of an initial load (changetype baseline) come too; include unless told',
})
const filterText = 'CloudEvents Subscriptions: exact, prefix, suffix, all, any, not, over envelope and agreed fields'

export const subscriptionBody = Type.Object(
  {
    agreement: Type.String({ minLength: 1, maxLength: 64 }),
    mode: Type.Enum(['pull', 'push']),
    start: Type.Union([Type.Enum(['now', 'earliest']), Type.Object({ time: shapes.time }, strict)]),
    filter: Type.Optional(Type.Unknown({ description: filterText })),
    baseline: Type.Optional(baseline),
    endpoint: Type.Optional(Type.Object({ url, auth: Type.Optional(auth) }, strict)),
  },
  strict,
)

export const patchBody = Type.Object(
  {
    endpoint: Type.Optional(
      Type.Object({ url: Type.Optional(url), auth: Type.Optional(auth) }, { ...strict, minProperties: 1 }),
    ),
    filter: Type.Optional(Type.Unknown({ description: `${filterText}; null takes it away` })),
    baseline: Type.Optional(baseline),
    rotate: Type.Optional(
      Type.Enum(['secret', 'signing-key'], { description: 'A new one, beside the old for a while' }),
    ),
    overlapSeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 2_592_000,
        description: 'How long the old one signs too; a day unless told',
      }),
    ),
  },
  { ...strict, minProperties: 1 },
)

export const subscriptionStates = ['awaiting-consent', 'active', 'paused', 'blocked', 'ended'] as const
