import { readFileSync } from 'node:fs'

import type { TrustedIssuer } from '@unavez/service-kit'
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'

import { ConfigError } from './config.ts'

const address = Type.String({ pattern: '^(https://.+|http://(127\\.0\\.0\\.1|localhost)(:\\d+)?(/.*)?)$' })

const Issuer = Type.Object(
  {
    issuer: Type.String({ minLength: 1 }),
    audience: Type.String({ minLength: 1 }),
    claim: Type.Optional(Type.String({ minLength: 1 })),
    jwks_uri: Type.Optional(address),
    jwks: Type.Optional(
      Type.Object({ keys: Type.Array(Type.Record(Type.String(), Type.Unknown()), { minItems: 1, maxItems: 100 }) }),
    ),
    institutions: Type.Optional(Type.Array(Type.String())),
  },
  { additionalProperties: false },
)
const checker = Compile(Type.Array(Issuer, { minItems: 1, maxItems: 20 }))

/** `TRUSTED_ISSUERS`: a JSON list, or the path of a file that holds one. `claim` is `client_id` unless told. */
export function trustedIssuers(given: string): readonly TrustedIssuer[] | undefined {
  if (given === '') return undefined
  const issuers = parsed(given)
  if (!checker.Check(issuers)) {
    const [fault] = checker.Errors(issuers)
    throw new ConfigError(`TRUSTED_ISSUERS: ${fault?.instancePath ?? ''} ${fault?.message ?? 'is not usable'}.`)
  }
  return issuers.map(trusted)
}

function parsed(given: string): unknown {
  try {
    return JSON.parse(given.trimStart().startsWith('[') ? given : readFileSync(given, 'utf8'))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ConfigError(`TRUSTED_ISSUERS: neither a JSON list nor the path of one (${reason}).`)
  }
}

function trusted({
  issuer,
  audience,
  claim = 'client_id',
  jwks_uri: jwksUri,
  jwks,
  institutions,
}: Static<typeof Issuer>) {
  if ((jwks === undefined) === (jwksUri === undefined)) {
    throw new ConfigError(`TRUSTED_ISSUERS: ${issuer} needs one of jwks_uri and jwks.`)
  }
  return {
    issuer,
    audience,
    claim,
    ...(jwksUri === undefined ? {} : { jwksUri }),
    ...(jwks === undefined ? {} : { jwks: jwks.keys }),
    ...(institutions === undefined ? {} : { institutions }),
  }
}
