import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { BatchItem } from '@unavez/protocol'
import type { Client } from '@unavez/sdk'

import { type Answered, ask, exchange, problemIn } from '../setup/ask.ts'
import { type Bus, combinations } from '../setup/bus.ts'
import { birthContract, birthOf, birthType, birthWorld } from '../setup/world.ts'

const quota = 400
const inFlight = 500
const patienceMs = 60_000

/** Many events in one request, offered once: no repeats. */
function batchOf(
  bus: Bus,
  as: Client,
  { name, count, type }: { name: string; count: number; type: string },
): Promise<Answered> {
  const [institution, system] = as.clientId.split('.')
  const source = `urn:unavez:pa:${institution}:${system}`
  const events = Array.from({ length: count }, (_, i) => ({
    specversion: '1.0',
    source,
    ...birthOf(`${name}-${i}`, `8-${(i % 900) + 1}-1`),
    type,
  }))
  const headers = { 'content-type': 'application/cloudevents-batch+json' }
  return ask(bus, { path: '/v1/events', as, body: JSON.stringify(events), headers })
}

const statuses = ({ json }: Answered): readonly number[] =>
  (json as readonly BatchItem[]).map(({ status }) => Number(status))

const floodType = 'pa.gob.salud.birth-noted.v1'

/** Beside te and css, an institution that publishes too much. */
async function floodedWorld(bus: Bus) {
  const world = await birthWorld(bus)
  await world.institution('minsa')
  const minsa = await world.system('minsa', 'main', ['publisher', 'administrator'])
  const schema = { ...birthContract.schema, name: 'BirthNoted', namespace: 'pa.gob.salud.v1' }
  const contract = { ...birthContract, type: floodType, domain: 'salud', owner: 'minsa', schema }
  await world.contract(minsa, contract)
  return { ...world, minsa }
}

describe.each(combinations)('Publishing is bounded ($name)', ({ open }) => {
  describe('by a quota', () => {
    let bus: Bus
    let world: Awaited<ReturnType<typeof floodedWorld>>
    beforeAll(async () => {
      bus = await open({ PUBLISH_QUOTA: String(quota) })
      world = await floodedWorld(bus)
    })
    afterAll(() => bus?.close())

    test('P14: more than the quota of a second at once is 429 with Retry-After, and nothing of it is taken', async () => {
      const { te, css, births } = world
      const answered = await batchOf(bus, te, { name: 'too-many', count: quota + 1, type: birthType })
      problemIn(answered, 'quota-exceeded')
      expect(answered.headers.get('retry-after')).toBe('1')
      expect((await css.pull(births, { limit: 1000 })).events).toEqual([])
    })

    test('P5: one institution over its quota does not make another wait, and goes on in the next second', async () => {
      const { te, minsa } = world
      const end = Date.now() + patienceMs
      let refused: Answered | undefined
      for (let round = 0; refused === undefined && Date.now() < end; round++) {
        const flood = [0, 1, 2, 3].map((i) =>
          batchOf(bus, minsa, { name: `flood-${round}-${i}`, count: quota / 2, type: floodType }),
        )
        const other = batchOf(bus, te, { name: `calm-${round}`, count: 1, type: birthType })
        expect(statuses(await other)).toEqual([201])
        refused = (await Promise.all(flood)).find(({ status }) => status !== 200)
      }
      problemIn(refused ?? (await Promise.reject(new Error('the flood was never refused'))), 'quota-exceeded')
      // The kit waits as long as it is told to.
      const later = { ...birthOf('afterwards', '8-1-1'), type: floodType }
      expect(await minsa.publish(later)).toMatchObject({ alreadyAccepted: false })
    })
  })

  describe('by what is under way', () => {
    let bus: Bus
    let world: Awaited<ReturnType<typeof floodedWorld>>
    let gateway: string
    const slow: Promise<string>[] = []
    beforeAll(async () => {
      bus = await open({ PUBLISH_IN_FLIGHT: String(inFlight) })
      world = await floodedWorld(bus)
      gateway = await processWith(bus, '/v1/events')
      const token = await world.te.token()
      const head = `POST /v1/events HTTP/1.1\r\nhost: bus\r\ncontent-type: application/cloudevents+json\r\n`
      for (let i = 0; i < 25; i++) slow.push(exchange(gateway, head, { budgetMs: patienceMs }))
      const authorised = `${head}authorization: Bearer ${token}\r\ncontent-length: 1000\r\n\r\n{`
      for (let i = 0; i < 25; i++) slow.push(exchange(gateway, authorised, { budgetMs: patienceMs }))
    })
    afterAll(() => bus?.close())

    test('P14: fifty connections that never finish their request stop nobody', async () => {
      const { te, css, births } = world
      for (let i = 0; i < 20; i++) await te.publish(birthOf(`beside-slow-${i}`, '8-1-1'))
      const { events } = await css.pull(births, { wait: 10, limit: 1000 })
      expect(events.filter(({ id }) => id.startsWith('beside-slow'))).toHaveLength(20)
      expect((await fetch(`${gateway}/health/ready`)).status).toBe(200)
    })

    test('P14: a flood beyond the bound is 503 with Retry-After; what is refused can be repeated, others go on', async () => {
      const { te, css, minsa, births } = world
      const end = Date.now() + patienceMs
      let refused: Answered | undefined
      let name = ''
      for (let round = 0; refused === undefined && Date.now() < end; round++) {
        const names = Array.from({ length: 12 }, (_, i) => `flood-${round}-${i}`)
        const flood = names.map((each) => batchOf(bus, minsa, { name: each, count: 200, type: floodType }))
        await te.publish(birthOf(`beside-flood-${round}`, '8-1-1'))
        expect((await ask(bus, { path: `/v1/subscriptions/${births}`, as: css })).status).toBe(200)
        const answers = await Promise.all(flood)
        const at = answers.findIndex(({ status }) => status !== 200)
        refused = answers[at]
        name = names[at] ?? ''
      }
      problemIn(refused ?? (await Promise.reject(new Error('the flood was never refused'))), 'overloaded')
      expect(refused?.headers.get('retry-after')).toBe('1')
      expect(statuses(await batchOf(bus, minsa, { name, count: 200, type: floodType }))).toEqual(Array(200).fill(201))
    })

    test('P14: a batch holds at most 500 events; one of 500 is taken whole, one of 501 not at all', async () => {
      const { te, css, agreement } = world
      const subscription = await world.subscription(css, agreement, 'now')
      problemIn(await batchOf(bus, te, { name: 'more', count: 501, type: birthType }), 'batch-too-large')
      const whole = await batchOf(bus, te, { name: 'whole', count: 500, type: birthType })
      expect(statuses(whole)).toEqual(Array(500).fill(201))
      const { events } = await css.pull(subscription, { wait: 10, limit: 1000 })
      expect(events.filter(({ id }) => id.startsWith('more'))).toEqual([])
    })

    test('P14: connections that never finish their request are ended in bounded time', async () => {
      for (const told of await Promise.all(slow)) expect(told).toMatch(/^HTTP\/1\.1 408 |^$/)
    })
  })
})

async function processWith(bus: Bus, path: string): Promise<string> {
  for (const url of bus.processes) {
    const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as { paths: object }
    if (path in paths) return url
  }
  throw new Error(`no process answers ${path}`)
}
