import { setTimeout as pause } from 'node:timers/promises'

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Engine } from '@unavez/engine'
import type { EmbeddedEngine } from '@unavez/engine-embedded'

import { ask, problemIn } from '../setup/ask.ts'
import type { Bus } from '../setup/bus.ts'
import { appending, openSharedBus } from '../setup/engines.ts'
import { birthOf, birthWorld } from '../setup/world.ts'

/** What a test may do between the moment in which a disclosure is durable and the moment in which the bus learns it. */
interface Between {
  work?: (() => Promise<void>) | undefined
}

const waitingAfterDisclosure = (engine: EmbeddedEngine, between: Between): Engine =>
  appending(engine, async (message) => {
    const done = await engine.log.append(message)
    if (message.topic === 'disclosures') await between.work?.()
    return done
  })

describe('Nothing leaves without a record and a policy that is fresh (embedded, misbehaving)', () => {
  const between: Between = {}
  let bus: Bus
  let engine: EmbeddedEngine
  let world: Awaited<ReturnType<typeof birthWorld>>
  beforeAll(async () => {
    ;({ bus, engine } = await openSharedBus(1, (opened) => waitingAfterDisclosure(opened, between)))
    world = await birthWorld(bus)
    await world.te.publishBatch(Array.from({ length: 24 }, (_, i) => birthOf(`shown-${i}`, `8-4000-${i + 1}`)))
  })
  beforeEach(() => {
    between.work = undefined
    engine?.misbehaviour.freeze('control', false)
  })
  afterAll(() => bus?.close())

  const pull = () => ask(bus, { path: `/v1/subscriptions/${world.births}/events?limit=100`, as: world.css })
  const publish = (id: string) =>
    ask(bus, {
      path: '/v1/events',
      as: world.te,
      headers: { 'content-type': 'application/cloudevents+json' },
      body: JSON.stringify({
        specversion: '1.0',
        source: 'urn:unavez:pa:te:registro',
        datacontenttype: 'application/json',
        ...birthOf(id, '8-4000-99'),
      }),
    })
  /** Asks until that is the answer; rejects with the last one. */
  async function until(wanted: string, asking: typeof pull): Promise<void> {
    const end = Date.now() + 30_000
    for (;;) {
      const { status, json } = await asking()
      const code = status < 300 ? 'yes' : (json as { code: string }).code
      if (code === wanted) return
      if (Date.now() > end) throw new Error(`still ${code}, not ${wanted}`)
      await pause(50)
    }
  }
  const change = (what: 'suspend' | 'resume') =>
    world.te.post(`/v1/agreements/${world.agreement}/${what}`, { reason: 'Under review' })

  test.each(['not-written', 'unknown-written', 'unknown-lands-later'] as const)(
    'P8: a disclosure that the log answers with %s lets nothing leave, not even of other partitions',
    async (outcome) => {
      engine.misbehaviour.appendOutcomes('disclosures', [outcome])
      const refused = await pull()
      problemIn(refused, 'unavailable')
      expect(refused.text).not.toContain('shown-')
      expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
      await engine.misbehaviour.land()
      expect((await pull()).json).toMatchObject({ events: { length: 24 } })
    },
  )

  test('P8: while the log takes nothing at all, nothing leaves; it recovers alone', async () => {
    await pull()
    engine.misbehaviour.unreachable(true)
    try {
      const refused = await pull()
      expect(refused.status).toBe(503)
      expect(refused.text).not.toContain('shown-')
    } finally {
      engine.misbehaviour.unreachable(false)
    }
    await until('yes', pull)
  })

  test('P6: a replica that falls behind on control says policy-stale, to pulls and publishes, and recovers alone', async () => {
    engine.misbehaviour.freeze('control', true)
    const suspending = change('suspend')
    await until('policy-stale', pull)
    await until('policy-stale', () => publish('while-stale'))
    engine.misbehaviour.freeze('control', false)
    await suspending
    expect(problemIn(await pull(), 'agreement-not-active').decision).toEqual(expect.any(String))
    await change('resume')
    await until('yes', pull)
    await until('yes', () => publish('while-stale'))
  })

  test('P6: a suspension between the disclosure and the answer: nothing leaves', async () => {
    between.work = async () => {
      between.work = undefined
      await change('suspend')
    }
    const refused = await pull()
    problemIn(refused, 'agreement-not-active')
    expect(refused.text).not.toContain('shown-')
    await change('resume')
    await until('yes', pull)
  })

  test('P6: a replica that falls behind between the disclosure and the answer: nothing leaves', async () => {
    let suspending: Promise<unknown> = Promise.resolve()
    between.work = async () => {
      between.work = undefined
      engine.misbehaviour.freeze('control', true)
      suspending = change('suspend')
      await until('policy-stale', () => publish('not-now'))
    }
    const refused = await pull()
    problemIn(refused, 'policy-stale')
    expect(refused.text).not.toContain('shown-')
    engine.misbehaviour.freeze('control', false)
    await suspending
    await change('resume')
    await until('yes', pull)
  })
})
