import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'

import { openSharedBus, type SharedBus } from '../setup/engines.ts'
import { onLoopback, pushWorld, until } from '../setup/push-world.ts'
import { Webhook } from '../setup/webhook.ts'
import { birthOf } from '../setup/world.ts'

const subjects = 5

describe('Owners of a partition that change hands or overlap', () => {
  let shared: SharedBus
  let world: Awaited<ReturnType<typeof pushWorld>>
  let hook: Webhook
  beforeAll(async () => {
    shared = await openSharedBus(2, (engine) => engine, onLoopback)
    world = await pushWorld(shared.bus)
    hook = await new Webhook().open()
    await world.pushed(hook.url())
  })
  afterEach(() => void (hook.answer = () => 204))
  afterAll(async () => {
    await shared?.bus.close()
    await hook?.close()
  })

  const publish = (series: string, count: number) =>
    world.te.publishBatch(
      Array.from({ length: count }, (_, i) => birthOf(`${series}-${i}`, `8-4000-${(i % subjects) + 1}`)),
    )

  /** All of a series came, each subject's first arrivals in order, and repeats under the id of the first. */
  async function expectAll(series: string, count: number): Promise<void> {
    const ofSeries = () => hook.delivered.filter((id) => id.startsWith(`${series}-`))
    await until(() => ofSeries().length === count, `all ${count} of ${series} arrive`)
    const numbers = ofSeries().map((id) => Number(id.slice(series.length + 1)))
    for (let subject = 0; subject < subjects; subject += 1) {
      const own = numbers.filter((number) => number % subjects === subject)
      expect(own).toEqual(own.toSorted((a, b) => a - b))
    }
    for (const id of ofSeries()) expect(new Set(hook.of(id).map(({ webhookId }) => webhookId)).size).toBe(1)
  }

  test('P3, P4: work that is taken away and given back again and again loses nothing', async () => {
    const published = publish('handed', 100)
    for (let i = 0; i < 3; i += 1) await shared.engine.misbehaviour.rebalance()
    await published
    await expectAll('handed', 100)
  })

  test('P3, P4: with two owners at once the later fences the earlier; nothing is lost, and afterwards nothing comes twice', async () => {
    await shared.engine.misbehaviour.twoOwners(true)
    await publish('doubled', 60)
    await expectAll('doubled', 60)
    await shared.engine.misbehaviour.twoOwners(false)
    await publish('single', 40)
    await expectAll('single', 40)
  })

  test('P8, P4: while disclosures can not be written nothing leaves, and then everything comes', async () => {
    const before = hook.arrivals.length
    const outcomes = Array.from({ length: 40 }, () => 'not-written' as const)
    shared.engine.misbehaviour.appendOutcomes('disclosures', outcomes)
    await publish('undisclosed', 30)
    await expectAll('undisclosed', 30)
    expect(hook.arrivals.length - before).toBeGreaterThanOrEqual(30)
  })

  test('no cursor depends on the views: lost or rolled back, nothing comes again', async () => {
    await publish('settled', 20)
    await expectAll('settled', 20)
    const before = hook.arrivals.length
    await shared.engine.misbehaviour.rollBackViews()
    await publish('after-loss', 20)
    await expectAll('after-loss', 20)
    expect(hook.arrivals.length - before).toBe(20)
  })
})
