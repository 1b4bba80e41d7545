import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Engine } from '@unavez/engine'
import { openEmbeddedEngine } from '@unavez/engine-embedded'
import { Kafka, logLevel } from 'kafkajs'

import { type Answered, ask, type Asked } from '../setup/ask.ts'
import { type Bus, combinations } from '../setup/bus.ts'
import { messagesOf } from '../setup/disclosures.ts'
import { engineOf } from '../setup/engines.ts'
import {
  agreed,
  answering,
  asking,
  certificateType,
  idOf,
  offerEvidence,
  reading,
  supplied,
} from '../setup/evidence-world.ts'
import { Session } from '../setup/session.ts'
import { birthOf, birthWorld } from '../setup/world.ts'

/** Citizens of this test, and how else their numbers could be written. */
const children = ['8-4321-98761', '8-4321-98762', '8-4321-98763']
const mother = '8-765-4321'
const strangers = ['8-4321-98764', 'PE-4321-98765']
const spellings = (number: string) => [number, number.toLowerCase(), number.replaceAll('-', '')]
const numbers = [...new Set([...children, mother, ...strangers].flatMap(spellings))]
const stranger = strangers[0] ?? ''

/** The topics of a bus with one domain, and how many partitions each has. Another one has to be searched, too. */
const topics = {
  control: 1,
  'deliveries.bus': 12,
  'deliveries.civil': 12,
  disclosures: 12,
  effects: 12,
  'events.bus': 12,
  'events.civil': 12,
  evidence: 12,
  notices: 1,
} as const

const found = (text: string): readonly string[] => numbers.filter((number) => text.includes(number))
const foundIn = (bytes: Buffer | null | undefined): readonly string[] => found(bytes?.toString('latin1') ?? '')

