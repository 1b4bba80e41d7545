import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { kafkaJars } from './jars.ts'
import { freePorts } from './ports.ts'
import { type Reaper, startReaper } from './reaper.ts'
import { type Server, startServer } from './server.ts'

export interface LocalBroker {
  readonly id: number
  readonly port: number
  readonly pid: number
  /** SIGKILL unless told otherwise; returns when the process is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Starts it again on its port and its data; returns when it serves. */
  start(): Promise<void>
}

export interface LocalKafka {
  readonly bootstrap: readonly string[]
  readonly brokers: readonly LocalBroker[]
  /** Ends the brokers and removes their data. */
  stop(): Promise<void>
}

const run = promisify(execFile)
const memory = ['-Xmx512m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC']
const quiet = [
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=error',
  '-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info',
]

interface Place {
  readonly id: number
  readonly port: number
  readonly controllerPort: number
}

/** Settings for tests: a dead broker is noticed after 3 s instead of 9, nothing is made by a typo, groups form at once. */
function properties(place: Place, places: readonly Place[], data: string): string {
  const factor = Math.min(3, places.length)
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': place.id,
    listeners: `PLAINTEXT://127.0.0.1:${place.port},CONTROLLER://127.0.0.1:${place.controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${place.port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.voters': places.map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`).join(','),
    'log.dirs': data,
    'auto.create.topics.enable': false,
    'unclean.leader.election.enable': false,
    'offsets.topic.num.partitions': 3,
    'offsets.topic.replication.factor': factor,
    'transaction.state.log.num.partitions': 3,
    'transaction.state.log.replication.factor': factor,
    'transaction.state.log.min.isr': Math.max(1, factor - 1),
    'share.coordinator.state.topic.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': factor,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1_000,
    'broker.session.timeout.ms': 3_000,
    'broker.heartbeat.interval.ms': 500,
    'controlled.shutdown.max.retries': 1,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'log.cleaner.dedupe.buffer.size': 4_194_304,
  }
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${String(value)}\n`)
    .join('')
}

class Broker implements LocalBroker {
  readonly id: number
  readonly port: number
  readonly #folder: string
  readonly #jars: string
  readonly #changed: () => void
  #server: Server | undefined

  constructor(place: Place, folders: { folder: string; jars: string }, changed: () => void) {
    this.id = place.id
    this.port = place.port
    this.#folder = folders.folder
    this.#jars = folders.jars
    this.#changed = changed
  }

  get pid(): number {
    return this.#server?.pid ?? 0
  }

  async format(cluster: string): Promise<void> {
    const format = ['kafka.tools.StorageTool', 'format', '-t', cluster, '-c', join(this.#folder, 'server.properties')]
    await run('java', [...memory, ...quiet, '-cp', `${this.#jars}/*`, ...format])
  }

  async start(): Promise<void> {
    if (this.#server !== undefined) return
    this.#server = await startServer({
      command: 'java',
      args: [...memory, ...quiet, '-cp', `${this.#jars}/*`, 'kafka.Kafka', join(this.#folder, 'server.properties')],
      cwd: this.#folder,
      ready: 'Kafka Server started',
      startMsMax: 120_000,
    })
    this.#changed()
  }

  async kill(signal?: NodeJS.Signals): Promise<void> {
    const server = this.#server
    this.#server = undefined
    await server?.kill(signal)
  }
}

async function begin(count: number, directory: string, reaper: Reaper): Promise<Broker[]> {
  const jars = await kafkaJars()
  const ports = await freePorts(count * 2)
  const places = Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    port: ports[index] ?? 0,
    controllerPort: ports[count + index] ?? 0,
  }))
  const cluster = randomBytes(16).toString('base64url').replace(/^-/, 'A')
  const brokers: Broker[] = []
  for (const place of places) {
    const folder = join(directory, `broker-${place.id}`)
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'server.properties'), properties(place, places, join(folder, 'data')))
    const watch = (): void => reaper.watch(brokers.map(({ pid }) => pid).filter((pid) => pid > 0))
    brokers.push(new Broker(place, { folder, jars }, watch))
  }
  try {
    await Promise.all(brokers.map((broker) => broker.format(cluster)))
    await Promise.all(brokers.map((broker) => broker.start()))
  } catch (error) {
    await Promise.all(brokers.map((broker) => broker.kill()))
    throw error
  }
  return brokers
}

/** A Kafka without containers, on 127.0.0.1, from Maven's jars. It dies with this process. Seconds: 4 for one, 10 for three. */
export async function startKafka(options: { brokers: 1 | 3; directory?: string }): Promise<LocalKafka> {
  const directory = await mkdtemp(join(options.directory ?? tmpdir(), 'unavez-kafka-'))
  const reaper = startReaper(directory)
  const clear = async (): Promise<void> => {
    await rm(directory, { recursive: true, force: true, maxRetries: 3 })
    reaper.dismiss()
  }
  try {
    const brokers = await begin(options.brokers, directory, reaper)
    const stop = async (): Promise<void> => {
      await Promise.all(brokers.map((broker) => broker.kill()))
      await clear()
    }
    return { bootstrap: brokers.map(({ port }) => `127.0.0.1:${port}`), brokers, stop }
  } catch (error) {
    await clear()
    throw error
  }
}
