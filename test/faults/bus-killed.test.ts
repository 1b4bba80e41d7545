import { setTimeout as pause } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { type Bus, onKafka, openBus } from '../setup/bus.ts'
import { type Member, startedAs, startMember } from './member.ts'
import { flawless, judge, Traffic } from './traffic.ts'
import { faultWorld } from './world.ts'

const kafka = process.env['KAFKA_BROKERS'] !== undefined
/** For a machine that is busy with other things. */
const timeoutMs = 300_000

/** What is killed: the only process of an embedded bus, or one of two that share a Kafka. */
const deployments = [
  { name: 'embedded', engine: () => ({ ENGINE: 'embedded' }), processes: 1, rounds: 3 },
  ...(kafka ? [{ name: 'one of two on kafka', engine: onKafka, processes: 2, rounds: 2 }] : []),
]

describe.each(deployments)('The bus killed with -9 ($name)', ({ engine, processes, rounds }) => {
  let bus: Bus
  let members: readonly Member[]
  let world: Awaited<ReturnType<typeof faultWorld>>
  beforeAll(async () => {
    // The budget is what a publisher waits for an instance that died while it held a claim.
    bus = await openBus({ ...engine(), APPEND_BUDGET: '3000', LOG_LEVEL: 'warn' }, async (environment) => {
      members = await Promise.all(Array.from({ length: processes }, () => startMember(environment)))
      return startedAs(members)
    })
    world = await faultWorld(bus)
  }, timeoutMs)
  afterAll(() => bus?.close())

  test(
    'P1, P2, P3: every acknowledged event is there once, where it was said to be, in its order; cursors stay',
    async () => {
      const { publishers, consumers, births: subscription } = world
      const traffic = new Traffic({ publishers, consumers, subscription })
      try {
        for (let round = 0; round < rounds; round += 1) {
          await traffic.progress(100)
          await pause(Math.random() * 500)
          const victim = members[Math.floor(Math.random() * members.length)]
          await victim?.kill()
          if (processes > 1) await traffic.progress(50)
          await victim?.start()
        }
        await traffic.progress(100)
      } finally {
        await traffic.stop()
      }
      expect(traffic.broken).toEqual([])
      const again = await world.subscription(world.css, world.agreement)
      expect(await judge(traffic, world.css, again)).toEqual(flawless)
    },
    timeoutMs,
  )
})
