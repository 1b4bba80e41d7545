import { SchemaRegistry } from '@kafkajs/confluent-schema-registry'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { describeWhere } from '@unavez/engine/conformance'
import { type IHeaders, Kafka, type KafkaMessage, logLevel } from 'kafkajs'

import { type Bus, combinations } from '../setup/bus.ts'
import { birthContract, birthOf, birthType, birthWorld } from '../setup/world.ts'

const isThere = process.env['KAFKA_BROKERS'] !== undefined
const onKafka = combinations.filter(({ name }) => !isThere || name.startsWith('kafka'))

/** Reads a topic from its beginning with a plain consumer, until so many records have come. */
async function consume(bus: Bus, topic: string, wanted: number): Promise<readonly KafkaMessage[]> {
  const { KAFKA_BROKERS = '', TOPIC_PREFIX = '' } = bus.environment
  const kafka = new Kafka({ brokers: KAFKA_BROKERS.split(','), logLevel: logLevel.NOTHING })
  const consumer = kafka.consumer({ groupId: `${TOPIC_PREFIX}plain-tool` })
  const messages: KafkaMessage[] = []
  const all = Promise.withResolvers<void>()
  await consumer.connect()
  try {
    await consumer.subscribe({ topics: [TOPIC_PREFIX + topic], fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ message }) => {
        messages.push(message)
        if (messages.length === wanted) all.resolve()
      },
    })
    await all.promise
    return messages
  } finally {
    await consumer.disconnect()
  }
}

const textOf = (headers: IHeaders | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]))

describeWhere(isThere).each(onKafka)('Standard tools read the log ($name)', ({ open }) => {
  let bus: Bus
  let world: Awaited<ReturnType<typeof birthWorld>>
  let messages: readonly KafkaMessage[]
  beforeAll(async () => {
    bus = await open()
    world = await birthWorld(bus)
    await world.te.publishBatch([birthOf('tool-1', '8-1500-1', { place: 'Ancón' }), birthOf('tool-2', '8-1500-2')])
    messages = await consume(bus, 'events.civil', 2)
  })
  afterAll(() => bus?.close())

  test('a plain Kafka consumer sees CloudEvents as their Kafka binding says, in binary mode', () => {
    const first = messages.map(({ headers }) => textOf(headers)).find((headers) => headers['ce_id'] === 'tool-1')
    expect(first).toMatchObject({
      ce_specversion: '1.0',
      ce_id: 'tool-1',
      ce_source: 'urn:unavez:pa:te:registro',
      ce_type: birthType,
      ce_time: '2026-11-22T10:00:00Z',
      ce_occurredat: '2026-11-20T03:10:00Z',
      ce_dataschema: `${bus.issuer}/v1/contracts/${birthType}/versions/1`,
      'content-type': 'application/avro',
    })
    expect(first?.['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)
  })

  test('P7: the key is the pseudonym of the key subject, and no header holds an identifier', () => {
    for (const { key, headers } of messages) {
      const text = textOf(headers)
      expect(String(key)).toBe(text['ce_subject'])
      expect(`${String(key)} ${JSON.stringify(text)}`).not.toMatch(/8-1500-|8-765-4321/)
    }
    expect(new Set(messages.map(({ key }) => String(key))).size).toBe(2)
  })

  test('a Confluent registry client decodes the value through /registry, with a system’s id and token by Basic', async () => {
    const registry = new SchemaRegistry({
      host: `${bus.url}/registry`,
      auth: { username: world.css.clientId, password: await world.css.token() },
    })
    const decoded = await Promise.all(messages.map(async ({ value }) => registry.decode(value ?? Buffer.alloc(0))))
    const children = new Map(decoded.map((record: { child: string }) => [record.child, { ...record }]))
    expect(children.get('8-1500-1')).toMatchObject({ place: 'Ancón', mother: '8-765-4321' })
    expect(children.get('8-1500-2')).toMatchObject({ place: null })
    const { namespace, name } = birthContract.schema
    const id = await registry.getLatestSchemaId(`${namespace}.${name}`)
    expect(messages[0]?.value?.readInt32BE(1)).toBe(id)
  })

  test('the registry says no to whoever has no token, in the shape that its clients read', async () => {
    const answer = await fetch(`${bus.url}/registry/subjects`)
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ error_code: 40101 })
  })
})
