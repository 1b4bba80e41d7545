import { setTimeout as pause } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Engine } from '@unavez/engine'

import { type Bus, combinations } from '../setup/bus.ts'
import { disclosuresOf } from '../setup/disclosures.ts'
import { engineOf, openSharedBus } from '../setup/engines.ts'
import { openStream } from '../setup/stream.ts'
import { birthOf, birthWorld, birthType, openWorld } from '../setup/world.ts'

/** More bytes than the sockets between two programs keep, several times over. */
const events = 1500
const place = 'x'.repeat(24_000)

/** Each way of running the bus in one process, with its log in the test's hand; a proxy in front would keep bytes, too. */
const observed: readonly { name: string; open: () => Promise<{ bus: Bus; engine: Engine }> }[] = combinations
  .filter(({ name }) => !name.includes('per service'))
  .map(({ name, open }) => ({
    name,
    open: async () => {
      if (name === 'embedded') return openSharedBus()
      const bus = await open()
      return { bus, engine: await engineOf(bus) }
    },
  }))

describe.each(observed)('A slow reader ($name)', ({ name, open }) => {
  let opened: Awaited<ReturnType<typeof open>>
  let world: Awaited<ReturnType<typeof birthWorld>>
  beforeAll(async () => {
    opened = await open()
    world = await birthWorld(opened.bus)
    for (let first = 0; first < events; first += 100) {
      const births = Array.from({ length: 100 }, (_, i) => birthOf(`slow-${first + i}`, `8-${i + 1}-1`, { place }))
      // What a busy machine did not take in time is offered again under its id.
      for (let left = births; left.length > 0;) {
        const results = await world.te.publishBatch(left)
        const taken = results.map((each) => 'acceptedAt' in each)
        const refused = results.filter((each) => !('acceptedAt' in each))
        if (refused.some(({ status }) => status !== 503)) throw new Error(JSON.stringify(refused))
        left = left.filter((_, i) => taken[i] !== true)
      }
    }
  })
  afterAll(async () => {
    if (name !== 'embedded') await opened?.engine.close()
    await opened?.bus.close()
  })

  test('P14: nothing is read ahead for it, others are not concerned, and once it reads it gets everything once', async () => {
    const { css, te } = world
    const { bus, engine } = opened
    const steps = openWorld(bus)
    const agreement = await steps.agreement(css, te, { contract: birthType, fields: ['child', 'place'] })
    const subscription = await steps.subscription(css, agreement)
    const open = (after = '') =>
      openStream(bus, {
        path: `/v1/subscriptions/${subscription}/events?${after}`,
        as: css,
        accept: 'application/x-ndjson',
      })
    let stream = await open()
    const shown = async (): Promise<number> =>
      (await disclosuresOf(engine, subscription)).flat().reduce((sum, { record }) => sum + record.count, 0)
    let before = -1
    for (let now = await shown(); now !== before; now = await shown()) {
      before = now
      await pause(500)
    }
    expect(before).toBeLessThan(events)
    expect((await css.pull(world.births, { limit: 1000 })).events.length).toBeGreaterThan(0)
    const ids = new Set<string>()
    let repeated = 0
    let isWhole = true
    for (let line = await stream.next(), cursor = ''; line !== undefined; line = await stream.next()) {
      const { id, next, problem } = JSON.parse(line) as { id?: string; next?: string; problem?: { status: number } }
      if (id !== undefined && ids.has(id)) repeated += 1
      if (id !== undefined) ids.add(id)
      cursor = next ?? cursor
      if (problem === undefined) continue
      // A machine that is too busy to prove its policy says so: whoever comes back goes on, and may get a page again.
      expect(problem).toMatchObject({ status: 503 })
      isWhole = false
      stream = await open(cursor === '' ? '' : `after=${cursor}`)
    }
    expect(ids.size).toBe(events)
    if (!isWhole) return
    expect(repeated).toBe(0)
    expect(await shown()).toBe(events)
  })
})
