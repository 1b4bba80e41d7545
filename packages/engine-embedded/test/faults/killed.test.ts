import { rm } from 'node:fs/promises'

import { afterEach, describe, expect, test } from '@jest/globals'
import type { Message } from '@unavez/engine'

import { type EmbeddedEngine, openEmbeddedEngine } from '../../src/index.ts'
import { Appender, freshDirectory } from './child.ts'

const rounds = 6

interface Acknowledged {
  readonly id: string
  readonly partition: number
  readonly offset: number
}

const appendsOf = (lines: readonly string[]): readonly Acknowledged[] =>
  lines
    .map((line) => /^append (\S+) (\d+) (\d+)$/.exec(line))
    .flatMap((match) =>
      match === null ? [] : [{ id: match[1] ?? '', partition: Number(match[2]), offset: Number(match[3]) }],
    )

/** The highest number told with a word. */
const latestOf = (word: string, lines: readonly string[]): number =>
  Math.max(0, ...lines.filter((line) => line.startsWith(`${word} `)).map((line) => Number(line.split(' ')[1])))

async function everything(engine: EmbeddedEngine): Promise<readonly (readonly Message[])[]> {
  const found: Message[][] = []
  for (const { topic, partition, first, next } of await engine.log.bounds('facts')) {
    const messages: Message[] = []
    for (let offset = first; offset < next;) {
      const page = await engine.log.read({ topic, partition, offset }, { messages: 1_000, bytes: 1e7, waitMs: 0 })
      messages.push(...page.messages)
      offset = page.next
    }
    found[partition] = messages
  }
  return found
}

/** Numbers of one caller of one round, in log order. */
function numbersByCaller(messages: readonly Message[]): ReadonlyMap<string, readonly number[]> {
  const numbers = new Map<string, number[]>()
  for (const { key } of messages) {
    const [round, caller, number] = String(key).split('.')
    const name = `${round}.${caller}`
    numbers.set(name, [...(numbers.get(name) ?? []), Number(number)])
  }
  return numbers
}

describe('an engine killed with -9', () => {
  let directory = ''
  afterEach(() => rm(directory, { recursive: true, force: true }))

  test('P1: has every acknowledged message once, in order, round after round', async () => {
    directory = await freshDirectory()
    const told: string[] = []
    for (let round = 0; round < rounds; round++) {
      const appender = new Appender(directory, round)
      await appender.has(50 + Math.floor(Math.random() * 3_000))
      told.push(...(await appender.kill()))

      const engine = await openEmbeddedEngine({ directory, ballastBytes: 0 })
      const partitions = await everything(engine)
      for (const messages of partitions) {
        expect(messages.map(({ offset }) => offset)).toEqual(messages.map((_, index) => index))
        for (const numbers of numbersByCaller(messages).values()) {
          expect(numbers).toEqual(numbers.map((_, index) => index))
        }
      }
      const lost = appendsOf(told).filter(
        ({ id, partition, offset }) => String(partitions[partition]?.[offset]?.key) !== id,
      )
      expect(lost).toEqual([])
      await expectFolds(engine, told)
      await engine.close()
    }
    expect(appendsOf(told).length).toBeGreaterThan(rounds)
  })
})

/** Views are all or nothing at their checkpoint; neither they nor registers fall behind what was acknowledged. */
async function expectFolds(engine: EmbeddedEngine, told: readonly string[]): Promise<void> {
  const checkpoint = await engine.views.checkpoint('folded')
  expect(checkpoint).toBeGreaterThanOrEqual(latestOf('view', told))
  const rows = await engine.views.list({ view: 'rows', partition: 'p' }, { limit: 1_000_000 })
  expect(rows).toHaveLength(checkpoint * 3)
  const latest = Number((await engine.registers.get('latest')) ?? 0)
  expect(latest).toBeGreaterThanOrEqual(latestOf('register', told))
}
