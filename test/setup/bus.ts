import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { readConfig, selectServices, startHost } from '@unavez/host'
import { Client } from '@unavez/sdk'

import { startDistributed } from './distributed.ts'
import { type Started, untilReady } from './ready.ts'

/** A whole bus on one engine, ready, empty, with its operator's key. */
export interface Bus {
  readonly url: string
  readonly issuer: string
  readonly operator: Client
  /** Where each of its processes listens, without the proxy in front. */
  readonly processes: readonly string[]
  /** What its processes were started with. */
  readonly environment: Environment
  /** Everything that the bus wrote outside its stores: log lines of all its processes. */
  readonly output: () => string
  readonly close: () => Promise<void>
}

export type Environment = Readonly<Record<string, string>>

export interface Combination {
  readonly name: string
  /** Variables given here are set beside those of the combination. */
  readonly open: (more?: Environment) => Promise<Bus>
}

const brokers = process.env['KAFKA_BROKERS']
const issuer = 'http://unavez.test'

/** The engines, and ways of spreading the services over processes, that every scenario runs on. */
export const combinations: readonly Combination[] = [
  { name: 'embedded', open: (more) => openBus({ ENGINE: 'embedded', ...more }, startInProcess) },
  ...(brokers === undefined
    ? []
    : [
        {
          name: 'kafka, one process',
          open: (more?: Environment) => openBus({ ...onKafka(), ...more }, startInProcess),
        },
        {
          name: 'kafka, a process per service',
          open: (more?: Environment) => openBus({ ...onKafka(), ...more }, startDistributed),
        },
      ]),
]

/** The variables of a bus of its own on the run's Kafka and Redis. */
export const onKafka = (): Record<string, string> => ({
  ENGINE: 'kafka',
  KAFKA_BROKERS: brokers ?? '',
  REDIS_URL: process.env['REDIS_URL'] ?? '',
  TOPIC_PREFIX: `t${randomUUID().slice(0, 8)}.`,
})

/** A key pair as JWK, with its public half. */
export function newKey(kid = 'k1') {
  const pair = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  const publicJwk = { kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', kid, x: pair.x ?? '' }
  return { privateJwk: { ...publicJwk, d: pair.d ?? '' }, publicJwk }
}

/** An empty bus with the given engine's variables, its processes started by `start`. */
export async function openBus(
  engine: Environment,
  start: (environment: Record<string, string>) => Promise<Started>,
): Promise<Bus> {
  const directory = mkdtempSync(join(tmpdir(), 'unavez-bus-'))
  const { privateJwk, publicJwk } = newKey('operator')
  const environment = {
    PORT: '0',
    PUBLIC_URL: issuer,
    DATA_DIR: directory,
    MASTER_KEY: randomBytes(32).toString('base64'),
    OPERATOR_JWKS: JSON.stringify({ keys: [publicJwk] }),
    SANDBOX: 'off',
    LOG_LEVEL: 'info',
    ...engine,
  }
  const started = await start(environment)
  return {
    url: started.url,
    processes: started.processes,
    environment,
    issuer,
    operator: new Client({ url: started.url, clientId: 'operator.admin', key: privateJwk }),
    output: started.output,
    close: async () => {
      await started.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function startInProcess(environment: Record<string, string>): Promise<Started> {
  const lines: string[] = []
  const write = (fields: Readonly<Record<string, unknown>>, message: string): void =>
    void lines.push(JSON.stringify({ ...fields, message }))
  const host = await startHost({
    config: readConfig(environment),
    services: selectServices([]),
    log: { info: write, warn: write, error: write },
    print: (line) => void lines.push(line),
  })
  await untilReady(host.url)
  return { url: host.url, processes: [host.url], output: () => lines.join('\n'), close: () => host.close() }
}
