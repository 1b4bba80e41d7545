import { startKafka } from './kafka.ts'
import { startRedis } from './redis.ts'
import { missingForLocalKafka } from './jars.ts'

// `npm run kafka`, `npm run kafka 3`: brokers and a Redis for people, until Ctrl-C.
const wanted = process.argv[2] ?? '1'

async function run(): Promise<void> {
  const missing = await missingForLocalKafka()
  if (missing !== undefined) return complain(`No local Kafka can be started here. ${missing}`)
  if (wanted !== '1' && wanted !== '3') return complain(`How many brokers? 1 or 3, not "${wanted}".`)
  process.stdout.write(`Starting ${wanted} Kafka broker${wanted === '1' ? '' : 's'} and a Redis…\n`)
  const begun = await Promise.allSettled([startKafka({ brokers: wanted === '1' ? 1 : 3 }), startRedis()])
  const running = begun.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const stop = async (): Promise<void> => void (await Promise.all(running.map((server) => server.stop())))
  const [kafka, redis] = begun
  if (kafka.status === 'rejected' || redis.status === 'rejected') {
    await stop()
    return complain(begun.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : [])).join('\n'))
  }
  const settings = `ENGINE=kafka KAFKA_BROKERS=${kafka.value.bootstrap.join(',')} REDIS_URL=${redis.value.url}`
  process.stdout.write(`Ready. In another terminal:\n\n  ${settings} npm start\n\nCtrl-C ends them; their data goes.\n`)
  await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, resolve)
  })
  await stop()
}

function complain(why: string): void {
  process.stderr.write(`${why}\n`)
  process.exitCode = 1
}

await run()
