import { isNetwork } from '@unavez/service-kit'
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'

const flag = (description: string, fallback: 'on' | 'off') =>
  Type.Union([Type.Literal('on'), Type.Literal('off')], { default: fallback, description })

/** Every variable, its default, its meaning and its consequence; docs/configuration.md is generated from it. */
export const ConfigShape = Type.Object({
  ENGINE: Type.Union([Type.Literal('embedded'), Type.Literal('kafka')], {
    default: 'embedded',
    description:
      'What keeps the facts: `embedded` needs nothing else (SQLite in `DATA_DIR`); `kafka` needs `KAFKA_BROKERS` and `REDIS_URL`.',
  }),
  HOST: Type.String({
    default: '127.0.0.1',
    minLength: 1,
    description: 'The address to listen on. Behind a proxy keep it private: the bus speaks plain HTTP.',
  }),
  PORT: Type.Integer({
    default: 8080,
    minimum: 0,
    maximum: 65535,
    description: 'Where institutions connect. 0 takes a free port.',
  }),
  PUBLIC_URL: Type.String({
    default: '',
    pattern: '^(https?://[^\\s/]+[^\\s]*)?$',
    description:
      'How institutions reach the bus: the issuer of tokens and the base of every link. Empty: `http://127.0.0.1:<PORT>`.',
  }),
  DATA_DIR: Type.String({
    default: './data',
    minLength: 1,
    description: 'The directory of the embedded engine, of the master key and of local keys. One process at a time.',
  }),
  KAFKA_BROKERS: Type.String({
    default: '',
    description: 'Kafka only: `host:port`, separated by commas. Required there.',
  }),
  REDIS_URL: Type.String({
    default: '',
    pattern: '^(rediss?://.+)?$',
    description: 'Kafka only: where views and claims live. It may be lost at any time. Required there.',
  }),
  KAFKA_TLS: flag('Kafka only: connect to the brokers with TLS.', 'off'),
  KAFKA_CA: Type.String({
    default: '',
    description: "Kafka only: path of the PEM file with the brokers' authority. Empty: those that Node trusts.",
  }),
  KAFKA_SASL: Type.Union(
    [Type.Literal('none'), Type.Literal('plain'), Type.Literal('scram-sha-256'), Type.Literal('scram-sha-512')],
    {
      default: 'none',
      description: 'Kafka only: how to sign in to the brokers; needs `KAFKA_USERNAME` and `KAFKA_PASSWORD`.',
    },
  ),
  KAFKA_USERNAME: Type.String({ default: '', description: 'Kafka only: for `KAFKA_SASL`.' }),
  KAFKA_PASSWORD: Type.String({
    default: '',
    description: 'Kafka only: for `KAFKA_SASL`. Give it from a secret store.',
  }),
  TOPIC_PREFIX: Type.String({
    default: 'unavez.',
    pattern: '^[A-Za-z0-9._-]{1,64}$',
    description: 'Kafka only: in front of every topic, group and Redis key. Two buses on one cluster need two.',
  }),
  REGISTRY_URL: Type.String({
    default: '',
    pattern: '^(https?://[^\\s]+)?$',
    description:
      'A Confluent-compatible schema registry (`https://user:password@host/path`) that every published version is copied into, for tools that read there. Its outage stops nothing. Empty: none.',
  }),
  MASTER_KEY: Type.String({
    default: '',
    pattern: '^([A-Za-z0-9+/]{43}=)?$',
    description:
      '32 bytes in base64, from which every key is derived; it never changes. Empty: made once in `DATA_DIR/master.key`. Several processes must be given the same one.',
  }),
  OPERATOR_JWKS: Type.String({
    default: '',
    description:
      'The public keys of `operator.admin`: a JWKS, or the path of a file that holds one. Empty on `embedded`: a key is made in `DATA_DIR/operator.jwk`.',
  }),
  TRUSTED_ISSUERS: Type.String({
    default: '',
    description:
      'Other issuers whose bearer tokens name systems: a JSON list of `{issuer, audience, claim, jwks_uri | jwks, institutions?}`, or the path of one. `claim` (default `client_id`) holds `institution.system`. None may name the operator.',
  }),
  OIDC_ISSUER: Type.String({
    default: '',
    pattern: '^(https://.+|http://(127\\.0\\.0\\.1|localhost)(:\\d+)?(/.*)?)?$',
    description: 'The identity provider at which people sign in (OpenID Connect). Empty: nobody signs in through one.',
  }),
  OIDC_CLIENT_ID: Type.String({
    default: '',
    description:
      'What the identity provider calls the bus. Its redirect address is `<PUBLIC_URL>/v1/session/callback`.',
  }),
  OIDC_CLIENT_SECRET: Type.String({
    default: '',
    description:
      'Proves the bus to the identity provider, if that asks for it. Empty: a public client, with PKCE alone.',
  }),
  OIDC_LOGIN_CLAIM: Type.String({
    default: 'sub',
    minLength: 1,
    description:
      'The claim of the id token that names the person, as given in `login` when the person was added. `email` counts only when verified.',
  }),
  ALLOW_PRIVATE_ENDPOINTS: Type.String({
    default: '',
    description:
      'Networks in CIDR notation, separated by commas (`10.20.0.0/16,fd00::/8`), that endpoints of push may lie in although they are private, and be reached in by plain HTTP. Empty: public addresses and HTTPS alone.',
  }),
  SANDBOX: flag(
    'Synthetic institutions and citizens play the birth journey at each start, while no real institution exists. On Kafka it is `off` unless set.',
    'on',
  ),
  POLICY_LEASE: Type.Integer({
    default: 1000,
    minimum: 100,
    maximum: 10_000,
    description:
      'Milliseconds for which a proof that policy is up to date holds. Longer: a suspension takes longer to bite.',
  }),
  APPEND_BUDGET: Type.Integer({
    default: 15_000,
    minimum: 1000,
    maximum: 60_000,
    description:
      'Milliseconds in which a write is acknowledged or refused. Must exceed an election of a new leader on Kafka.',
  }),
  PUBLISH_QUOTA: Type.Integer({
    default: 50_000,
    minimum: 1,
    maximum: 1_000_000,
    description: 'Events that one institution may publish in one second, over all instances; beyond it 429.',
  }),
  PUBLISH_IN_FLIGHT: Type.Integer({
    default: 10_000,
    minimum: 500,
    maximum: 1_000_000,
    description: 'Events that one process takes on at once, from their validation to their answer; beyond it 503.',
  }),
  LOG_LEVEL: Type.Union(
    ['debug', 'info', 'warn', 'error'].map((level) => Type.Literal(level)),
    { default: 'warn', description: 'The least important log line that is written (JSON lines on standard error).' },
  ),
})

