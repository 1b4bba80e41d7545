import { setTimeout as pause } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { type Bus, onKafka, openBus } from '../setup/bus.ts'
import { onLoopback, pushWorld, until } from '../setup/push-world.ts'
import { Webhook } from '../setup/webhook.ts'
import { type Member, startedAs, startMember } from './member.ts'
import { Traffic } from './traffic.ts'
import { faultWorld } from './world.ts'

const kafka = process.env['KAFKA_BROKERS'] !== undefined
/** For a machine that is busy with other things. */
const timeoutMs = 300_000

const deployments = [
  { name: 'embedded', engine: () => ({ ENGINE: 'embedded' }), processes: 1 },
  ...(kafka ? [{ name: 'one of two on kafka', engine: onKafka, processes: 2 }] : []),
]

describe.each(deployments)('Delivery killed with -9 ($name)', ({ engine, processes }) => {
  let bus: Bus
  let members: readonly Member[]
  let world: Awaited<ReturnType<typeof faultWorld>>
  let hook: Webhook
  beforeAll(async () => {
    const environment = { ...engine(), ...onLoopback, APPEND_BUDGET: '3000', LOG_LEVEL: 'warn' }
    bus = await openBus(environment, async (all) => {
      members = await Promise.all(Array.from({ length: processes }, () => startMember(all)))
      return startedAs(members)
    })
    hook = await new Webhook().open()
    world = await faultWorld(bus)
  }, timeoutMs)
  afterAll(async () => {
    await bus?.close()
    await hook?.close()
  })

  test(
    'P3, P4: everything acknowledged arrives, in its order; what comes again has its webhook id and was not settled',
    async () => {
      const { publishers, consumers, births: subscription } = world
      await (await pushWorld(bus, world)).pushed(hook.url())
      const traffic = new Traffic({ publishers, consumers, subscription })
      try {
        for (let round = 0; round < 2; round += 1) {
          await traffic.progress(150)
          await pause(Math.random() * 500)
          const victim = members[round % members.length]
          await victim?.kill()
          if (processes > 1) await traffic.progress(50)
          await victim?.start()
        }
        await traffic.progress(100)
      } finally {
        await traffic.stop()
      }
      const isThere = (): boolean => {
        const delivered = new Set(hook.delivered)
        return [...traffic.acknowledged.keys()].every((id) => delivered.has(id))
      }
      await until(isThere, 'everything acknowledged arrives', 120_000)
      for (const id of traffic.acknowledged.keys())
        expect(new Set(hook.of(id).map(({ webhookId }) => webhookId)).size).toBe(1)
      const last = new Map<string, number>()
      for (const id of hook.delivered) {
        const [writer = '', number = ''] = id.split('-')
        expect(Number(number)).toBeGreaterThan(last.get(writer) ?? -1)
        last.set(writer, Number(number))
      }
      // Two kills: at most two windows of each partition.
      const repeated = hook.arrivals.length - new Set(hook.arrivals.map(({ event }) => event.id)).size
      expect(repeated).toBeLessThanOrEqual(2 * 12 * 32)
    },
    timeoutMs,
  )
})
