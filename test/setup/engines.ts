import { openEmbeddedEngine, type EmbeddedEngine } from '@unavez/engine-embedded'
import { openKafkaEngine } from '@unavez/engine-kafka'
import type { Engine, EventLog } from '@unavez/engine'
import { type Host, readConfig, selectServices, startHost } from '@unavez/host'

import { type Bus, combinations, type Environment, onKafka, openBus } from './bus.ts'
import { untilReady } from './ready.ts'

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** One more host with every service, beside those of a bus; its own engine unless one is given. */
async function startBeside(environment: Environment, engine?: Engine): Promise<Host> {
  const host = await startHost({
    config: readConfig({ ...environment, PORT: '0' }),
    services: selectServices([]),
    log: quiet,
    print: () => undefined,
    ...(engine === undefined ? {} : { engine }),
  })
  await untilReady(host.url)
  return host
}

export interface SharedBus {
  readonly bus: Bus
  readonly engine: EmbeddedEngine
}

/** Hosts with every service on one embedded engine, which the test may make misbehave; `seenBy` is the engine as they see it. */
export async function openSharedBus(
  hosts = 1,
  seenBy: (engine: EmbeddedEngine) => Engine = (engine) => engine,
  more: Environment = {},
): Promise<SharedBus> {
  let engine: EmbeddedEngine | undefined
  const bus = await openBus({ ENGINE: 'embedded', ...more }, async (environment) => {
    const opened = await openEmbeddedEngine({ directory: environment['DATA_DIR'] ?? '' })
    engine = opened
    const running = await Promise.all(Array.from({ length: hosts }, () => startBeside(environment, seenBy(opened))))
    return {
      url: running[0]?.url ?? '',
      processes: running.map(({ url }) => url),
      output: () => '',
      close: async () => {
        await Promise.all(running.map((host) => host.close()))
        await opened.close()
      },
    }
  })
  if (engine === undefined) throw new Error('no engine was opened')
  return { bus, engine }
}

/** A bus with its log in the test's hand. */
export interface Observed {
  readonly bus: Bus
  readonly engine: Engine
  readonly close: () => Promise<void>
}

/** Each way of running the bus, observed. Variables given are set beside those of the combination. */
export const observed: readonly { name: string; open: (more?: Environment) => Promise<Observed> }[] = combinations.map(
  ({ name, open }) => ({
    name,
    open: async (more) => {
      if (name === 'embedded') {
        const { bus, engine } = await openSharedBus(1, undefined, more)
        return { bus, engine, close: () => bus.close() }
      }
      const bus = await open(more)
      const engine = await engineOf(bus)
      return {
        bus,
        engine,
        close: async () => {
          await engine.close()
          await bus.close()
        },
      }
    },
  }),
)

/** Two hosts, each with an engine of its own, on the run's Kafka. */
export const openPairOnKafka = (more: Environment = {}): Promise<Bus> =>
  openBus({ ...onKafka(), ...more }, async (environment) => {
    const running = await Promise.all([startBeside(environment), startBeside(environment)])
    return {
      url: running[0].url,
      processes: running.map(({ url }) => url),
      output: () => '',
      close: async () => void (await Promise.all(running.map((host) => host.close()))),
    }
  })

/** An engine as it is, but for how its log appends. */
export function appending(engine: Engine, append: EventLog['append']): Engine {
  const { log } = engine
  return {
    log: {
      append,
      ensureTopics: (topics) => log.ensureTopics(topics),
      read: (from, limits) => log.read(from, limits),
      bounds: (topic, at) => log.bounds(topic, at),
      lowerBound: (partition) => log.lowerBound(partition),
      trim: (partition, before) => log.trim(partition, before),
      own: (group, topics, work) => log.own(group, topics, work),
    },
    registers: engine.registers,
    views: engine.views,
    volatile: engine.volatile,
    ailments: () => engine.ailments(),
    close: () => engine.close(),
  }
}

/** One host on the run's Kafka, with the engine as the test lets it see it. */
export const openSeenOnKafka = (seenBy: (engine: Engine) => Engine): Promise<Bus> =>
  openBus(onKafka(), async (environment) => {
    const engine = await engineIn(environment)
    const host = await startBeside(environment, seenBy(engine))
    return {
      url: host.url,
      processes: [host.url],
      output: () => '',
      close: async () => {
        await host.close()
        await engine.close()
      },
    }
  })

/** The log of a bus on Kafka, past the bus. */
export const engineOf = ({ environment }: Bus): Promise<Engine> => engineIn(environment)

const engineIn = (environment: Environment): Promise<Engine> =>
  openKafkaEngine({
    brokers: (environment['KAFKA_BROKERS'] ?? '').split(','),
    redisUrl: environment['REDIS_URL'] ?? '',
    topicPrefix: environment['TOPIC_PREFIX'] ?? '',
  })
