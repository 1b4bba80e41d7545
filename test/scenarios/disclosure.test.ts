import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { DeliveredEvent, PulledPage } from '@unavez/protocol'
import type { Client } from '@unavez/sdk'

import { ask } from '../setup/ask.ts'
import { digestOf, disclosuresOf, placeOf } from '../setup/disclosures.ts'
import { observed, type Observed } from '../setup/engines.ts'
import { birthContract, birthOf, birthWorld } from '../setup/world.ts'

const amended = 'pa.gob.civil.birth-amended.v1'

describe.each(observed)('What was shown is on record ($name)', ({ open }) => {
  let opened: Observed
  let world: Awaited<ReturnType<typeof birthWorld>>
  beforeAll(async () => {
    opened = await open()
    world = await birthWorld(opened.bus)
    const contract = { ...birthContract, type: amended, schema: { ...birthContract.schema, name: 'BirthAmended' } }
    await world.contract(world.te, contract)
  })
  afterAll(() => opened?.close())

  /** One page, with the bytes of each event proven to be what its JSON says again. */
  async function page(as: Client, subscription: string, query: string): Promise<PulledPage> {
    const path = `/v1/subscriptions/${subscription}/events?${query}`
    const { status, text, json } = await ask(opened.bus, { path, as })
    expect({ status, text: status === 200 ? '' : text }).toEqual({ status: 200, text: '' })
    const pulled = json as PulledPage
    for (const event of pulled.events) expect(text).toContain(JSON.stringify(event))
    return pulled
  }

  /** Follows the cursors to the end; after each page all of it must be covered already. */
  async function follow(subscription: string, limit: number, from?: string) {
    const events: DeliveredEvent[] = []
    let after = from
    for (;;) {
      const next = await page(world.css, subscription, `limit=${limit}${after === undefined ? '' : `&after=${after}`}`)
      events.push(...next.events)
      after = next.next
      const records = (await disclosuresOf(opened.engine, subscription)).flat().map(({ record }) => record)
      for (const place of next.events.map(placeOf)) {
        const covering = records.filter(
          ({ partition, from: first, next: end }) =>
            partition === place.partition && first <= place.offset && place.offset < end,
        )
        expect(covering).not.toEqual([])
      }
      if (!next.more) return { events, next: after }
    }
  }

  test('P8, P10: every page is covered by disclosures before it is answered; they chain and their digests are what was shown', async () => {
    const { te, css, births, agreement } = world
    // Two types share the domain's topic, so each subscription passes over records that are not its own.
    const mixed = Array.from({ length: 90 }, (_, i) => ({
      ...birthOf(`mixed-${i}`, `8-3000-${(i % 9) + 1}`),
      ...(i % 3 === 0 ? { type: amended } : {}),
    }))
    await te.publishBatch(mixed.slice(0, 60))
    const first = await follow(births, 7)
    await te.publishBatch(mixed.slice(60, 75).map((event) => ({ ...event, type: amended })))
    const empty = await follow(births, 7, first.next)
    expect(empty.events).toEqual([])
    await te.publishBatch(mixed.slice(75))
    const second = await follow(births, 7, empty.next)
    const events = [...first.events, ...second.events]
    expect(events).toHaveLength(50)

    const disclosed = await disclosuresOf(opened.engine, births)
    const roots = new Map<string, string>()
    let counted = 0
    for (const partition of disclosed) {
      let reached = 0
      for (const { record, message } of partition) {
        expect(record).toMatchObject({
          topic: 'events.civil',
          partition: message.partition,
          from: reached,
          subscription: births,
        })
        expect(digestOf(events, record)).toEqual({ count: record.count, hash: record.hash })
        expect(record.agreement).toMatch(new RegExp(`^${agreement}@\\d+$`))
        expect(String(message.headers['n'])).toBe(String(record.n))
        expect(JSON.parse(String(message.headers['by']))).toMatchObject({ institution: 'css', system: 'main' })
        expect(message.headers['salt']).toHaveLength(16)
        expect(record.subjects).toHaveLength(record.count)
        expect(record.subjects.flat().every((root) => /^[A-Za-z0-9_-]{22,43}$/.test(root))).toBe(true)
        reached = record.next
        counted += record.count
      }
      const shown = events.filter((event) => placeOf(event).partition === partition[0]?.record.partition)
      const keys = partition.flatMap(({ record }) => record.subjects.map(([key = '']) => key))
      for (const [i, event] of shown.toSorted((a, b) => placeOf(a).offset - placeOf(b).offset).entries()) {
        const { child } = event.data as { child: string }
        expect(keys[i]).toBe(roots.get(child) ?? keys[i])
        expect(keys[i]).not.toBe(event.subject)
        roots.set(child, keys[i] ?? '')
      }
    }
    expect(counted).toBe(events.length)
    expect(new Set(roots.values()).size).toBe(roots.size)
    expect(css.clientId).toBe('css.main')
  })

  test('P10: many records passed over get a range of their own: nobody looks at them for ever, and nothing is left out', async () => {
    const { te, css, agreement } = world
    const subscription = await world.subscription(css, agreement, 'now')
    const { next: start } = await css.pull(subscription)
    const others = Array.from({ length: 300 }, (_, i) => ({ ...birthOf(`passed-${i}`, '8-3100-1'), type: amended }))
    await te.publishBatch(others)
    const passed = await follow(subscription, 100, start)
    expect(passed.events).toEqual([])
    expect(passed.next).not.toBe(start)
    await te.publish(birthOf('after-many', '8-3100-1'))
    const { events } = await follow(subscription, 100, passed.next)
    expect(events.map(({ id }) => id)).toEqual(['after-many'])
    const records = (await disclosuresOf(opened.engine, subscription)).flat().map(({ record }) => record)
    expect(records.map(({ count }) => count)).toEqual([0, 1])
    expect(records[1]?.from).toBe(records[0]?.next)
    for (const record of records) expect(digestOf(events, record)).toEqual({ count: record.count, hash: record.hash })
  })

  test('P7: no disclosure holds an identifier in clear, in its key, value or headers', async () => {
    const all = (await disclosuresOf(opened.engine, world.births)).flat()
    expect(all.length).toBeGreaterThan(0)
    for (const { message } of all) {
      const text = [message.key, message.value, ...Object.values(message.headers)].map(String).join('\n')
      expect(text).not.toMatch(/8-3000-|8-765-4321/)
    }
  })

  test('an empty page writes nothing', async () => {
    const { css, agreement } = world
    const subscription = await world.subscription(css, agreement, 'now')
    await css.pull(subscription)
    expect((await disclosuresOf(opened.engine, subscription)).flat()).toEqual([])
  })
})
