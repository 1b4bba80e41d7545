import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type Engine, type Message, partitionOf } from '@unavez/engine'
import { type EmbeddedEngine, openEmbeddedEngine } from '@unavez/engine-embedded'
import { copiesBetween, decodePosition, eventHeaders, headerText } from '@unavez/exchange'
import { type Clock, follow, type Log, systemClock } from '@unavez/service-kit'

import { IdsIndex } from '../src/ids-index.ts'
import type { Candidate } from '../src/offered.ts'
import { Publisher } from '../src/publisher.ts'
import { RecentEvents } from '../src/recent-events.ts'

export const topic = 'events.civil'
const trace = '0af7651916cd43dd8448eb211c80319c'

/** What an engine that is loaded by other tests still does within; the tests that wait for it to pass use less. */
const defaultBudgetMs = 10_000

export interface Instance {
  readonly publisher: Publisher
  readonly index: IdsIndex
}

export interface Publishers {
  readonly engine: EmbeddedEngine
  readonly instances: readonly [Instance, Instance]
  /** Moves the clock of claims' ages ahead of the time of day, on both instances. */
  readonly time: { aheadMs: number }
  /** Every record of the topic, partition by partition. */
  readonly records: () => Promise<readonly Message[]>
  /** Offsets that are named as copies, as `partition/offset`. */
  readonly copies: () => Promise<readonly string[]>
  /** Until both instances are complete and the views have folded the whole log. */
  readonly settled: () => Promise<void>
  close(): Promise<void>
}

/** Two gateways' worth of publishing on one engine. */
export async function openPublishers(budgetMs = defaultBudgetMs): Promise<Publishers> {
  const directory = await mkdtemp(join(tmpdir(), 'unavez-publish-'))
  const engine = await openEmbeddedEngine({ directory, ballastBytes: 0 })
  const closing = new AbortController()
  const time = { aheadMs: 0 }
  const clock: Clock = { now: () => new Date(Date.now() + time.aheadMs), monotonic: () => systemClock.monotonic() }
  const instances = [0, 1].map(() => openInstance(engine, { clock, closing: closing.signal, budgetMs }))
  const [one, two] = instances
  if (one === undefined || two === undefined) throw new Error('there are two')
  const opened: Publishers = {
    engine,
    instances: [one, two],
    time,
    records: () => recordsOf(engine),
    copies: () => copiesOf(engine),
    settled: () => settled(engine, [one, two]),
    async close() {
      closing.abort()
      await Promise.all(instances.map(({ index }) => index.close()))
      await engine.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
  await opened.settled()
  return opened
}

/** One gateway's worth of publishing. */
export function openInstance(
  engine: Engine,
  { clock, closing, budgetMs }: { clock: Clock; closing: AbortSignal; budgetMs: number },
): Instance {
  const silent = () => undefined
  const log: Log = { info: silent, warn: silent, error: silent }
  const topics = () => Promise.resolve([topic])
  const recent = new RecentEvents(1000)
  const index = new IdsIndex({ engine, clock, log, closing, recent, follow, topics, lossCheckMs: 20 })
  const publisher = new Publisher({
    log: engine.log,
    views: engine.views,
    volatile: engine.volatile,
    ids: index,
    recent,
    clock,
    instance: randomUUID(),
    appendBudgetMs: budgetMs,
    closing,
  })
  return { publisher, index }
}

/** An event whose payload is one text; the same key subject for all unless told. */
export function candidateOf(id: string, payload = 'a', subject = 'subject'): Candidate {
  const key = Buffer.from(createHash('sha256').update(subject).digest('base64url'))
  const hash = `sha256:${createHash('sha256').update(`${subject} ${payload}`).digest('hex')}`
  const source = 'urn:unavez:pa:te:registro'
  const candidate: Candidate = {
    institution: 'te',
    id,
    hash,
    version: 1,
    source,
    traceId: trace,
    message: {
      topic,
      partition: partitionOf(key),
      key,
      value: Buffer.from(payload),
      headers: {
        [eventHeaders.id]: Buffer.from(id),
        [eventHeaders.source]: Buffer.from(source),
        [eventHeaders.payloadHash]: Buffer.from(hash),
        [eventHeaders.contractVersion]: Buffer.from('1'),
        [eventHeaders.traceparent]: Buffer.from(`00-${trace}-b7ad6b7169203331-01`),
      },
    },
    by: () => candidate,
  }
  return candidate
}

async function recordsOf({ log }: EmbeddedEngine): Promise<readonly Message[]> {
  const found: Message[] = []
  for (const { partition, first } of await log.bounds(topic)) {
    let offset = first
    for (;;) {
      const page = await log.read({ topic, partition, offset }, { messages: 1000, bytes: 1_000_000, waitMs: 0 })
      found.push(...page.messages)
      offset = page.next
      if (page.next >= page.end) break
    }
  }
  return found
}

async function copiesOf({ log, views }: EmbeddedEngine): Promise<readonly string[]> {
  const bounds = await log.bounds(topic)
  const named = await Promise.all(
    bounds.map(async ({ partition, first, next }) => {
      const copies = await copiesBetween(views, { topic, partition, from: first, next })
      return [...copies].map((offset) => `${partition}/${offset}`)
    }),
  )
  return named.flat()
}

/** Awaits a condition; gives up loudly. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  budgetMs = 30_000,
): Promise<void> {
  const end = Date.now() + budgetMs
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`never happened: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

async function settled({ log, views }: EmbeddedEngine, instances: readonly Instance[]): Promise<void> {
  await until('both instances complete', () => instances.every(({ index }) => index.missing() === undefined))
  await until('the log is folded', async () => {
    const bounds = await log.bounds(topic)
    const at = await Promise.all(bounds.map(({ partition }) => views.checkpoint(`ids/${topic}/${partition}`)))
    return bounds.every(({ next }, i) => (at[i] ?? 0) >= next)
  })
}

/** `partition/offset` of a position as it was answered, to be held against records and copies. */
export const placeOf = (position: string): string => {
  const found = decodePosition(position)
  return found === undefined ? 'none' : `${found.partition}/${found.offset}`
}

export const placeOfRecord = ({ partition, offset }: Message): string => `${partition}/${offset}`

export const isMarked = ({ headers }: Message): boolean => headerText(headers, 'copy') === '1'
