import { setTimeout as pause } from 'node:timers/promises'

import { type LocalRedis, startRedis } from '@unavez/infra'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { describeWhere } from '@unavez/engine/conformance'

import { ask } from '../setup/ask.ts'
import { type Bus, onKafka, openBus } from '../setup/bus.ts'
import { type Member, startedAs, startMember } from './member.ts'
import { flawless, judge, Traffic } from './traffic.ts'
import { faultWorld } from './world.ts'

const budgetMs = 3_000
/** For a machine that is busy with other things. */
const timeoutMs = 300_000
/** Two instances, so that neither can lean on what it remembers itself. */
describeWhere(process.env['KAFKA_BROKERS'] !== undefined)('A Redis that forgets (kafka)', () => {
  let redis: LocalRedis
  let members: readonly Member[]
  let bus: Bus
  let world: Awaited<ReturnType<typeof faultWorld>>
  beforeAll(async () => {
    redis = await startRedis()
    const engine = { ...onKafka(), REDIS_URL: redis.url, APPEND_BUDGET: String(budgetMs), LOG_LEVEL: 'warn' }
    bus = await openBus(engine, async (environment) => {
      members = await Promise.all([startMember(environment), startMember(environment)])
      return startedAs(members)
    })
    world = await faultWorld(bus)
  })
  afterAll(async () => {
    await bus?.close()
    await redis?.stop()
  })

  /** Loses it while births are published and repeated; then everything must stand as it was answered. */
  async function survive(lose: (traffic: Traffic) => Promise<void>): Promise<Traffic> {
    const { publishers, consumers, css, agreement } = world
    const subscription = await world.subscription(css, agreement)
    const traffic = new Traffic({ publishers, consumers, subscription, series: `s${++series}` })
    try {
      await traffic.progress(150)
      await lose(traffic)
      await traffic.repeat(1)
      await traffic.progress(150, 90_000)
    } finally {
      await traffic.stop()
    }
    expect(traffic.broken).toEqual([])
    const again = await world.subscription(css, agreement)
    expect(await judge(traffic, css, again)).toEqual(flawless)
    return traffic
  }
  let series = 0

  /** Control, written and folded on both instances. */
  async function decide(institution: string): Promise<void> {
    await world.institution(institution)
    await bus.operator.post(`/v1/institutions/${institution}/suspend`, { reason: 'Under review' })
    await bus.operator.post(`/v1/institutions/${institution}/resume`, { reason: 'Reviewed' })
  }

  test(
    'P2: flushed during publishes, no id gets two positions; publishing says rebuilding and recovers; the rest goes on',
    async () => {
      const { refusals } = await survive(async (traffic) => {
        await redis.flush()
        await until(() => traffic.refusals.has('rebuilding'))
        const pages = traffic.reader.pages
        await decide('mides')
        await until(() => traffic.reader.pages > pages)
      })
      expect(refusals.get('rebuilding')).toBeGreaterThan(0)
    },
    timeoutMs,
  )

  test(
    'P2: killed with -9 and started again empty, an instance as well, the same; control needs none of it',
    async () => {
      const { acknowledged } = await survive(async () => {
        await redis.kill()
        const path = `/v1/subscriptions/${world.births}/events`
        expect([200, 503]).toContain((await ask(bus, { path, as: world.css })).status)
        await decide('mef')
        await members[1]?.kill()
        await redis.start()
        await members[1]?.start()
      })
      expect(acknowledged.size).toBeGreaterThan(300)
    },
    timeoutMs,
  )
})

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 60_000; !condition(); await pause(20))
    if (Date.now() > end) throw new Error(`in vain: ${String(condition)}`)
}
