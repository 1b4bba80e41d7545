import type { Engine } from '@unavez/engine'
import type { PublicKey } from '@unavez/policy'
import type { Registry as Metrics } from 'prom-client'

import type { Clock } from './clock.ts'
import type { Control } from './control.ts'
import type { Http } from './http.ts'
import type { Keys } from './keys.ts'
import type { Log } from './log.ts'

/** What of the configuration services may know. The name of the engine is not in it. */
export interface Settings {
  /** `PUBLIC_URL` without a trailing slash: the issuer, and the base of `dataschema`. */
  readonly publicUrl: string
  /** Public keys of `operator.admin`, read at each start; no fact. */
  readonly operatorKeys: readonly PublicKey[]
  readonly policyLeaseMs: number
  readonly appendBudgetMs: number
  /** Events of one institution in one second, over all instances; the gateway's own limit unless told. */
  readonly publishQuotaPerSecond?: number
  /** Events that one process takes on at once; the gateway's own limit unless told. */
  readonly publishInFlight?: number
  /** `REGISTRY_URL`: a Confluent-compatible registry that published versions are mirrored into. */
  readonly registryUrl?: string
  /** Networks in CIDR notation that endpoints may lie in although they are private, and reach by plain HTTP; none unless told. */
  readonly privateEndpoints?: readonly string[]
  /** Only where synthetic institutions may play: what they need to begin. */
  readonly sandbox?: SandboxSettings
  readonly oidc?: OidcSettings
  readonly trustedIssuers?: readonly TrustedIssuer[]
  readonly localAccounts?: LocalAccounts
}

/** Another issuer whose tokens name systems of the bus. One of `jwks` and `jwksUri`. */
export interface TrustedIssuer {
  readonly issuer: string
  readonly audience: string
  /** The claim that holds the client id: `te.registro`. */
  readonly claim: string
  readonly jwksUri?: string
  readonly jwks?: readonly Readonly<Record<string, unknown>>[]
  /** Whose systems it may name; any but the operator's unless told. */
  readonly institutions?: readonly string[]
}

/** The identity provider of people: OpenID Connect, authorization code with PKCE. */
export interface OidcSettings {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret?: string
  /** The claim of the id token that names the person. */
  readonly loginClaim: string
}

/** Where people may sign in by a one-time link, without an identity provider. */
export interface LocalAccounts {
  /** Where this process really listens, once it does and everything is ready. */
  readonly ready: Promise<string>
  readonly print: (line: string) => void
}

export interface SandboxSettings {
  /** The private key of `operator.admin`, as a JWK. */
  readonly operatorKey: PublicKey & { readonly d: string }
  /** Where the sandbox's institutions keep their own keys. */
  readonly directory: string
  /** Where this process really listens, once it does and everything is ready. */
  readonly ready: Promise<string>
  readonly print: (line: string) => void
}

/** Everything that a service needs, as arguments. */
export interface Surroundings {
  readonly engine: Engine
  readonly http: Http
  readonly control: Control
  readonly keys: Keys
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly settings: Settings
  /** Aborted when the host stops: loops end then. */
  readonly closing: AbortSignal
  /** Runs at shutdown, after the last answer left and before the engine closes; in reverse order. */
  onClose(work: () => Promise<void>): void
  /** Names what this service still waits for before it can work; the host is ready when all answer undefined. */
  onReady(name: string, missing: () => string | undefined): void
}

/** A unit the host can run: beside others in one process, or alone in its own. */
export interface Service {
  readonly name: string
  start(surroundings: Surroundings): Promise<void>
}
