import { freePorts } from './ports.ts'

/** undefined where no container engine answers; deciding that takes milliseconds. */
const engine = async () => {
  // Imported only when asked for: it is large, and most starts don't need it.
  const library = await import('testcontainers')
  try {
    return { library, host: (await library.getContainerRuntimeClient()).info.containerRuntime.host }
  } catch {
    return undefined
  }
}

export async function startKafkaContainer() {
  const docker = await engine()
  if (docker === undefined) return undefined
  const { library, host } = docker
  // The broker tells clients its own address, so the port outside must be known before it starts.
  const [port = 0] = await freePorts(1)
  const container = await new library.GenericContainer('apache/kafka:4.1.0')
    .withExposedPorts({ container: port, host: port })
    .withEnvironment({
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_LISTENERS: `PLAINTEXT://0.0.0.0:${port},CONTROLLER://127.0.0.1:9093`,
      KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://${host}:${port}`,
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@127.0.0.1:9093',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: '1000',
    })
    .withWaitStrategy(library.Wait.forLogMessage(/Kafka Server started/))
    .withStartupTimeout(120_000)
    .start()
  return { brokers: [`${host}:${port}`], stop: async () => void (await container.stop()) }
}

export async function startRedisContainer() {
  const docker = await engine()
  if (docker === undefined) return undefined
  const container = await new docker.library.GenericContainer('redis:7.4-alpine')
    .withExposedPorts(6379)
    .withCommand(['redis-server', '--save', '', '--appendonly', 'no'])
    .withWaitStrategy(docker.library.Wait.forLogMessage(/Ready to accept connections/))
    .start()
  const url = `redis://${container.getHost()}:${container.getMappedPort(6379)}`
  return { url, stop: async () => void (await container.stop()) }
}
