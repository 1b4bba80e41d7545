// Finds a Kafka and a Redis for the whole run (or says loudly that there is none) and tells the tests where they are.
import { findKafka, findRedis } from '../../infra/src/index.ts'

export default async function start() {
  const running = []
  globalThis.unavezServers = running
  if (process.env.TEST_ENGINES === 'embedded') return say('TEST_ENGINES=embedded')
  const [kafka, redis] = await Promise.all([findKafka(process.env), findRedis(process.env)])
  for (const found of [kafka, redis]) if ('stop' in found) running.push(found)
  const missing = [kafka, redis].flatMap((found) => ('missing' in found ? [found.missing] : []))
  if (missing.length === 0) {
    process.env.KAFKA_BROKERS = kafka.brokers.join(',')
    process.env.REDIS_URL = redis.url
    return
  }
  delete process.env.KAFKA_BROKERS
  await Promise.all(running.splice(0).map((found) => found.stop()))
  say(missing.join(' '))
}

function say(why) {
  if (process.env.REQUIRE_KAFKA === '1') throw new Error(`REQUIRE_KAFKA=1, but: ${why}`)
  process.stderr.write(`\n*** SKIPPED: nothing runs on Kafka here. ${why}\n\n`)
  delete process.env.KAFKA_BROKERS
}
