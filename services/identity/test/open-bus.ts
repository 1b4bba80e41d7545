import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { PublicKey } from '@unavez/policy'
import { openEmbeddedEngine } from '@unavez/engine-embedded'
import { createHttp, type Log, openControl, openKeys, type Settings, systemClock } from '@unavez/service-kit'
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { Registry } from 'prom-client'

import { identity } from '../src/index.ts'

export const publicUrl = 'http://bus.test'

export interface Key {
  readonly publicKey: PublicKey
  readonly privateKey: CryptoKey
  readonly alg: string
}

export async function newKey(alg: 'EdDSA' | 'ES256' | 'RS256', kid: string): Promise<Key> {
  const pair = await generateKeyPair(alg, { extractable: true })
  const { kty = '', ...members } = await exportJWK(pair.publicKey)
  return { publicKey: { ...(members as object), kty, kid }, privateKey: pair.privateKey, alg }
}

export interface SignOptions {
  readonly claims?: JWTPayload
  readonly leaveOut?: readonly string[]
  readonly header?: { readonly kid?: string; readonly alg?: string }
}

/** A good assertion, but for what the options change. */
export async function sign(
  key: Key,
  clientId: string,
  { claims, leaveOut = [], header }: SignOptions = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const all = { iss: clientId, sub: clientId, aud: publicUrl, jti: randomUUID(), iat: now, exp: now + 60, ...claims }
  const kept = Object.fromEntries(Object.entries(all).filter(([name]) => !leaveOut.includes(name)))
  const protectedHeader = { alg: key.alg, kid: key.publicKey.kid, ...header }
  return new SignJWT(kept).setProtectedHeader(protectedHeader).sign(key.privateKey)
}

type Engine = Awaited<ReturnType<typeof openEmbeddedEngine>>

export interface OpenBusOptions {
  readonly engine: Engine
  readonly operatorKeys: readonly PublicKey[]
  readonly masterKey: Buffer
  readonly settings?: Partial<Settings>
}

/** One instance of the identity service on an engine that may be shared with others. */
export async function openBus({ engine, operatorKeys, masterKey, settings: more }: OpenBusOptions) {
  const closing = new AbortController()
  const closers: (() => Promise<void>)[] = []
  const missing = new Map<string, () => string | undefined>()
  const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const keys = openKeys(masterKey)
  const base = { engine, keys, clock: systemClock, log: silent, closing: closing.signal }
  const control = await openControl({ ...base, leaseMs: 1000 })
  closers.push(() => control.close())
  const settings: Settings = { publicUrl, operatorKeys, policyLeaseMs: 1000, appendBudgetMs: 15_000, ...more }
  const metrics = new Registry()
  const waitingFor = () => [...missing.values()].map((ask) => ask()).filter((what) => what !== undefined)
  const server = createHttp({ ...base, control, metrics, settings, missing: waitingFor })
  await identity.start({
    ...base,
    control,
    metrics,
    settings,
    http: server.http,
    onClose: (work) => void closers.push(work),
    onReady: (name, ask) => void missing.set(name, ask),
  })
  const { url } = await server.listen('127.0.0.1', 0)
  return {
    url,
    control,
    ready: async () => {
      while ((await fetch(`${url}/health/ready`)).status !== 200)
        await new Promise((resolve) => setTimeout(resolve, 10))
    },
    token: (assertion: string, form: Record<string, string> = {}) =>
      fetch(`${url}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: assertion,
          ...form,
        }),
      }),
    close: async () => {
      closing.abort()
      await server.close()
      for (const closer of closers.toReversed()) await closer()
    },
  }
}

export type Bus = Awaited<ReturnType<typeof openBus>>

/** An engine on a directory of its own, with a master key. */
export async function openGround() {
  const directory = await mkdtemp(join(tmpdir(), 'unavez-identity-'))
  const engine = await openEmbeddedEngine({ directory })
  return {
    engine,
    masterKey: randomBytes(32),
    close: async () => {
      await engine.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** As governance would: its routes are another service's. */
export async function joinInstitution(bus: Bus, id: string): Promise<void> {
  await bus.control.submit({
    command: randomUUID(),
    hash: id,
    by: { institution: 'operator', system: 'admin' },
    decide: () => ({
      facts: [
        { type: 'institution-joined', aggregate: `institution:${id}`, id, name: { es: id, en: id }, country: 'PA' },
      ],
      reads: [],
    }),
  })
}
