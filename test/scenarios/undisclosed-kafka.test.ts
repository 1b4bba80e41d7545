import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Engine, EngineError, type EventLog } from '@unavez/engine'
import { describeWhere } from '@unavez/engine/conformance'

import { ask, problemIn } from '../setup/ask.ts'
import type { Bus } from '../setup/bus.ts'
import { openSeenOnKafka } from '../setup/engines.ts'
import { birthOf, birthWorld } from '../setup/world.ts'

/** The engine as it is, but for what its log says to disclosures. */
function refusing(engine: Engine, refuses: () => boolean): Engine {
  const { log } = engine
  const append: EventLog['append'] = (message) =>
    message.topic === 'disclosures' && refuses()
      ? Promise.reject(new EngineError('not-written', 'the replicas are not in sync'))
      : log.append(message)
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

describeWhere(process.env['KAFKA_BROKERS'] !== undefined)('Nothing leaves without a record (kafka)', () => {
  let bus: Bus
  let world: Awaited<ReturnType<typeof birthWorld>>
  let refuses = false
  beforeAll(async () => {
    bus = await openSeenOnKafka((engine) => refusing(engine, () => refuses))
    world = await birthWorld(bus)
    await world.te.publishBatch(Array.from({ length: 24 }, (_, i) => birthOf(`shown-${i}`, `8-4000-${i + 1}`)))
  })
  afterAll(() => bus?.close())

  test('P8: a page whose disclosure the log refuses does not leave, and leaves whole once the log takes it', async () => {
    const pull = () => ask(bus, { path: `/v1/subscriptions/${world.births}/events?limit=100`, as: world.css })
    refuses = true
    const refused = await pull()
    problemIn(refused, 'unavailable')
    expect(refused.text).not.toContain('shown-')
    refuses = false
    const { json } = await pull()
    expect((json as { events: readonly unknown[] }).events).toHaveLength(24)
  })
})
