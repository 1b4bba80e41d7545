import { setTimeout as pause } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Engine } from '@unavez/engine'
import { openControl, openKeys, systemClock } from '@unavez/service-kit'

import { idsKey, idsSource, Pages } from '../../packages/exchange/src/index.ts'
import { Retention } from '../../services/gateway/src/retention/retention.ts'
import { ask, problemIn } from '../setup/ask.ts'
import { type Bus, combinations } from '../setup/bus.ts'
import { messagesOf } from '../setup/disclosures.ts'
import { engineOf, openSharedBus } from '../setup/engines.ts'
import { birthOf, birthWorld } from '../setup/world.ts'

const topic = 'events.civil'
const dayMs = 86_400_000
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const partitions = Array.from({ length: 12 }, (_, partition) => partition)

const observed = combinations.map(({ name, open }) => ({
  name,
  open: async (): Promise<{ bus: Bus; engine: Engine; close: () => Promise<void> }> => {
    if (name === 'embedded') {
      const { bus, engine } = await openSharedBus()
      return { bus, engine, close: () => bus.close() }
    }
    const bus = await open()
    const engine = await engineOf(bus)
    return { bus, engine, close: async () => void (await Promise.all([engine.close(), bus.close()])) }
  },
}))

describe.each(observed)('Forgetting ($name)', ({ open }) => {
  let opened: Awaited<ReturnType<typeof open>>
  let world: Awaited<ReturnType<typeof birthWorld>>
  beforeAll(async () => {
    opened = await open()
    world = await birthWorld(opened.bus)
  })
  afterAll(() => opened?.close())

  /** The job of the bus, by a clock that is so many days ahead. */
  async function lookAfter(days: number): Promise<{ trimmed: number; ended: readonly string[] }> {
    const { bus, engine } = opened
    const closing = new AbortController()
    const keys = openKeys(Buffer.from(bus.environment['MASTER_KEY'] ?? '', 'base64'))
    const clock = { ...systemClock, now: () => new Date(Date.now() + days * dayMs) }
    const common = { engine, keys, clock, closing: closing.signal }
    const control = await openControl({ ...common, leaseMs: 1000, log: quiet })
    const settings = { publicUrl: bus.issuer, operatorKeys: [], policyLeaseMs: 1000, appendBudgetMs: 15_000 }
    const pages = new Pages({ ...common, control, settings }, () => undefined)
    const ended: string[] = []
    let trimmed = 0
    const retention = new Retention({
      surroundings: { engine, control, clock },
      pages,
      onPinned: () => undefined,
      onEnded: (id) => ended.push(id),
      onTrimmed: (_, records) => (trimmed += records),
    })
    for (const partition of partitions) await retention.look(partition)
    closing.abort()
    await control.close()
    return { trimmed, ended }
  }

  async function folded(): Promise<void> {
    const { log, views } = opened.engine
    for (const { partition, next } of await log.bounds(topic)) {
      while ((await views.checkpoint(idsSource(topic, partition))) < next) await pause(20)
    }
  }

  test('P16: once taken and past its retention an event is in no store; what is due to anybody stays; the bus goes on', async () => {
    const { te, css, births } = world
    const { bus, engine } = opened
    const first = await css.pull(births)
    const ids = Array.from({ length: 30 }, (_, i) => `forgotten-${i}`)
    await te.publishBatch(ids.map((id, i) => birthOf(id, `8-77-${i + 1}`)))
    await folded()
    expect(await lookAfter(91)).toEqual({ trimmed: 0, ended: [] })
    const { events, next } = await css.pull(births, { limit: 1000 })
    expect(events).toHaveLength(30)
    await css.commit(births, next)
    expect(await lookAfter(91)).toEqual({ trimmed: 30, ended: [] })

    for (const id of ids) expect(await engine.views.get(idsKey({ institution: 'te', id }))).toBeUndefined()
    for (const { partition, first: oldest, next: end } of await engine.log.bounds(topic)) {
      expect({ partition, oldest }).toEqual({ partition, oldest: end })
    }
    for (const each of ['disclosures', 'control']) {
      for (const partition of each === 'control' ? [0] : partitions) {
        for (const { key, value, headers } of await messagesOf(engine, each, partition)) {
          expect([key, value, ...Object.values(headers)].map(String).join('\n')).not.toContain('forgotten-')
        }
      }
    }
    const path = `/v1/subscriptions/${births}/events?after=${first.next}`
    const gone = problemIn(await ask(bus, { path, as: css }), 'position-gone')
    expect(gone.remedy).toEqual(expect.any(String))
    const digest = await css.digest(births, { from: first.next, to: next })
    expect(digest).toMatchObject({ whole: false })
    await te.publish(birthOf('kept', '8-77-1'))
    expect((await css.pull(births, { wait: 10 })).events.map(({ id }) => id)).toEqual(['kept'])
  })

  test('P16: a subscription that takes nothing is ended after retention and grace, with a problem that says so', async () => {
    const { css, births } = world
    await folded()
    expect((await lookAfter(103)).ended).toEqual([])
    expect((await lookAfter(105)).ended).toEqual([births])
    const path = `/v1/subscriptions/${births}/events`
    for (;;) {
      const answered = await ask(opened.bus, { path, as: css })
      if (answered.status === 200) continue
      expect(problemIn(answered).status).toBe(403)
      break
    }
    expect(await css.get(`/v1/subscriptions/${births}`)).toMatchObject({ state: 'ended' })
    expect((await lookAfter(105)).trimmed).toBe(1)
  })
})
