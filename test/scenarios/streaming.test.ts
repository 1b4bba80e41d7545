import { setTimeout as pause } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { ProblemDocument, PulledPage } from '@unavez/protocol'

import { ask, problemIn } from '../setup/ask.ts'
import { type Bus, combinations } from '../setup/bus.ts'
import { openStream, type OpenStream } from '../setup/stream.ts'
import { birthOf, birthWorld, openWorld } from '../setup/world.ts'

const patienceMs = 60_000
const perInstitution = 32

interface Line extends PulledPage {
  readonly id?: string
  readonly problem?: ProblemDocument
  readonly retryAfter?: number
}

const lineOf = (text: string): Line => JSON.parse(text) as Line
const idsOf = (lines: readonly string[]): readonly string[] =>
  lines.map(lineOf).flatMap(({ id }) => (id === undefined ? [] : [id]))

/** The fields of one block of server-sent events. */
const blockOf = (block: string): Readonly<Record<string, string>> =>
  Object.fromEntries(block.split('\n').map((line) => [line.split(': ')[0], line.slice(line.indexOf(': ') + 2)]))

/** Blocks with data up to the first whose event has the id; their ids and the newest cursor. */
async function eventsUntil(stream: OpenStream, last: string): Promise<{ ids: readonly string[]; cursor: string }> {
  const blocks = await stream.until((block) => block.includes(`"id":"${last}"`))
  const told = blocks.map(blockOf)
  const ids = told.flatMap(({ data }) => (data === undefined ? [] : [String(lineOf(data).id)]))
  return { ids, cursor: told.findLast(({ id }) => id !== undefined)?.['id'] ?? '' }
}

