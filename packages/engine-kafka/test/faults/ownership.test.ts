import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import type { Engine, Owning } from '@unavez/engine'
import { describeWhere } from '@unavez/engine/conformance'
import { type LocalKafka, type LocalRedis, missingForLocalKafka, startKafka, startRedis } from '@unavez/infra'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'

import { openKafkaEngine } from '../../src/index.ts'

const missing = process.env['KAFKA_BROKERS'] === undefined ? 'no Kafka was found' : await missingForLocalKafka()

test('without a Kafka of our own to break, this run was allowed to go on without one', () => {
  expect(missing === undefined || process.env['REQUIRE_KAFKA'] !== '1').toBe(true)
})

const eventually = async (condition: () => boolean, limitMs = 90_000) => {
  const end = Date.now() + limitMs
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not so within ${limitMs} ms: ${condition.toString()}`)
    await pause(20)
  }
}

describeWhere(missing === undefined)('ownership under faults', () => {
  const topic = 'events.owned'
  const partitions = 6
  const sessionMs = 6_000
  const topicPrefix = `owned-${randomUUID().slice(0, 8)}.`
  let kafka: LocalKafka
  let redis: LocalRedis
  let engine: Engine
  const ownings: Owning[] = []
  const children: ChildProcess[] = []

  beforeAll(async () => {
    ;[kafka, redis] = await Promise.all([startKafka({ brokers: 3 }), startRedis()])
    engine = await openKafkaEngine({ brokers: kafka.bootstrap, redisUrl: redis.url, topicPrefix })
    await engine.log.ensureTopics([{ name: topic, partitions, cleanup: 'keep' }])
  })
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    for (const owning of ownings.splice(0)) await owning.close()
  })
  afterAll(async () => {
    await engine.close()
    await kafka.stop()
    await redis.stop()
  })

  /** What runs here right now, and the greatest number of runs of one partition at once. */
  const own = async (group: string) => {
    const running = new Set<number>()
    const doubled: number[] = []
    const owning = await engine.log.own(group, [topic], async ({ partition }, signal) => {
      if (running.has(partition)) doubled.push(partition)
      running.add(partition)
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
      running.delete(partition)
    })
    ownings.push(owning)
    return { owning, running, doubled }
  }

  const startMember = async (group: string) => {
    const script = join(import.meta.dirname, 'member.ts')
    const args = [script, kafka.bootstrap.join(), redis.url, topicPrefix, group, topic]
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: process.env['PATH'] },
    })
    children.push(child)
    const running = new Set<string>()
    child.stdout.on('data', (data) => {
      for (const line of String(data).trim().split('\n')) {
        if (line.startsWith('+')) running.add(line.slice(1))
        else running.delete(line.slice(1))
      }
    })
    await eventually(() => running.size > 0)
    return { child, running }
  }

  test('what a member killed with -9 owned is taken over after its session', async () => {
    const here = await own('killed')
    await eventually(() => here.running.size === partitions)
    const { child, running } = await startMember('killed')
    await eventually(() => running.size === partitions / 2 && here.running.size === partitions / 2)
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    await eventually(() => here.running.size === partitions)
    expect(here.doubled).toEqual([])
  })

  test('a member that was frozen finds that its lease is over before it does anything, and joins again', async () => {
    const here = await own('frozen')
    await eventually(() => here.running.size === partitions)
    const { child, running } = await startMember('frozen')
    await eventually(() => running.size === partitions / 2)
    child.kill('SIGSTOP')
    await eventually(() => here.running.size === partitions)
    child.kill('SIGCONT')
    await eventually(() => running.size === partitions / 2 && here.running.size === partitions / 2)
    expect(here.doubled).toEqual([])
  })

  test('a member whose brokers fall silent stops within half a session by its own clock, and goes on when they answer', async () => {
    const here = await own('silent')
    await eventually(() => here.running.size === partitions)
    const silentAt = performance.now()
    for (const { pid } of kafka.brokers) process.kill(pid, 'SIGSTOP')
    try {
      await eventually(() => here.owning.owned().length === 0 && here.running.size === 0)
      const lateness = performance.now() - silentAt - sessionMs / 2
      expect(lateness).toBeLessThan(sessionMs / 2)
      await eventually(() => engine.ailments().length > 0)
    } finally {
      for (const { pid } of kafka.brokers) process.kill(pid, 'SIGCONT')
    }
    await eventually(() => here.running.size === partitions && here.owning.owned().length === partitions)
    expect(here.doubled).toEqual([])
  })

  test('members outlive each broker, also the one that coordinates them', async () => {
    const here = await own('outlives')
    await eventually(() => here.running.size === partitions)
    for (const broker of kafka.brokers) {
      await broker.kill()
      // Long enough for the lease to end if its coordinator is not found again.
      await pause(sessionMs)
      await eventually(() => here.owning.owned().length === partitions && here.running.size === partitions)
      await broker.start()
      await eventually(() => engine.ailments().length === 0)
    }
    expect(here.doubled).toEqual([])
  })
})
