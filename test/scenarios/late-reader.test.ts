import { setTimeout as pause } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Engine } from '@unavez/engine'
import type { PulledPage } from '@unavez/protocol'

import { ask } from '../setup/ask.ts'
import type { Bus } from '../setup/bus.ts'
import { openSharedBus } from '../setup/engines.ts'
import { birthContract, birthOf, birthType, birthWorld, openWorld } from '../setup/world.ts'

/** Well within POLICY_LEASE: a proof of freshness holds while the answer to the next read of control is on its way. */
const lateMs = 700

/** The engine as an instance sees it whose reads of control are answered late while `late.now`. */
const lateOnControl = (engine: Engine, late: { readonly now: boolean }): Engine => {
  const { log } = engine
  return {
    log: {
      append: (message) => log.append(message),
      ensureTopics: (topics) => log.ensureTopics(topics),
      read: async (from, limits) => {
        const page = await log.read(from, limits)
        if (late.now && from.topic === 'control') await pause(lateMs)
        return page
      },
      bounds: (topic, at) => log.bounds(topic, at),
      lowerBound: (partition) => log.lowerBound(partition),
      trim: (partition, before) => log.trim(partition, before),
      own: (group, topics, work) => log.own(group, topics, work),
    },
    registers: engine.registers,
    views: engine.views,
    volatile: engine.volatile,
    ailments: () => engine.ailments(),
    close: () => engine.close(),
  }
}

describe('A page is complete (embedded, two instances)', () => {
  const late = { now: false }
  let bus: Bus
  let world: Awaited<ReturnType<typeof birthWorld>>
  beforeAll(async () => {
    let instances = 0
    ;({ bus } = await openSharedBus(2, (engine) => {
      instances += 1
      return instances === 1 ? engine : lateOnControl(engine, late)
    }))
    world = await birthWorld(bus)
  })
  afterAll(() => bus?.close())

  const pullElsewhere = async (query: string, subscription = world.births): Promise<PulledPage> => {
    const path = `/v1/subscriptions/${subscription}/events?${query}`
    const { status, json } = await ask({ url: bus.processes[1] ?? '' }, { path, as: world.css })
    expect({ status, json }).toMatchObject({ status: 200 })
    return json as PulledPage
  }

  test('P4: an event by a version that this instance has not heard of yet is waited for, not passed over', async () => {
    const { te } = world
    const note = { name: 'note', type: ['null', 'string'], default: null, classification: 'public', doc: 'A note' }
    const schema = { ...birthContract.schema, fields: [...birthContract.schema.fields, note] }
    await te.post(`/v1/contracts/${birthType}/versions`, { schema })
    await pullElsewhere('')
    late.now = true
    await pause(50)
    // Its freshness is proven just now; the next thing it hears of control comes late.
    await pullElsewhere('')
    await te.post(`/v1/contracts/${birthType}/publish`)
    await te.publish(birthOf('by-a-new-version', '8-5000-9'))
    const { events, next } = await pullElsewhere('')
    late.now = false
    const onward = await pullElsewhere(`after=${next}`)
    expect([...events, ...onward.events].map(({ id }) => id)).toEqual(['by-a-new-version'])
  })

  test('P14: however many parties events have, each page fits its disclosure', async () => {
    const { te, css } = world
    const steps = openWorld(bus)
    const type = 'pa.gob.civil.household-declared.v1'
    const person = {
      name: 'person',
      type: 'string',
      identifies: 'person',
      scheme: 'pa-cedula',
      role: 'party',
      classification: 'personal',
      doc: 'Who',
    }
    const members = { type: 'array', items: { type: 'record', name: 'Member', fields: [person] } }
    const fields = [
      { ...person, name: 'head', role: 'key' },
      { name: 'members', type: members, classification: 'personal', doc: 'All' },
    ]
    const schema = { type: 'record', name: 'HouseholdDeclared', namespace: 'pa.gob.civil.v1', fields }
    const document = { ...birthContract, type, schema }
    await steps.contract(te, document)
    const households = await steps.subscription(
      css,
      await steps.agreement(css, te, { contract: type, fields: ['head'] }),
    )
    const many = (event: number) => Array.from({ length: 500 }, (_, i) => ({ person: `8-${event + 1}-${i + 1}` }))
    for (let batch = 0; batch < 3; batch++) {
      const events = Array.from({ length: 25 }, (_, i) => {
        const birth = birthOf(`household${batch}x${i}`, '8-1-1')
        return { ...birth, type, data: { head: '8-1-1', members: many(batch * 25 + i) } }
      })
      expect((await te.publishBatch(events)).map(({ status }) => status)).toEqual(events.map(() => 201))
    }
    const first = await pullElsewhere('limit=1000', households)
    expect(first.events.length).toBeGreaterThan(0)
    let { next, more } = first
    const ids = new Set(first.events.map(({ id }) => id))
    while (more) {
      const page = await pullElsewhere(`limit=1000&after=${next}`, households)
      for (const { id } of page.events) ids.add(id)
      ;({ next, more } = page)
    }
    expect(ids.size).toBe(75)
  })
})
