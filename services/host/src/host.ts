import type { Engine } from '@unavez/engine'
import {
  type Clock,
  createHttp,
  type Keys,
  type Log,
  openControl,
  openKeys,
  type Service,
  type Settings,
  type Surroundings,
  systemClock,
} from '@unavez/service-kit'
import { Registry as Metrics } from 'prom-client'

import { type Config, ConfigError, listIn } from './config.ts'
import { engines } from './engines.ts'
import { makeDirectory, masterKey, operatorKeys } from './secrets.ts'
import { trustedIssuers } from './trusted-issuers.ts'

export interface HostOptions {
  readonly config: Config
  readonly services: readonly Service[]
  readonly log: Log
  /** Where the sandbox tells its story. */
  readonly print: (line: string) => void
  readonly clock?: Clock
  /** Instead of opening the engine that the configuration names: several hosts in one process share one. Not closed here. */
  readonly engine?: Engine
}

export interface Host {
  /** Where this process really listens. */
  readonly url: string
  /** Which service answers which route: what a proxy in front of several processes needs. */
  readonly routes: readonly { readonly method: string; readonly url: string; readonly owner: string }[]
  /** What is still missing, one sentence each; empty when ready. */
  missing(): readonly string[]
  /** Readiness falls first; then what is under way is answered; then everything closes, in reverse order. */
  close(): Promise<void>
}

/** Runs a set of services on an engine. */
export async function startHost(options: HostOptions): Promise<Host> {
  const { config, log } = options
  const closers: (() => Promise<void>)[] = []
  const closing = new AbortController()
  const close = once(async () => {
    closing.abort()
    for (const closer of closers.toReversed())
      await closer().catch((error: unknown) => log.error({ error }, 'closing failed'))
  })
  try {
    makeDirectory(config.DATA_DIR)
    const keys = openKeys(masterKey(config))
    const engine = options.engine ?? (await openEngine(config, closers))
    return await startServices({ ...options, keys, engine, closers, closing: closing.signal, close })
  } catch (error) {
    await close()
    throw error
  }
}

async function openEngine(config: Config, closers: (() => Promise<void>)[]): Promise<Engine> {
  const engine = await engines[config.ENGINE](config)
  closers.push(() => engine.close())
  return engine
}

interface Opened extends HostOptions {
  readonly keys: Keys
  readonly engine: Engine
  readonly closers: (() => Promise<void>)[]
  readonly closing: AbortSignal
  readonly close: () => Promise<void>
}

async function startServices(opened: Opened): Promise<Host> {
  const { config, log, engine, keys, closers, closing } = opened
  const clock = opened.clock ?? systemClock
  const metrics = new Metrics()
  const operator = operatorKeys(config)
  const issuers = trustedIssuers(config.TRUSTED_ISSUERS)
  const ready = Promise.withResolvers<string>()
  const settings: Settings = {
    publicUrl: config.PUBLIC_URL.replace(/\/+$/, '') || `http://127.0.0.1:${config.PORT}`,
    operatorKeys: operator.publicKeys,
    policyLeaseMs: config.POLICY_LEASE,
    appendBudgetMs: config.APPEND_BUDGET,
    ...(config.REGISTRY_URL === '' ? {} : { registryUrl: config.REGISTRY_URL }),
    publishQuotaPerSecond: config.PUBLISH_QUOTA,
    publishInFlight: config.PUBLISH_IN_FLIGHT,
    privateEndpoints: listIn(config.ALLOW_PRIVATE_ENDPOINTS),
    ...(config.SANDBOX === 'on' && operator.privateKey !== undefined
      ? {
          sandbox: {
            operatorKey: operator.privateKey,
            directory: config.DATA_DIR,
            print: opened.print,
            ready: ready.promise,
          },
        }
      : {}),
    ...peopleSettings(opened, ready.promise),
    ...(issuers === undefined ? {} : { trustedIssuers: issuers }),
  }
  const readiness = new Map<string, () => string | undefined>()
  // Not `closing`: what is under way while the host stops still needs a policy that proves how new it is.
  const folding = new AbortController()
  const control = await openControl({
    engine,
    keys,
    clock,
    log,
    leaseMs: config.POLICY_LEASE,
    appendBudgetMs: config.APPEND_BUDGET,
    closing: folding.signal,
  })
  closers.push(() => control.close())
  const missing = (): readonly string[] => [
    ...(closing.aborted ? ['closing'] : []),
    ...engine.ailments(),
    ...[...readiness].flatMap(([name, ask]) => {
      const what = ask()
      return what === undefined ? [] : [`${name}: ${what}`]
    }),
  ]
  const server = createHttp({ engine, control, keys, clock, log, metrics, settings, closing, missing })
  const surroundings: Surroundings = {
    engine,
    control,
    keys,
    clock,
    log,
    metrics,
    settings,
    closing,
    http: server.http,
    onClose: (work) => void closers.push(work),
    onReady: (name, ask) => void readiness.set(name, ask),
  }
  for (const service of opened.services) await service.start(surroundings)
  const { url } = await server.listen(config.HOST, config.PORT).catch((error: unknown) => notListening(config, error))
  closers.push(() => server.close())
  void tellWhenReady(missing, () => ready.resolve(url), closing)
  return { url, routes: server.routes(), missing, close: opened.close }
}

/** Where to listen is for the operator to mend; the rest of what `listen` may say is not expected. */
function notListening({ HOST, PORT }: Config, error: unknown): never {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') throw new ConfigError(`PORT: another program listens on ${HOST}:${PORT} already.`)
  if (code === 'EACCES') throw new ConfigError(`PORT: this user may not listen on ${HOST}:${PORT}.`)
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    throw new ConfigError(`HOST: ${HOST} is no address of this machine.`)
  throw error
}

/** How people sign in here: at an identity provider, or by a one-time link where the bus is one process of one owner. */
function peopleSettings({ config, print }: Opened, ready: Promise<string>): Pick<Settings, 'oidc' | 'localAccounts'> {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = config
  const secret = clientSecret === '' ? {} : { clientSecret }
  return {
    ...(issuer === '' ? {} : { oidc: { issuer, clientId, ...secret, loginClaim: config.OIDC_LOGIN_CLAIM } }),
    ...(config.ENGINE === 'embedded' ? { localAccounts: { print, ready } } : {}),
  }
}

/** Asks until nothing is missing: readiness is a state of many parts, none of which knows the others. */
async function tellWhenReady(missing: () => readonly string[], tell: () => void, closing: AbortSignal): Promise<void> {
  while (!closing.aborted && missing().length > 0) await new Promise((resolve) => setTimeout(resolve, 20))
  tell()
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  return () => (running ??= work())
}