describe.each(combinations)('Pulling as a stream ($name)', ({ open }) => {
  let bus: Bus
  let world: Awaited<ReturnType<typeof birthWorld>>
  beforeAll(async () => {
    bus = await open()
    world = await birthWorld(bus)
    await world.te.publishBatch(Array.from({ length: 60 }, (_, i) => birthOf(`s-${i}`, `8-1000-${(i % 7) + 1}`)))
  })
  afterAll(() => bus?.close())

  const lines = (subscription: string, query = '') =>
    openStream(bus, {
      path: `/v1/subscriptions/${subscription}/events?${query}`,
      as: world.css,
      accept: 'application/x-ndjson',
    })
  const events = (subscription: string, headers: Readonly<Record<string, string>> = {}) =>
    openStream(bus, {
      path: `/v1/subscriptions/${subscription}/events`,
      as: world.css,
      accept: 'text/event-stream',
      headers,
    })
  const openStreams = async (): Promise<number> => {
    let sum = 0
    for (const url of bus.processes) {
      const told = await (await fetch(`${url}/metrics`)).text()
      sum += Number(/^unavez_pull_streams (\d+)$/m.exec(told)?.[1] ?? 0)
    }
    return sum
  }
  const closed = async (): Promise<void> => {
    for (const end = Date.now() + patienceMs; (await openStreams()) > 0; await pause(50)) {
      if (Date.now() > end) throw new Error('a stream stays open')
    }
  }

  test('lines: every event once in order, each page followed by its cursors, to the end of what there is', async () => {
    const stream = await lines(world.births)
    expect(stream.status).toBe(200)
    expect(stream.header('content-type')).toBe('application/x-ndjson')
    const told = await stream.until(() => false)
    expect(new Set(idsOf(told)).size).toBe(60)
    for (let subject = 0; subject < 7; subject++) {
      const numbers = idsOf(told).map((id) => Number(id.slice(2)))
      const own = numbers.filter((number) => number % 7 === subject)
      expect(own).toEqual(own.toSorted((a, b) => a - b))
    }
    const last = lineOf(told.at(-1) ?? '')
    expect(last).toEqual({ from: expect.any(String), next: expect.any(String), more: false })
    const onward = await lines(world.births, `after=${last.next}`)
    expect(idsOf(await onward.until(() => false))).toEqual([])
  })

  test('lines: the bytes of an event are those of the page, and a limit ends the stream', async () => {
    const path = `/v1/subscriptions/${world.births}/events?limit=5`
    const { text } = await ask(bus, { path, as: world.css })
    const told = await (await lines(world.births, 'limit=5')).until(() => false)
    expect(told).toHaveLength(6)
    for (const line of told.slice(0, 5)) expect(text).toContain(line)
    expect(lineOf(told[5] ?? '')).toMatchObject({ more: true })
  })

  test('lines: a wait lets what comes later arrive on the same stream', async () => {
    const { css, te, agreement } = world
    const subscription = await world.subscription(css, agreement, 'now')
    const stream = await lines(subscription, 'wait=30')
    const first = await stream.next()
    expect(lineOf(first ?? '')).toMatchObject({ more: false })
    await te.publish(birthOf('live-1', '8-1000-1'))
    expect(idsOf(await stream.until((line) => line.includes('live-1')))).toEqual(['live-1'])
    await te.publish(birthOf('live-2', '8-1000-1'))
    expect(idsOf(await stream.until((line) => line.includes('live-2')))).toEqual(['live-2'])
    stream.drop()
    await closed()
  })

  test('server-sent events: whoever comes back with Last-Event-ID goes on where it was', async () => {
    const { css, te, agreement } = world
    const subscription = await world.subscription(css, agreement, 'now')
    const stream = await events(subscription)
    expect(stream.header('content-type')).toBe('text/event-stream')
    expect(await stream.next()).toBe('retry: 1000')
    await te.publish(birthOf('sse-1', '8-1000-2'))
    const { ids, cursor } = await eventsUntil(stream, 'sse-1')
    expect(ids).toEqual(['sse-1'])
    stream.drop()
    await te.publish(birthOf('sse-2', '8-1000-2'))
    const again = await events(subscription, { 'last-event-id': cursor })
    expect((await eventsUntil(again, 'sse-2')).ids).toEqual(['sse-2'])
    again.drop()
    const altered = await events(subscription, { 'last-event-id': 'nonsense' })
    expect(altered.status).toBe(400)
    expect(lineOf((await altered.next()) ?? '')).toMatchObject({ code: 'cursor-invalid' })
    await closed()
  })

  test('P6: a suspension ends streams that are open, with the decision; the last thing said is the problem', async () => {
    const { css, te, agreement } = world
    const subscription = await world.subscription(css, agreement, 'now')
    const blocks = await events(subscription)
    const told = await lines(subscription, 'wait=30')
    await blocks.next()
    await told.next()
    await te.post(`/v1/agreements/${agreement}/suspend`, { reason: 'Under review' })
    const [block, line] = await Promise.all([blocks.until(() => false), told.until(() => false)])
    const problem = { code: 'agreement-not-active', status: 403, decision: expect.any(String) }
    expect(blockOf(block.at(-1) ?? '')).toMatchObject({ event: 'problem' })
    expect(lineOf(blockOf(block.at(-1) ?? '')['data'] ?? '')).toMatchObject(problem)
    expect(lineOf(line.at(-1) ?? '')).toMatchObject({ problem })
    const refused = await lines(subscription)
    expect(refused.status).toBe(403)
    await te.post(`/v1/agreements/${agreement}/resume`, { reason: 'Reviewed' })
    await closed()
  })

  test('a stream ends when its subscription is paused, and goes on from its cursor when resumed', async () => {
    const { css, te, agreement } = world
    const subscription = await world.subscription(css, agreement, 'now')
    const stream = await lines(subscription, 'wait=30')
    const { next } = lineOf((await stream.next()) ?? '')
    await css.post(`/v1/subscriptions/${subscription}/pause`)
    const told = await stream.until(() => false)
    expect(lineOf(told.at(-1) ?? '').problem).toMatchObject({ status: 403 })
    await te.publish(birthOf('paused', '8-1000-3'))
    await css.post(`/v1/subscriptions/${subscription}/resume`, { backlog: 'skip' })
    const outdated = await lines(subscription, `after=${next}`)
    expect(outdated.status).toBe(409)
    expect(lineOf((await outdated.next()) ?? '')).toMatchObject({ code: 'cursor-outdated' })
    await closed()
  })

  test('a cursor that is moved by decision while a stream is open ends it at once; a new one begins where it was moved to', async () => {
    const { css, te, agreement } = world
    const subscription = await world.subscription(css, agreement)
    const { next } = await css.pull(subscription, { limit: 1000 })
    await css.commit(subscription, next)
    const stream = await events(subscription)
    await stream.next()
    await css.post(`/v1/subscriptions/${subscription}/rewind`, { time: '2020-01-01T00:00:00Z' })
    const blocks = (await stream.until(() => false)).map(blockOf)
    expect(lineOf(blocks.at(-1)?.['data'] ?? '')).toMatchObject({ code: 'cursor-outdated', status: 409 })
    await te.publish(birthOf('rewound', '8-1000-4'))
    const again = await events(subscription)
    expect((await eventsUntil(again, 's-0')).ids).toContain('s-0')
    again.drop()
    await closed()
  })

  test('P14: an institution opens so many streams and no more; others are not concerned, and a place is given back', async () => {
    const { css, agreement } = world
    await world.institution('mides')
    const mides = await world.system('mides', 'main', ['consumer', 'administrator'])
    const own = await openWorld(bus).agreement(mides, world.te, {
      contract: 'pa.gob.civil.birth-registered.v1',
      fields: ['child'],
    })
    const other = await world.subscription(mides, own, 'now')
    const subscription = await world.subscription(css, agreement, 'now')
    const many = await Promise.all(Array.from({ length: perInstitution }, () => events(subscription)))
    expect(many.map(({ status }) => status)).toEqual(many.map(() => 200))
    const path = `/v1/subscriptions/${subscription}/events`
    const refused = await ask(bus, { path, as: css, headers: { accept: 'text/event-stream' } })
    problemIn(refused, 'streams-exceeded')
    expect(refused.headers.get('retry-after')).toBe('5')
    expect((await ask(bus, { path, as: css })).status).toBe(200)
    const theirs = await openStream(bus, {
      path: `/v1/subscriptions/${other}/events`,
      as: mides,
      accept: 'text/event-stream',
    })
    expect(theirs.status).toBe(200)
    theirs.drop()
    for (const stream of many) stream.drop()
    await closed()
    const again = await events(subscription)
    expect(again.status).toBe(200)
    again.drop()
    await closed()
  })

  test('a format that is not offered is refused, and JSON is what anything means', async () => {
    const path = `/v1/subscriptions/${world.births}/events`
    problemIn(await ask(bus, { path, as: world.css, headers: { accept: 'text/html' } }), 'accept-unsupported')
    for (const accept of ['*/*', 'application/json', 'text/html, */*;q=0.1']) {
      const { status, headers } = await ask(bus, { path, as: world.css, headers: { accept } })
      expect({ status, type: headers.get('content-type') }).toEqual({ status: 200, type: 'application/json' })
    }
  })

  test('P7: another institution does not learn of a stream', async () => {
    await world.institution('dgi')
    const dgi = await world.system('dgi', 'main', ['consumer', 'administrator'])
    const path = `/v1/subscriptions/${world.births}/events`
    for (const accept of ['application/x-ndjson', 'text/event-stream']) {
      expect(problemIn(await ask(bus, { path, as: dgi, headers: { accept } }))).toMatchObject({ code: 'not-found' })
    }
  })
})
