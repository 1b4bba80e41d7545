import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { isEngineError, type Message, type PartitionId, type ViewChange } from '@unavez/engine'
import { type EmbeddedEngine, openEmbeddedEngine } from '@unavez/engine-embedded'

import { follow, type Following } from '../src/index.ts'

const topic = 'things'
let engine: EmbeddedEngine
let directory: string
let following: Following[]
let errors: unknown[]

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'unavez-follow-'))
  engine = await openEmbeddedEngine({ directory })
  await engine.log.ensureTopics([{ name: topic, partitions: 2, cleanup: 'keep' }])
  following = []
  errors = []
})

afterEach(async () => {
  await Promise.all(following.map((one) => one.close()))
  await engine.close()
  await rm(directory, { recursive: true, force: true })
})

/** Each message becomes the row of its own text; the row counts nothing, so folding twice changes nothing. */
const rows = (messages: readonly Message[], { partition }: PartitionId): readonly ViewChange[] =>
  messages.map(({ offset, value }) => ({
    view: 'seen',
    partition: String(partition),
    sort: String(offset).padStart(6, '0'),
    value,
  }))

interface Begin {
  readonly fold?: typeof rows
  readonly passed?: (partition: PartitionId, next: number) => void
}

async function begin({ fold = rows, passed = () => undefined }: Begin = {}): Promise<void> {
  const onError = (error: unknown): void => void errors.push(error)
  following.push(await follow({ engine, name: 'view', topics: [topic], fold, passed, onError }))
}

const append = (partition: number, text: string) =>
  engine.log.append({ topic, partition, key: null, value: Buffer.from(text), headers: {} })

const seen = async (partition: number): Promise<readonly string[]> => {
  const listed = await engine.views.list({ view: 'seen', partition: String(partition) }, { limit: 1000 })
  return listed.map(({ value }) => value.toString())
}

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  const end = performance.now() + 30_000
  while (!(await condition())) {
    if (performance.now() > end) throw new Error('It did not come true within 30 seconds')
    await sleep(5)
  }
}

const texts = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => `m${at}`)

test('what was there before and what comes later is folded, each partition by itself, and told when it is', async () => {
  const passed: string[] = []
  await append(0, 'before')
  await begin({ passed: ({ partition }, next) => void passed.push(`${partition}:${next}`) })
  await until(async () => (await seen(0)).length === 1)
  await append(0, 'after')
  await append(1, 'other')
  await until(async () => (await seen(0)).length === 2 && (await seen(1)).length === 1)
  expect([await seen(0), await seen(1)]).toEqual([['before', 'after'], ['other']])
  await until(() => passed.length === 3)
  expect(passed.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(['0:1', '0:2', '1:1'])
  expect(await engine.views.checkpoint('view/things/0')).toBe(2)
  expect(errors).toEqual([])
})

test('two owners of one partition and rebalances lose nothing and are no errors', async () => {
  await begin()
  await engine.misbehaviour.twoOwners(true)
  await begin()
  for (const [at, text] of texts(60).entries()) {
    await append(0, text)
    if (at % 20 === 10) await engine.misbehaviour.rebalance()
  }
  await until(async () => (await seen(0)).length === 60)
  await engine.misbehaviour.twoOwners(false)
  expect(await seen(0)).toEqual(texts(60))
  expect(errors).toEqual([])
})

test('views that went back are caught up with the next message', async () => {
  await begin()
  for (const text of texts(5)) await append(0, text)
  await until(async () => (await seen(0)).length === 5)
  await engine.misbehaviour.rollBackViews()
  await append(0, 'm5')
  await until(async () => (await seen(0)).length === 6)
  expect(await seen(0)).toEqual(texts(6))
})

test('views that went back are caught up even if nothing new ever comes', async () => {
  await begin()
  for (const text of texts(5)) await append(0, text)
  await until(async () => (await seen(0)).length === 5)
  await engine.misbehaviour.rollBackViews()
  await until(async () => (await seen(0)).length === 5)
  expect(await engine.views.checkpoint('view/things/0')).toBe(5)
})

test('what was trimmed before it was folded is told, and the rest is folded', async () => {
  for (const text of texts(5)) await append(0, text)
  await engine.log.trim({ topic, partition: 0 }, 3)
  await begin()
  await until(async () => (await seen(0)).length === 2)
  expect(await seen(0)).toEqual(['m3', 'm4'])
  expect(errors.length).toBe(1)
  expect(isEngineError(errors[0], 'position-gone')).toBe(true)
})

test('a fold that fails is told and tried again until it works; other partitions go on meanwhile', async () => {
  let broken = true
  await begin({
    fold: (messages, partition) => {
      if (partition.partition === 0 && broken) throw new Error('not yet')
      return rows(messages, partition)
    },
  })
  await append(0, 'poison')
  await append(1, 'fine')
  await until(async () => (await seen(1)).length === 1 && errors.length >= 2)
  expect(await seen(0)).toEqual([])
  broken = false
  await until(async () => (await seen(0)).length === 1)
})

test('an engine that is away for a while is waited for', async () => {
  await begin()
  await append(0, 'm0')
  await until(async () => (await seen(0)).length === 1)
  engine.misbehaviour.unreachable(true)
  await until(() => errors.length > 0)
  engine.misbehaviour.unreachable(false)
  await append(0, 'm1')
  await until(async () => (await seen(0)).length === 2)
  expect(await seen(0)).toEqual(['m0', 'm1'])
})
