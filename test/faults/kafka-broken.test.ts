import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

import { type LocalKafka, type LocalRedis, missingForLocalKafka, startKafka, startRedis } from '@unavez/infra'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { describeWhere } from '@unavez/engine/conformance'

import { type Bus, openBus } from '../setup/bus.ts'
import { messagesOf } from '../setup/disclosures.ts'
import { engineOf } from '../setup/engines.ts'
import { birthOf } from '../setup/world.ts'
import { type Member, startedAs, startMember } from './member.ts'
import { flawless, judge, passing, Traffic } from './traffic.ts'
import { faultWorld } from './world.ts'

const missing = process.env['KAFKA_BROKERS'] === undefined ? 'no Kafka was found' : await missingForLocalKafka()
const sizes = [3, 1] as const

if (missing !== undefined) {
  test('without a Kafka of our own to break, this run was allowed to go on without one', () => {
    expect(process.env['REQUIRE_KAFKA']).not.toBe('1')
  })
}

/** On one broker nothing has to be elected, so the budget may be short; on three it must exceed an election. */
const budgetsMs = { 1: 3_000, 3: 12_000 } as const

/** For a machine that is busy with other things. */
const timeoutMs = 300_000

type Birth = ReturnType<typeof birthOf>

const outageBirths = 1_500
const place = 'x'.repeat(4_000)

const residentMegabytes = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024

describeWhere(missing === undefined).each(sizes)('The bus on a Kafka of %i that breaks', (brokers) => {
  const budgetMs = budgetsMs[brokers]
  let kafka: LocalKafka
  let redis: LocalRedis
  let member: Member
  let bus: Bus
  let world: Awaited<ReturnType<typeof faultWorld>>
  beforeAll(async () => {
    ;[kafka, redis] = await Promise.all([startKafka({ brokers }), startRedis()])
    const engine = {
      ENGINE: 'kafka',
      KAFKA_BROKERS: kafka.bootstrap.join(','),
      REDIS_URL: redis.url,
      TOPIC_PREFIX: 'broken.',
      APPEND_BUDGET: String(budgetMs),
      LOG_LEVEL: 'warn',
    }
    bus = await openBus(engine, async (environment) => {
      member = await startMember(environment)
      return startedAs([member])
    })
    world = await faultWorld(bus)
  }, timeoutMs)
  afterAll(async () => {
    await bus?.close()
    await Promise.all([kafka?.stop(), redis?.stop()])
  })

  test(
    'P1, P2, P3: brokers killed with -9 and started again lose, double and disorder nothing; reading goes on',
    async () => {
      const { publishers, consumers, births: subscription } = world
      const traffic = new Traffic({ publishers, consumers, subscription })
      try {
        await traffic.progress(100)
        for (const broker of kafka.brokers.slice(0, 1)) {
          await broker.kill()
          // Two of three are enough to go on; the only one is not.
          if (brokers === 3) await traffic.progress(50)
          else await pause(1_000)
          await broker.start()
          await traffic.progress(50)
        }
      } finally {
        await traffic.stop()
      }
      expect(traffic.broken).toEqual([])
      const again = await world.subscription(world.css, world.agreement)
      expect(await judge(traffic, world.css, again)).toEqual(flawless)
    },
    timeoutMs,
  )

  if (brokers === 1)
    test(
      'P1, P14: with the only broker gone, publishing says 503 in time and holds little; nothing lands later; it recovers alone',
      async () => {
        const [broker] = kafka.brokers
        const births = Array.from({ length: outageBirths }, (_, i) => birthOf(`x-${i}`, `8-6000-${i + 1}`, { place }))
        await untilAccepted(birthOf('before-x', '8-6000-1'))
        const before = residentMegabytes(member.pid)
        await broker?.kill()
        const refused = await Promise.all(births.map(publishOnce))
        expect(refused.filter(({ error }) => !passing(error))).toEqual([])
        // Two budgets, and what a slow machine takes to answer them all.
        expect(Math.max(...refused.map(({ tookMs }) => tookMs))).toBeLessThan(2 * budgetMs + 20_000)
        expect(residentMegabytes(member.pid) - before).toBeLessThan(400)
        expect((await fetch(`${bus.url}/health/ready`)).status).toBe(503)
        expect((await fetch(`${bus.url}/health/live`)).status).toBe(200)

        await broker?.start()
        // One birth in each partition's wake proves that its queue has moved on.
        await Promise.all(Array.from({ length: 60 }, (_, i) => untilAccepted(birthOf(`y-${i}`, `8-7000-${i + 1}`))))
        const landed = await idsInLog()
        expect(landed.filter((id) => id.startsWith('y-'))).toHaveLength(60)
        expect(landed.filter((id) => id.startsWith('x-'))).toEqual([])
        await Promise.all(births.slice(0, 20).map(untilAccepted))
        expect((await idsInLog()).filter((id) => id.startsWith('x-'))).toHaveLength(20)
      },
      timeoutMs,
    )

  async function publishOnce(birth: Birth): Promise<{ error: unknown; tookMs: number }> {
    const begun = performance.now()
    const error = await world.publishers[0]?.publish(birth).catch((e: unknown) => e)
    return { error, tookMs: performance.now() - begun }
  }

  async function untilAccepted(birth: Birth): Promise<void> {
    for (const end = Date.now() + 60_000; ; await pause(100)) {
      const { error } = await publishOnce(birth)
      if (!(error instanceof Error)) return
      if (!passing(error) || Date.now() > end) throw error
    }
  }

  async function idsInLog(): Promise<readonly string[]> {
    const engine = await engineOf(bus)
    try {
      const partitions = Array.from({ length: 12 }, (_, partition) => partition)
      const all = await Promise.all(partitions.map((partition) => messagesOf(engine, 'events.civil', partition)))
      return all.flat().map(({ headers }) => String(headers['ce_id']))
    } finally {
      await engine.close()
    }
  }
})
