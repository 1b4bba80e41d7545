import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Engine } from '@unavez/engine'
import { openEmbeddedEngine } from '@unavez/engine-embedded'
import { effectKey } from '@unavez/exchange'

import { encodeRecord } from '../../src/partition/changelog-record.ts'
import type { Entry } from '../../src/partition/entry.ts'
import { forgetChangelog } from '../../src/partition/forget-changelog.ts'
import { foldPush } from '../../src/push-view.ts'

const topic = 'deliveries.civil'
const at = { topic, partition: 3 }
const dayMs = 86_400_000
let directory: string
let engine: Engine
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'unavez-'))
  engine = await openEmbeddedEngine({ directory })
  await engine.log.ensureTopics([{ name: topic, partitions: 12, cleanup: 'keep' }])
})
afterEach(async () => {
  await engine.close()
  await rm(directory, { recursive: true })
})

const row = { event: 'e', source: 's', effect: 'applied', at: '2026-11-23T00:00:00.000Z' } as const
const entries: readonly Entry[] = ['p0', 'p1', 'p2'].map((position) => {
  return { type: 'told', of: 'sub_1', epoch: 1, row: { ...row, position } }
})

/** Each in a record of its own, folded. */
async function written(): Promise<void> {
  for (const [seq, entry] of entries.entries()) {
    const value = encodeRecord({ owner: 'o', seq, entries: [entry] })
    await engine.log.append({ ...at, key: Buffer.from('o'), value, headers: {} })
  }
  const page = await engine.log.read({ ...at, offset: 0 }, { messages: 10, bytes: 100_000, waitMs: 0 })
  const changes = await foldPush({ views: engine.views }, page.messages, at)
  await engine.views.write(changes, { source: `push.civil/${topic}/3`, from: 0, next: page.next })
}

const standing = async () => {
  const bounds = (await engine.log.bounds(topic)).find(({ partition }) => partition === 3)
  const rows = await engine.views.getMany(
    ['p0', 'p1', 'p2'].map((position) => effectKey('sub_1', position, 'answered')),
  )
  return { first: bounds?.first, rows: rows.map((value) => value !== undefined) }
}
const forget = (days: number, snapshot: number) =>
  forgetChangelog(engine, at, { snapshot, now: new Date(Date.now() + days * dayMs) })

test('P16: what was delivered is forgotten after ninety days, with what only it told, and never behind the last snapshot', async () => {
  await written()
  const whole = { first: 0, rows: [true, true, true] }
  await forget(89, 3)
  expect(await standing()).toEqual(whole)
  await forget(91, 2)
  expect(await standing()).toEqual({ first: 2, rows: [false, false, true] })
  await forget(91, 2)
  expect(await standing()).toEqual({ first: 2, rows: [false, false, true] })
})
