import { controlLatency } from './latency.ts'
import {
  batchesEmbedded,
  batchesKafka,
  publishEmbedded,
  publishKafka,
  scheduleEmbedded,
  scheduleKafka,
} from './publish.ts'
import { drainBacklog } from './pull.ts'
import { pushArrival } from './push.ts'
import { onStores } from './servers.ts'
import { countrySizes } from './sizes.ts'
import { startToReady } from './start.ts'
import { tokens } from './token.ts'

// `npm run load -- [names]`: measures, tells, never judges. Each runs for a minute or two, over loopback, on its own servers.

const benchmarks: Readonly<Record<string, { readonly about: string; readonly run: () => Promise<string> }>> = {
  publish: {
    about:
      'one event of 1 KB per request, 256 connections; embedded beside a bare Fastify route on group-committed SQLite',
    run: publishEmbedded,
  },
  'publish-kafka': {
    about: 'the same on one broker, beside a bare Fastify route with coalesced sends of kafkajs (acks = all)',
    run: () => publishKafka(1),
  },
  'publish-kafka-3': { about: 'the same on three brokers', run: () => publishKafka(3) },
  schedule: { about: 'the same events at 2,000, 4,000 and 6,000 per second, embedded', run: scheduleEmbedded },
  'schedule-kafka': { about: 'the same on one broker', run: () => scheduleKafka(1) },
  'schedule-kafka-3': { about: 'the same on three brokers', run: () => scheduleKafka(3) },
  batches: { about: 'batches of 100 on 16 connections beside single events on 256, embedded', run: batchesEmbedded },
  drain: {
    about: 'one consumer, pages of 1000, authorised, disclosed, trimmed; embedded beside a bare route',
    run: () => drainBacklog(),
  },
  'drain-kafka': { about: 'the same on one broker', run: () => onStores(1, drainBacklog) },
  push: {
    about: 'from publishing to the webhook’s arrival; one of 20 receivers dead; new and idle subscriptions; embedded',
    run: () => pushArrival(),
  },
  'push-kafka': { about: 'the same on one broker', run: () => onStores(1, pushArrival) },
  start: { about: 'from starting the process to ready', run: startToReady },
  latency: { about: 'control writes, and another instance, on one broker', run: () => onStores(1, controlLatency) },
  'latency-embedded': {
    about: 'the same, between two instances in this process on the embedded engine',
    run: () => controlLatency(),
  },
  sizes: {
    about: 'a registry of a country’s size, embedded: from snapshot to ready, memory, answers of policy on one core',
    run: countrySizes,
  },
  token: {
    about: 'access tokens for signed assertions, EdDSA and ES256, 64 connections, embedded',
    run: tokens,
  },
  'batches-kafka': { about: 'the same on one broker', run: batchesKafka },
}

// Servers that were started end with this process, however it ends.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))

const usual = Object.keys(benchmarks).filter((name) => !name.endsWith('-kafka-3'))
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => benchmarks[name] === undefined)
if (unknown.length > 0) {
  process.stderr.write(
    `No benchmark is called ${unknown.join(', ')}. There are: ${Object.keys(benchmarks).join(', ')}.\n`,
  )
  process.exit(1)
}
for (const name of asked.length === 0 ? usual : asked) {
  const benchmark = benchmarks[name]
  if (benchmark === undefined) continue
  process.stdout.write(`\n${name}: ${benchmark.about}\n`)
  process.stdout.write(`${await benchmark.run()}\n`)
}
