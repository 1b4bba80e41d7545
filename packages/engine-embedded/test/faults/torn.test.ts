import { cp, readdir, rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, describe, expect, test } from '@jest/globals'

import { type EmbeddedEngine, openEmbeddedEngine } from '../../src/index.ts'
import { freshDirectory } from './child.ts'

const topic = 'facts'
const messages = 60

/** Each append is followed by its fold, so that a cut anywhere leaves a prefix of both. */
async function fill(engine: EmbeddedEngine): Promise<void> {
  await engine.log.ensureTopics([{ name: topic, partitions: 1, cleanup: 'keep' }])
  for (let number = 0; number < messages; number++) {
    const value = Buffer.alloc(3_000, `${number}.`)
    await engine.log.append({ topic, partition: 0, key: Buffer.from(`${number}`), value, headers: {} })
    const rows = ['a', 'b'].map((part) => ({ view: 'v', partition: 'p', sort: `${number}${part}`, value }))
    await engine.views.write(rows, { source: 's', from: number, next: number + 1 })
  }
}

describe('a machine that lost its power', () => {
  const directories: string[] = []
  afterEach(async () => {
    await Promise.all(directories.splice(0).map((directory) => rm(directory, { recursive: true, force: true })))
  })

  test('what is left of the log of writes, wherever it was cut, is a whole beginning', async () => {
    const original = await freshDirectory()
    directories.push(original)
    const engine = await openEmbeddedEngine({ directory: original, ballastBytes: 0 })
    await fill(engine)
    const { size } = await stat(join(original, 'unavez.db-wal'))
    for (const share of [1, 0.97, 0.8, 0.55, 0.3, Math.random()]) {
      const directory = await freshDirectory()
      directories.push(directory)
      await cp(join(original, 'unavez.db'), join(directory, 'unavez.db'))
      await cp(join(original, 'unavez.db-wal'), join(directory, 'unavez.db-wal'))
      await truncate(join(directory, 'unavez.db-wal'), Math.floor(size * share))
      const left = await leftIn(directory)
      expect(left.keys).toEqual(Array.from({ length: left.end }, (_, index) => `${index}`))
      expect(left.nextOffset).toBe(left.end)
      expect([left.end, Math.max(0, left.end - 1)]).toContain(left.folded)
      expect(left.rows).toBe(left.folded * 2)
      expect(left.end).toBeGreaterThanOrEqual(share === 1 ? messages : Math.floor(messages * share) - 10)
    }
    await engine.close()
  })

  test('an orderly end leaves one whole file and no log of writes', async () => {
    const directory = await freshDirectory()
    directories.push(directory)
    const engine = await openEmbeddedEngine({ directory, ballastBytes: 0 })
    await fill(engine)
    await engine.close()
    expect((await readdir(directory)).filter((name) => name.startsWith('unavez.db'))).toEqual(['unavez.db'])
    expect(await leftIn(directory)).toMatchObject({ end: messages, folded: messages, rows: messages * 2 })
  })
})

interface Left {
  readonly keys: readonly string[]
  readonly end: number
  readonly folded: number
  readonly rows: number
  readonly nextOffset: number
}

/** Opens what is left and appends one more. */
async function leftIn(directory: string): Promise<Left> {
  const engine = await openEmbeddedEngine({ directory, ballastBytes: 0 })
  await engine.log.ensureTopics([{ name: topic, partitions: 1, cleanup: 'keep' }])
  const from = { topic, partition: 0, offset: 0 }
  const page = await engine.log.read(from, { messages: 1_000, bytes: 1e7, waitMs: 0 })
  const folded = await engine.views.checkpoint('s')
  const rows = await engine.views.list({ view: 'v', partition: 'p' }, { limit: 1_000 })
  const { position } = await engine.log.append({ topic, partition: 0, key: null, value: null, headers: {} })
  await engine.close()
  const keys = page.messages.map(({ key }) => String(key))
  return { keys, end: page.end, folded, rows: rows.length, nextOffset: position.offset }
}
