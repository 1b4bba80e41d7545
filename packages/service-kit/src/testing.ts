import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Engine } from '@unavez/engine'
import type { Fact, SystemRole } from '@unavez/policy'
import { Registry } from 'prom-client'
import type { TSchema } from 'typebox'
import Value from 'typebox/value'

import { systemClock } from './clock.ts'
import { openControl, type OpenControl } from './control-open.ts'
import { mintAccessToken } from './http/access-token.ts'
import { createHttp } from './http/server.ts'
import { csrfOf, sealSession, sessionCookie } from './http/session.ts'
import type { Route } from './http.ts'
import { openKeys } from './keys.ts'
import type { Log } from './log.ts'
import type { Service, Settings, Surroundings } from './surroundings.ts'

export interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

/** `POST /v1/agreements`, what to send, and headers beside the token. */
export type Asking = (what: string, body?: unknown, headers?: Readonly<Record<string, string>>) => Promise<Answered>

export interface OpenBus {
  readonly url: string
  readonly engine: Engine
  readonly control: OpenControl
  /** What the service was given, without its routes. */
  readonly surroundings: Omit<Surroundings, 'http'>
  tokenOf(clientId: string): string
  /** Speaks as a system, over HTTP. */
  as(clientId: string): Asking
  /** Speaks as a person of an institution who has signed in. */
  asPerson(institution: string, person: string): Asking
  close(): Promise<void>
}

const publicUrl = 'http://unavez.test'
const quiet: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }

export interface TestBusOptions {
  readonly service: Service
  /** What has been decided before the service starts. */
  readonly facts: readonly Fact[]
  readonly openEngine: (directory: string) => Promise<Engine>
  readonly settings?: Partial<Settings>
}

/** For tests of a service: the service alone, over HTTP, on an engine of its own; every answer is held against its documented shape. */
export async function openTestBus({ service, facts, openEngine, ...options }: TestBusOptions): Promise<OpenBus> {
  const directory = await mkdtemp(join(tmpdir(), 'unavez-'))
  const engine = await openEngine(directory)
  const closing = new AbortController()
  const keys = openKeys(randomBytes(32))
  const common = { engine, keys, clock: systemClock, log: quiet, closing: closing.signal }
  const control = await openControl({ ...common, leaseMs: 1000 })
  const metrics = new Registry()
  const settings = { publicUrl, operatorKeys: [], policyLeaseMs: 1000, appendBudgetMs: 15_000, ...options.settings }
  const closers: (() => Promise<void>)[] = []
  const server = createHttp({ ...common, control, metrics, settings })
  const onClose = (work: () => Promise<void>): void => void closers.push(work)
  const surroundings = { ...common, control, metrics, settings, onClose, onReady: () => undefined }
  await service.start({ ...surroundings, http: { route: (route) => server.http.route(documented(route)) } })
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const { kty = '', crv = '', x = '' } = publicKey.export({ format: 'jwk' })
  const key = { kid: 'k1', kty, crv, x }
  await decided(control, [{ type: 'signing-key-added', aggregate: 'signing-keys', key }, ...facts])
  const { url } = await server.listen('127.0.0.1', 0)
  const tokenOf = (clientId: string): string =>
    mintAccessToken({ kid: 'k1', privateKey, publicUrl, clientId, at: new Date() })
  return {
    url,
    engine,
    control,
    surroundings,
    tokenOf,
    as: (clientId) => (what, body, headers) =>
      ask(url, { what, body, headers: { authorization: `Bearer ${tokenOf(clientId)}`, ...headers } }),
    asPerson: (institution, person) => {
      const signedInMs = Date.now()
      const expiresMs = signedInMs + 3_600_000
      const session = { id: person, institution, person, appointment: 1, signedInMs, expiresMs }
      const cookie = `${sessionCookie(publicUrl)}=${sealSession(keys.of('session'), session)}`
      const signed = { cookie, 'x-csrf-token': csrfOf(keys.of('session'), session) }
      return (what, body, headers) => ask(url, { what, body, headers: { ...signed, ...headers } })
    },
    close: async () => {
      closing.abort()
      await server.close()
      for (const closer of closers.toReversed()) await closer()
      await control.close()
      await engine.close()
      await rm(directory, { recursive: true })
    },
  }
}

/** The route, with every answer held against what it says of itself. */
function documented<P extends TSchema, Q extends TSchema, B extends TSchema>(route: Route<P, Q, B>): Route<P, Q, B> {
  return {
    ...route,
    handle: async (call) => {
      const reply = await route.handle(call)
      const schema = route.replies?.[reply.status ?? 200]
      if (schema !== undefined && !Value.Check(schema, reply.body)) {
        throw new Error(`${route.method} ${route.url} answers otherwise than it says`)
      }
      return reply
    },
  }
}

/** Each fact as a record of its own, as the services of others would have written them. */
async function decided(control: OpenControl, facts: readonly Fact[]): Promise<void> {
  for (const [index, fact] of facts.entries()) {
    await control.submit({
      command: `setup/${index}`,
      hash: '',
      by: { institution: 'operator', system: 'admin' },
      decide: () => ({ facts: [fact], reads: [] }),
    })
  }
}

interface Asked {
  readonly what: string
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
}

async function ask(url: string, { what, body, headers }: Asked): Promise<Answered> {
  const [method = '', path = ''] = what.split(' ')
  const content = body === undefined ? {} : { 'content-type': 'application/json' }
  const answer = await fetch(url + path, {
    method,
    headers: { ...content, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, body: text === '' ? {} : JSON.parse(text) }
}

export const joined = (id: string): Fact => ({
  type: 'institution-joined',
  aggregate: `institution:${id}`,
  id,
  name: { es: id, en: id },
  country: 'PA',
})

export const registered = (institution: string, id: string, roles: readonly SystemRole[]): Fact => ({
  type: 'system-registered',
  aggregate: `system:${institution}.${id}`,
  institution,
  id,
  name: id,
  roles,
  keys: [],
})
