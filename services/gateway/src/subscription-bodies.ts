import { shapes } from '@unavez/service-kit'
import Type from 'typebox'

const strict = { additionalProperties: false }
const secretText = Type.String({ minLength: 1, maxLength: 4096, description: 'Written, never read back' })
const pem = Type.String({ minLength: 1, maxLength: 32_768, description: 'PEM' })

const auth = Type.Union(
  [
    Type.Object({ kind: Type.Enum(['none']) }, strict),
    Type.Object({ kind: Type.Enum(['bearer']), token: secretText }, strict),
    Type.Object(
      {
        kind: Type.Enum(['oauth2']),
        tokenUrl: Type.String({ minLength: 1, maxLength: 2048 }),
        clientId: Type.String({ minLength: 1, maxLength: 200 }),
        clientSecret: secretText,
        scope: Type.Optional(Type.String({ minLength: 1, maxLength: 1000 })),
      },
      strict,
    ),
    Type.Object({ kind: Type.Enum(['mtls']), certificate: pem, key: pem }, strict),
  ],
  { description: 'How the bus signs in there: none, bearer, oauth2 (client credentials) or mtls' },
)

const url = Type.String({ minLength: 1, maxLength: 2048, description: 'https:' })
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
