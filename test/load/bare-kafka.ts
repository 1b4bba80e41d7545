import { Kafka, logLevel } from 'kafkajs'

import { serve } from './bare-route.ts'

// `POST /v1/events` as bare as it can be on kafkajs's own producer: what queued while a send flew is the next send, acks = all.

const brokers = (process.argv[2] ?? '').split(',')
const topic = 'bare'
const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING })
const admin = kafka.admin()
await admin.connect()
await admin.createTopics({ topics: [{ topic, numPartitions: 12, replicationFactor: Math.min(3, brokers.length) }] })
await admin.disconnect()
const producer = kafka.producer({ allowAutoTopicCreation: false })
await producer.connect()

interface Waiting {
  readonly body: string
  readonly resolve: (id: number) => void
  readonly reject: (error: unknown) => void
}

let queue: Waiting[] = []
let flying = false
let sent = 0

async function send(): Promise<void> {
  flying = true
  while (queue.length > 0) {
    const batch = queue
    queue = []
    try {
      const messages = batch.map(({ body }) => ({ value: body, partition: sent++ % 12 }))
      await producer.send({ topic, acks: -1, messages })
      for (const { resolve } of batch) resolve(sent)
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }
  flying = false
}

await serve({
  write: (body) =>
    new Promise((resolve, reject) => {
      queue.push({ body, resolve, reject })
      if (!flying) setImmediate(() => !flying && void send())
    }),
})
