import { startKafkaContainer, startRedisContainer } from './containers.ts'
import { missingForLocalKafka } from './jars.ts'
import { startKafka } from './kafka.ts'
import { hasRedisServer, startRedis } from './redis.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** `missing` is one sentence that says what would help. */
export interface Missing {
  readonly missing: string
}

export interface FoundKafka {
  readonly brokers: readonly string[]
  readonly origin: 'KAFKA_BROKERS' | 'docker' | 'maven'
  /** Ends what was started for this; leaves alone what was found. */
  stop(): Promise<void>
}

export interface FoundRedis {
  readonly url: string
  readonly origin: 'REDIS_URL' | 'docker' | 'redis-server'
  stop(): Promise<void>
}

const leaveAlone = (): Promise<void> => Promise.resolve()

/** KAFKA_BROKERS, else Docker, else a local one from Maven's jars. Starts what has to be started. */
export async function findKafka(environment: Environment): Promise<FoundKafka | Missing> {
  const named = environment['KAFKA_BROKERS']
  if (named !== undefined && named !== '') {
    return { brokers: named.split(','), origin: 'KAFKA_BROKERS', stop: leaveAlone }
  }
  const container = await startKafkaContainer()
  if (container !== undefined) return { ...container, origin: 'docker' }
  const missing = await missingForLocalKafka()
  if (missing !== undefined) return { missing: `No Kafka: set KAFKA_BROKERS, or start Docker. Otherwise ${missing}` }
  try {
    const kafka = await startKafka({ brokers: 1 })
    return { brokers: kafka.bootstrap, origin: 'maven', stop: () => kafka.stop() }
  } catch (error) {
    return { missing: `No Kafka: the local one could not be started (${firstLine(error)}). Set KAFKA_BROKERS.` }
  }
}

/** REDIS_URL, else Docker, else a `redis-server` in PATH. */
export async function findRedis(environment: Environment): Promise<FoundRedis | Missing> {
  const named = environment['REDIS_URL']
  if (named !== undefined && named !== '') return { url: named, origin: 'REDIS_URL', stop: leaveAlone }
  const container = await startRedisContainer()
  if (container !== undefined) return { ...container, origin: 'docker' }
  if (!(await hasRedisServer())) {
    return { missing: 'No Redis: set REDIS_URL, start Docker, or put redis-server in PATH.' }
  }
  try {
    const redis = await startRedis()
    return { url: redis.url, origin: 'redis-server', stop: () => redis.stop() }
  } catch (error) {
    return { missing: `No Redis: redis-server could not be started (${firstLine(error)}). Set REDIS_URL.` }
  }
}

const firstLine = (error: unknown): string => String(error).split('\n')[0] ?? ''
