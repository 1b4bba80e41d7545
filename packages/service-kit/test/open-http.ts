import { generateKeyPairSync, randomBytes } from 'node:crypto'

import { type By, type Fact, Policy } from '@unavez/policy'
import { Registry } from 'prom-client'

import {
  type Clock,
  type Control,
  createHttp,
  type HttpOptions,
  type HttpServer,
  type Log,
  mintAccessToken,
  openKeys,
  type Submission,
  systemClock,
} from '../src/index.ts'

/** A control of one process without a log: decides, folds, remembers. */
export class MemoryControl implements Control {
  readonly policy: Policy
  stale: Promise<void> | undefined
  constructor(facts: readonly Fact[]) {
    this.policy = Policy.of(facts)
  }
  fresh(): Promise<void> | undefined {
    return this.stale
  }
  provenSince(): Promise<boolean> {
    return Promise.resolve(this.stale === undefined)
  }
  reached(offset: number): Promise<boolean> {
    return Promise.resolve(this.policy.offset > offset)
  }
  onChange(): void {}
  readonly commands: { command: string; hash: string; reads: readonly string[]; by: By }[] = []
  submit(submission: Submission) {
    const { command, hash, by } = submission
    const at = new Date()
    const { facts, reads } = submission.decide(this.policy, at)
    this.commands.push({ command, hash, reads, by })
    return Promise.resolve({ facts, offset: this.apply(facts, by), at, repeated: false })
  }
  apply(facts: readonly Fact[], by: By = { institution: 'test', system: 'test' }): number {
    const offset = this.policy.offset
    const appendedAt = new Date()
    const record = { command: randomBytes(8).toString('hex'), hash: '', at: appendedAt.toISOString(), reads: {}, facts }
    const value = Buffer.from(JSON.stringify(record))
    const accepted = this.policy.apply({ offset, appendedAt, by, authentic: true, value })
    if (!accepted.accepted) throw new Error(accepted.why)
    return offset
  }
}

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const { kty = '', crv = '', x = '' } = publicKey.export({ format: 'jwk' })
const kid = 'test-key'

export const joined = (id: string): Fact => ({
  type: 'institution-joined',
  aggregate: `institution:${id}`,
  id,
  name: { es: id, en: id },
  country: 'PA',
})

export const registered = (institution: string, id: string): Fact => ({
  type: 'system-registered',
  aggregate: `system:${institution}.${id}`,
  institution,
  id,
  name: id,
  roles: ['administrator', 'publisher'],
  keys: [],
})

export const startingFacts: readonly Fact[] = [
  { type: 'signing-key-added', aggregate: 'signing-keys', key: { kid, kty, crv, x } },
  joined('te'),
  registered('te', 'registro'),
  joined('css'),
  registered('css', 'main'),
]

export const publicUrl = 'http://bus.test'

export const tokenOf = (clientId: string, at = new Date()): string =>
  mintAccessToken({ kid, privateKey, publicUrl, clientId, at })

export interface OpenHttp extends HttpServer {
  readonly url: string
  readonly control: MemoryControl
  readonly closing: AbortController
  readonly logged: Readonly<Record<string, unknown>>[]
  readonly metrics: Registry
}

export interface OpenHttpOptions extends Pick<HttpOptions, 'timeouts' | 'missing'> {
  readonly clock?: Clock
  readonly routes: (server: HttpServer) => void
}

const noneEnded: HttpOptions['engine']['volatile'] = {
  get: () => Promise.resolve(undefined),
  memory: () => Promise.resolve({ id: '', since: new Date(0) }),
}

/** A server with these routes on a free port. */
export async function openHttp({ routes, clock = systemClock, ...options }: OpenHttpOptions): Promise<OpenHttp> {
  const control = new MemoryControl(startingFacts)
  const closing = new AbortController()
  const logged: Record<string, unknown>[] = []
  const write = (fields: Readonly<Record<string, unknown>>, message: string) => void logged.push({ ...fields, message })
  const log: Log = { info: write, warn: write, error: write }
  const metrics = new Registry()
  const server = createHttp({
    engine: { volatile: noneEnded },
    control,
    clock,
    log,
    metrics,
    keys: openKeys(randomBytes(32)),
    settings: { publicUrl },
    closing: closing.signal,
    ...options,
  })
  routes(server)
  const { url } = await server.listen('127.0.0.1', 0)
  return { ...server, url, control, closing, logged, metrics }
}
