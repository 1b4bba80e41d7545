import { setTimeout as pause } from 'node:timers/promises'

import { missingForLocalKafka } from '@unavez/infra'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { describeWhere } from '@unavez/engine/conformance'

import { appendBudgetMs, type FaultBench, moveLeaders, startFaultBench } from './bench.ts'
import { Ledger } from './ledger.ts'

const partitions = 6
const callers = 48

const missing = process.env['KAFKA_BROKERS'] === undefined ? 'no Kafka was found' : await missingForLocalKafka()

if (missing !== undefined) {
  test('without a Kafka of our own to break, this run was allowed to go on without one', () => {
    expect(process.env['REQUIRE_KAFKA']).not.toBe('1')
  })
}

describeWhere(missing === undefined)('appends and reads under faults', () => {
  let bench: FaultBench
  let topics = 0
  let ledger: Ledger
  let stop: AbortController
  let writing: Promise<void>
  let following: Promise<void>

  beforeAll(async () => {
    bench = await startFaultBench(20_260_301)
  })
  afterAll(() => bench.close())

  beforeEach(async () => {
    const topic = `events.test${++topics}`
    await bench.judge.log.ensureTopics([{ name: topic, partitions, cleanup: 'keep' }])
    ledger = new Ledger({ topic, partitions, budgetMs: appendBudgetMs })
    stop = new AbortController()
    writing = ledger.write(bench.tried, callers, stop.signal)
    const ended = new AbortController()
    following = ledger.follow(bench.tried, ended.signal)
    void writing.finally(() => ended.abort())
  })
  afterEach(async () => {
    for (const proxy of bench.proxies) proxy.misbehave({})
    stop.abort()
    await Promise.all([writing, following])
  })

  /** Calm again, appends must go through again; then everything is compared. */
  async function settle() {
    for (const proxy of bench.proxies) proxy.misbehave({})
    const before = ledger.acknowledged
    const until = Date.now() + 30_000
    while (ledger.acknowledged < before + 500 && Date.now() < until) await pause(50)
    expect(ledger.acknowledged).toBeGreaterThan(before + 499)
    stop.abort()
    await Promise.all([writing, following])
    const verdict = await ledger.judge(bench.judge)
    expect(verdict.broken).toEqual([])
    return verdict
  }

  test('P1: with answers lost, requests cut or late, no acknowledged message is missing, doubled or out of order', async () => {
    const faults = { loseAnswer: 0.01, cutRequest: 0.005, lateRequest: 0.005, delayMsMax: 5 }
    for (const proxy of bench.proxies) proxy.misbehave(faults)
    await pause(12_000)
    const { acknowledged } = await settle()
    expect(acknowledged).toBeGreaterThan(500)
    const happened = bench.proxies.map((proxy) => proxy.happened)
    expect(Math.max(...happened.map(({ loseAnswer }) => loseAnswer))).toBeGreaterThan(0)
    expect(Math.max(...happened.map(({ lateRequest }) => lateRequest))).toBeGreaterThan(0)
  })

  test('P1: leaders that move while messages are under way: nobody’s message is acknowledged unsent', async () => {
    for (let round = 0; round < 5; round++) {
      await pause(1_000)
      for (const proxy of bench.proxies) proxy.misbehave(round % 2 === 0 ? {} : { loseAnswer: 0.02, delayMsMax: 10 })
      await moveLeaders(bench, ledger.topic)
    }
    expect((await settle()).acknowledged).toBeGreaterThan(500)
  })

  test('P1: a broker of three killed with -9, and started again, loses nothing that was acknowledged', async () => {
    const [, victim] = bench.kafka.brokers
    await pause(1_500)
    await victim?.kill()
    await pause(6_000)
    const amid = ledger.acknowledged
    await pause(500)
    expect(ledger.acknowledged).toBeGreaterThan(amid)
    await victim?.start()
    expect((await settle()).acknowledged).toBeGreaterThan(500)
  })

  test('P1: a broker that freezes and comes back as if nothing had been: the others go on, and it spoils nothing', async () => {
    const victim = bench.kafka.brokers[0]?.pid ?? 0
    await pause(1_000)
    process.kill(victim, 'SIGSTOP')
    try {
      await pause(7_000)
      const amid = ledger.acknowledged
      const until = Date.now() + 15_000
      while (ledger.acknowledged < amid + 200 && Date.now() < until) await pause(50)
      expect(ledger.acknowledged).toBeGreaterThan(amid + 199)
    } finally {
      process.kill(victim, 'SIGCONT')
    }
    expect((await settle()).acknowledged).toBeGreaterThan(500)
  })

  test('P1: two brokers of three gone: appends are refused within the budget, and what was called not written never lands', async () => {
    const [first, second] = bench.kafka.brokers
    await pause(1_000)
    await Promise.all([first?.kill(), second?.kill()])
    await pause(appendBudgetMs + 2_000)
    expect(bench.tried.ailments()).not.toEqual([])
    await Promise.all([first?.start(), second?.start()])
    const verdict = await settle()
    expect(verdict.notWritten + verdict.unknown).toBeGreaterThan(0)
    const until = Date.now() + 30_000
    while (bench.tried.ailments().length > 0 && Date.now() < until) await pause(50)
    expect(bench.tried.ailments()).toEqual([])
  })
})