describe.each(combinations)('Citizens’ numbers stay in the data ($name)', ({ open }) => {
  let bus: Bus
  let world: Awaited<ReturnType<typeof birthWorld>>
  const refusals: Answered[] = []
  const accepted: Answered[] = []

  beforeAll(async () => {
    bus = await open({ LOG_LEVEL: 'debug' })
    world = await birthWorld(bus)
    const { te, css, births } = world
    for (const [i, child] of children.entries()) await te.publish(birthOf(`birth-${i}`, child))
    const page = await css.pull(births, { wait: 10 })
    if (page.events.length === 0) throw new Error('no birth arrived')
    await css.commit(births, page.next)
    await exchangeEvidence()
    for (const asked of unwelcome()) refusals.push(await ask(bus, asked))
    for (const asked of welcome()) accepted.push(await ask(bus, asked))
  })
  afterAll(() => bus?.close())

  /** Asked, answered and read, and not received: whatever is kept of it is there. */
  async function exchangeEvidence(): Promise<void> {
    const { te, css } = world
    const session = new Session(bus)
    await offerEvidence(session, { te, css })
    await agreed(session, {
      consumer: css,
      owner: te,
      terms: { contract: certificateType, fields: ['child', 'birthDate'] },
    })
    const subject = { scheme: 'pa-cedula', id: children[1] ?? '' }
    const grounds = { kind: 'explicit-request', channel: 'portal', proof: `signed by ${children[1]}` }
    const id = idOf(await session.told(asking(css, { subject, grounds })))
    await session.done(answering(te, id, { ...supplied, data: { ...supplied.data, child: children[1] } }))
    const page = await session.told(reading(css, id))
    if (!page.text.includes(children[1] ?? '')) throw new Error('no evidence arrived')
  }

  /** Everything that a caller can put a number into where it does not belong. */
  function unwelcome(): readonly Asked[] {
    const { te, css, births, agreement } = world
    const event = (more: object) => ({
      specversion: '1.0',
      source: 'urn:unavez:pa:te:registro',
      ...birthOf('x', '8-1-1'),
      ...more,
    })
    const headers = { 'content-type': 'application/cloudevents+json' }
    const publish = (body: object | string): Asked => ({
      path: '/v1/events',
      as: te,
      headers,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    return [
      publish(event({ id: stranger })),
      publish(event({ type: stranger })),
      publish(event({ source: stranger })),
      publish(event({ subject: stranger })),
      publish(event({ [stranger]: stranger })),
      publish(event({ previouseventid: stranger, changetype: 'corrected' })),
      publish(event({ data: { child: `${stranger}0000000`, birthDate: stranger } })),
      publish(event({ data: { child: stranger, birthDate: '2026-11-20', place: stranger } })),
      publish(event({ data: { child: stranger, birthDate: '2026-11-20', [stranger]: stranger } })),
      publish(`{"id":"${stranger}"`),
      publish({ ...event({}), ...birthOf('birth-0', stranger) }),
      { ...publish(event({})), headers: { 'content-type': `text/${stranger}` } },
      { path: `/v1/contracts/${stranger}`, as: te },
      { path: `/v1/${stranger}`, as: te },
      { path: `/v1/institutions/${stranger}`, as: bus.operator },
      { path: `/v1/agreements?state=${stranger}`, as: te },
      { path: `/v1/agreements?${stranger}=1&limit=${stranger}`, as: te },
      { path: `/v1/subscriptions/${births}/events?after=${stranger}`, as: css },
      { path: `/v1/subscriptions/${births}/cursor`, method: 'PUT', as: css, json: { cursor: stranger } },
      { path: `/v1/agreements/${agreement}/suspend`, as: te, json: { reason: `About ${stranger}` } },
      {
        path: `/v1/agreements/${agreement}/suspend`,
        as: te,
        json: { reason: 'x' },
        headers: { 'if-match': `"${stranger}"` },
      },
      { path: '/v1/institutions', as: bus.operator, json: { id: stranger } },
      { path: '/v1/me', headers: { authorization: `Bearer ${stranger}` } },
      {
        path: '/v1/me',
        headers: { authorization: `Basic ${Buffer.from(`${stranger}:${stranger}`).toString('base64')}` },
      },
      { path: '/v1/me', as: te, headers: { 'unavez-at': stranger } },
      { path: `/registry/subjects/${stranger}/versions`, as: te },
      { path: '/oauth/token', method: 'POST', body: new URLSearchParams({ client_assertion: stranger }).toString() },
    ]
  }

  /** What is answered, whatever else came along. */
  function welcome(): readonly Asked[] {
    const { te, css, births } = world
    const along = {
      'x-citizen': stranger,
      cookie: `who=${stranger}`,
      tracestate: `a=${stranger}`,
      traceparent: stranger,
    }
    const event = { specversion: '1.0', source: 'urn:unavez:pa:te:registro', ...birthOf('along', children[0] ?? '') }
    return [
      {
        path: '/v1/events',
        as: te,
        body: JSON.stringify(event),
        headers: { ...along, 'content-type': 'application/cloudevents+json', 'ce-subject': stranger },
      },
      { path: `/v1/contracts?q=${stranger}`, as: css, headers: along },
      { path: `/v1/subscriptions/${births}`, as: css, headers: along },
      { path: '/v1/me', as: css, headers: { ...along, 'accept-language': stranger } },
    ]
  }

  const headersOf = ({ headers }: Answered): string => JSON.stringify([...headers])

  test('P7: no refusal repeats a number, in its body or its headers', () => {
    for (const [i, answered] of refusals.entries()) {
      expect([i, answered.status >= 400 && answered.status < 500]).toEqual([i, true])
      expect([i, found(answered.text + headersOf(answered))]).toEqual([i, []])
    }
  })

  test('P7: no answer holds a number in its headers, and none in its body where no data was asked for', () => {
    for (const [i, answered] of accepted.entries()) {
      expect([i, answered.status < 300]).toEqual([i, true])
      expect([i, found(answered.text + headersOf(answered))]).toEqual([i, []])
    }
  })

  test('P7: a page holds the number that its agreement names, and no other', async () => {
    const answered = await ask(bus, { path: `/v1/subscriptions/${world.births}/events?wait=10`, as: world.css })
    expect(found(answered.text)).toEqual([children[0]])
    expect(found(headersOf(answered))).toEqual([])
  })

  test('P7: no log line and no metric of any process holds a number', async () => {
    expect(found(bus.output())).toEqual([])
    for (const url of bus.processes)
      for (const path of ['/metrics', '/health/ready', '/openapi.json'])
        expect([path, found(await (await fetch(url + path)).text())]).toEqual([path, []])
  })

  test('P7: on the log no key, no header and no record of the bus’s own holds a number', async () => {
    const reading = await openLog(bus)
    try {
      expect(await reading.topics()).toEqual(Object.keys(topics))
      let records = 0
      for (const [topic, partitions] of Object.entries(topics))
        for (let partition = 0; partition < partitions; partition++)
          for (const { key, value, headers, offset } of await messagesOf(reading.engine, topic, partition)) {
            const own = topic.startsWith('events.') ? null : value
            const names = Object.keys(headers).join(' ')
            const places = [key, own, Buffer.from(names), ...Object.values(headers)].flatMap(foundIn)
            expect([topic, offset, places]).toEqual([topic, offset, []])
            records += 1
          }
      expect(records).toBeGreaterThan(10)
    } finally {
      await reading.close()
    }
  })

  test('P7: beside the log the embedded engine keeps no number', async () => {
    if (bus.environment['ENGINE'] !== 'embedded') return
    const copy = copyOf(bus)
    const database = new DatabaseSync(join(copy, 'unavez.db'))
    try {
      for (const table of ['meta', 'topic', 'view_row', 'view_checkpoint', 'register', 'claim'])
        for (const row of database.prepare(`SELECT * FROM ${table}`).all())
          for (const cell of Object.values(row))
            expect([table, cell instanceof Uint8Array ? foundIn(Buffer.from(cell)) : found(String(cell))]).toEqual([
              table,
              [],
            ])
    } finally {
      database.close()
      rmSync(copy, { recursive: true })
    }
  })

  test('P7: what stands in the data directory beside the log holds no number', () => {
    const directory = bus.environment['DATA_DIR'] ?? ''
    const names = readdirSync(directory, { encoding: 'utf8', withFileTypes: true })
    const files = names.filter((entry) => entry.isFile() && !entry.name.startsWith('unavez.db'))
    const told = files.map(({ name }) => [name, foundIn(readFileSync(join(directory, name)))])
    expect(told).toEqual(files.map(({ name }) => [name, []]))
  })
})

interface Reading {
  readonly engine: Engine
  readonly topics: () => Promise<readonly string[]>
  readonly close: () => Promise<void>
}

/** The log past the bus: of the running cluster, or of a copy of the running file. */
const openLog = (bus: Bus): Promise<Reading> =>
  bus.environment['ENGINE'] === 'embedded' ? openCopy(bus) : openCluster(bus)

async function openCopy(bus: Bus): Promise<Reading> {
  const directory = copyOf(bus)
  const engine = await openEmbeddedEngine({ directory })
  const database = new DatabaseSync(join(directory, 'unavez.db'), { readOnly: true })
  const names = database.prepare('SELECT name FROM topic ORDER BY name').all()
  database.close()
  return {
    engine,
    topics: () => Promise.resolve(names.map(({ name }) => String(name))),
    close: async () => {
      await engine.close()
      rmSync(directory, { recursive: true })
    },
  }
}

function copyOf(bus: Bus): string {
  const from = bus.environment['DATA_DIR'] ?? ''
  const to = mkdtempSync(join(tmpdir(), 'unavez-copy-'))
  for (const name of ['unavez.db', 'unavez.db-wal'])
    if (existsSync(join(from, name))) copyFileSync(join(from, name), join(to, name))
  return to
}

async function openCluster(bus: Bus): Promise<Reading> {
  const engine = await engineOf(bus)
  return {
    engine,
    topics: async () => {
      const brokers = (bus.environment['KAFKA_BROKERS'] ?? '').split(',')
      const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin()
      await admin.connect()
      const prefix = bus.environment['TOPIC_PREFIX'] ?? ''
      const names = (await admin.listTopics())
        .filter((name) => name.startsWith(prefix))
        .map((name) => name.slice(prefix.length))
      await admin.disconnect()
      return names.filter((name) => name !== 'registers').toSorted()
    },
    close: () => engine.close(),
  }
}
