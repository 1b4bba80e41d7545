import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Engine, EngineError } from '@unavez/engine'
import { describeWhere } from '@unavez/engine/conformance'

import { ask, problemIn } from '../setup/ask.ts'
import type { Bus } from '../setup/bus.ts'
import { appending, openSeenOnKafka } from '../setup/engines.ts'
import { birthOf, birthWorld } from '../setup/world.ts'

/** What its log says to disclosures, as long as that is asked for. */
const refusing = (engine: Engine, refuses: () => boolean): Engine =>
  appending(engine, (message) =>
    message.topic === 'disclosures' && refuses()
      ? Promise.reject(new EngineError('not-written', 'the replicas are not in sync'))
      : engine.log.append(message),
  )

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
