// A process that owns what it is given until it is killed: `node member.ts brokers redis prefix group topic`.
import { openKafkaEngine } from '../../src/index.ts'

const [brokers = '', redisUrl = '', topicPrefix = '', group = '', topic = ''] = process.argv.slice(2)
const engine = await openKafkaEngine({ brokers: brokers.split(','), redisUrl, topicPrefix })
await engine.log.own(group, [topic], async ({ partition }, signal) => {
  process.stdout.write(`+${partition}\n`)
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  process.stdout.write(`-${partition}\n`)
})