export type Config = Static<typeof ConfigShape>
export type Environment = Readonly<Record<string, string | undefined>>

/** The configuration can't be used; the message names every variable at fault, one line each. */
export class ConfigError extends Error {}

const checker = Compile(ConfigShape)

/** Reads what is set, fills in defaults, checks all of it at once. An empty variable counts as not set. */
export function readConfig(environment: Environment): Config {
  const raw: Record<string, unknown> = {}
  for (const name of Object.keys(ConfigShape.properties)) {
    const value = environment[name]
    if (value !== undefined && value !== '') raw[name] = value
  }
  if (raw['ENGINE'] === 'kafka') raw['SANDBOX'] ??= 'off'
  const config = Value.Convert(ConfigShape, Value.Default(ConfigShape, { ...raw })) as Partial<Config>
  const faults = checker.Errors(config).map((error) => faultOf(error.instancePath.slice(1), error.message))
  if (raw['ENGINE'] === 'kafka') {
    for (const name of ['KAFKA_BROKERS', 'REDIS_URL'])
      if (raw[name] === undefined) faults.push(`${name}: required with ENGINE=kafka`)
  }
  if (config.KAFKA_SASL !== 'none') {
    for (const name of ['KAFKA_USERNAME', 'KAFKA_PASSWORD'])
      if (raw[name] === undefined) faults.push(`${name}: required with KAFKA_SASL`)
  }
  if (raw['OIDC_ISSUER'] !== undefined && raw['OIDC_CLIENT_ID'] === undefined)
    faults.push('OIDC_CLIENT_ID: required with OIDC_ISSUER')
  if (!listIn(config.ALLOW_PRIVATE_ENDPOINTS).every(isNetwork))
    faults.push('ALLOW_PRIVATE_ENDPOINTS: must be networks in CIDR notation, separated by commas')
  if (faults.length > 0)
    throw new ConfigError(`The configuration is not usable:\n  ${[...new Set(faults)].join('\n  ')}`)
  return config as Config
}

/** What stands between commas. */
export const listIn = (text = ''): readonly string[] =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')

/** The value is left out: it may be a secret. Where only some are accepted, they are listed. */
function faultOf(name: string, message: string): string {
  const { anyOf } = ConfigShape.properties[name as keyof Config] as { anyOf?: readonly { const?: string }[] }
  if (anyOf !== undefined) return `${name}: must be one of ${anyOf.map((each) => each.const).join(', ')}`
  return `${name}: ${message}`
}

/** The only place where the environment is read. */
export const environment: Environment = process.env
