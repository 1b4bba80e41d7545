import { type ChildProcess, spawn } from 'node:child_process'

import { startKafka, startRedis } from '@unavez/infra'

import { type Bus, openBus } from '../setup/bus.ts'
import { stop } from '../setup/distributed.ts'
import { untilReady } from '../setup/ready.ts'
import type { Behind } from './load.ts'

export interface Running extends Behind {
  readonly close: () => Promise<void>
}

const nodeArguments = (process.env['LOAD_NODE_ARGS'] ?? '').split(' ').filter((each) => each !== '')

/** A script in a process of its own that says where it listens. LOAD_NODE_ARGS: `--cpu-prof` and the like for it. */
export async function startServer(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Running> {
  const child = spawn(process.execPath, [...nodeArguments, ...args], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const end = (): void => void child.kill()
  process.once('exit', end)
  child.once('exit', () => process.removeListener('exit', end))
  const url = await saying(child, /listens on (\S+)/)
  return { url, server: [child.pid ?? 0], stores: [], close: async () => void (await stop(child)) }
}

const saying = (child: ChildProcess, what: RegExp): Promise<string> =>
  new Promise((resolve, reject) => {
    let told = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      told += chunk.toString()
      const found = what.exec(told)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('exit', (code) => reject(new Error(`ended with ${String(code)}: ${told}`)))
  })

export const startBareSqlite = (): Promise<Running> => startServer([script('bare-sqlite.ts')])

export const startBareKafka = async (stores: Stores): Promise<Running> => ({
  ...(await startServer([script('bare-kafka.ts'), stores.brokers.join(',')])),
  stores: stores.brokerPids,
})

const script = (name: string): string => new URL(name, import.meta.url).pathname

export interface Stores {
  readonly brokers: readonly string[]
  readonly redisUrl: string
  readonly brokerPids: readonly number[]
  readonly pids: readonly number[]
  readonly close: () => Promise<void>
}

/** A Kafka and a Redis of this run's own. */
async function startStores(brokers: 1 | 3): Promise<Stores> {
  const [kafka, redis] = await Promise.all([startKafka({ brokers }), startRedis()])
  const brokerPids = kafka.brokers.map(({ pid }) => pid)
  return {
    brokers: kafka.bootstrap,
    redisUrl: redis.url,
    brokerPids,
    pids: [...brokerPids, redis.pid],
    close: async () => void (await Promise.all([kafka.stop(), redis.stop()])),
  }
}

/** The whole bus in one process, on the embedded engine or on the given stores; with several: one beside the other. */
export async function startBus(
  stores?: Stores,
  processes = 1,
  more: Readonly<Record<string, string>> = {},
): Promise<{ bus: Bus; behind: Behind }> {
  const engine =
    stores === undefined
      ? { ENGINE: 'embedded' }
      : { ENGINE: 'kafka', KAFKA_BROKERS: stores.brokers.join(','), REDIS_URL: stores.redisUrl }
  const pids: number[] = []
  const bus = await openBus({ ...engine, LOG_LEVEL: 'error', ...more }, async (environment) => {
    const running: Running[] = []
    for (let i = 0; i < processes; i++) running.push(await startServer(['services/host/src/main.ts'], environment))
    for (const { server, url } of running) {
      pids.push(...server)
      await untilReady(url)
    }
    const urls = running.map(({ url }) => url)
    return {
      url: urls[0] ?? '',
      processes: urls,
      output: () => '',
      close: async () => void (await Promise.all(running.map((each) => each.close()))),
    }
  })
  return { bus, behind: { url: bus.url, server: pids, stores: stores?.pids ?? [] } }
}

/** Runs on a Kafka and a Redis that live no longer. */
export async function onStores(brokers: 1 | 3, run: (stores: Stores) => Promise<string>): Promise<string> {
  const stores = await startStores(brokers)
  try {
    return await run(stores)
  } finally {
    await stores.close()
  }
}
