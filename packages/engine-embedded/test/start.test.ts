import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { NewMessage } from '@unavez/engine'

import { type EmbeddedOptions, openEmbeddedEngine } from '../src/index.ts'

const facts = [{ name: 'facts', partitions: 2, cleanup: 'keep' as const }]
const message = (text: string, more: Partial<NewMessage> = {}): NewMessage => ({
  topic: 'facts',
  partition: 0,
  key: null,
  value: Buffer.from(text),
  headers: {},
  ...more,
})
const atOnce = { messages: 100, bytes: 1e6, waitMs: 0 }

describe('the embedded engine over its starts', () => {
  let directory = ''
  const open = (options: Partial<EmbeddedOptions> = {}) =>
    openEmbeddedEngine({ directory, ballastBytes: 1_000, ...options })
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'unavez-embedded-'))
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))

  test('offsets go on exactly where they were, also where everything was trimmed', async () => {
    const first = await open()
    await first.log.ensureTopics(facts)
    for (const text of ['a', 'b', 'c']) await first.log.append(message(text))
    await first.log.append(message('d', { partition: 1 }))
    await first.log.trim({ topic: 'facts', partition: 0 }, 3)
    await first.close()

    const second = await open()
    expect(await second.log.bounds('facts')).toMatchObject([
      { first: 3, next: 3 },
      { first: 0, next: 1 },
    ])
    expect((await second.log.append(message('e'))).position.offset).toBe(3)
    expect((await second.log.append(message('f', { partition: 1 }))).position.offset).toBe(1)
    const page = await second.log.read({ topic: 'facts', partition: 1, offset: 0 }, atOnce)
    expect(page.messages.map(({ value }) => String(value))).toEqual(['d', 'f'])
    await second.close()
  })

  test('the log’s clock does not run backwards over a start, whatever the machine’s does', async () => {
    const first = await open()
    await first.log.ensureTopics(facts)
    await first.log.append(message('a'))
    await first.close()
    const future = Date.now() + 3_600_000
    const file = new DatabaseSync(join(directory, 'unavez.db'))
    file.prepare('UPDATE message SET appended_at = ?').run(future)
    file.close()
    const second = await open()
    const { appendedAt } = await second.log.append(message('b'))
    expect(appendedAt.getTime()).toBeGreaterThanOrEqual(future)
    await second.close()
  })

  test('kept claims, registers and views outlive a start; other claims are known to be lost', async () => {
    const first = await open()
    const kept = await first.volatile.claim('kept', Buffer.from('1'), { ttlMs: 600_000, kept: true })
    await first.volatile.claim('other', Buffer.from('1'), { ttlMs: 600_000 })
    const before = await first.volatile.memory()
    await first.registers.put('register', Buffer.from('r'))
    const row = { view: 'v', partition: 'p', sort: 's', value: Buffer.from('row') }
    await first.views.write([row], { source: 's', from: 0, next: 9 })
    await first.close()

    const second = await open()
    const again = await second.volatile.claim('kept', Buffer.from('2'), { ttlMs: 600_000, kept: true })
    expect(again).toEqual({ held: Buffer.from('1'), memory: kept.memory })
    expect((await second.volatile.claim('other', Buffer.from('2'), { ttlMs: 600_000 })).held).toBeNull()
    expect((await second.volatile.memory()).id).not.toBe(before.id)
    expect(await second.registers.get('register')).toEqual(Buffer.from('r'))
    expect(await second.views.get(row)).toEqual(row.value)
    expect(await second.views.checkpoint('s')).toBe(9)
    await second.close()
  })

  test('P16: what was destroyed, overwritten or trimmed is in no file afterwards', async () => {
    const engine = await open({ rinseMs: 50 })
    await engine.log.ensureTopics(facts)
    const secret = 'a-secret-that-must-go-'
    await engine.registers.put('destroyed', Buffer.from(`${secret}1`.padEnd(20_000, '.')))
    await engine.registers.put('overwritten', Buffer.from(`${secret}2`))
    await engine.registers.put('overwritten', Buffer.from('harmless'))
    await engine.registers.destroy('destroyed')
    await engine.log.append(message(`${secret}3`.padEnd(9_000, '.')))
    await engine.log.append(message('stays'))
    await engine.log.trim({ topic: 'facts', partition: 0 }, 1)
    const isFound = async (text: string) => {
      const files = (await readdir(directory)).filter((name) => name.startsWith('unavez'))
      const contents = await Promise.all(files.map((name) => readFile(join(directory, name))))
      return contents.some((bytes) => bytes.includes(text))
    }
    // While it runs: the write-ahead log is emptied by itself.
    while (await isFound(secret)) await new Promise((resolve) => setTimeout(resolve, 20))
    expect(await isFound('stays')).toBe(true)
    await engine.close()
    expect(await isFound(secret)).toBe(false)
  })

  test('a directory that can’t be written is refused in one clear sentence', async () => {
    const file = join(directory, 'file')
    await writeFile(file, '')
    await expect(open({ directory: join(file, 'data') })).rejects.toMatchObject({ code: 'cannot-start' })
    await expect(open({ directory: join(file, 'data') })).rejects.toThrow(/^The data directory .* can't be written: /)
  })

  test('a file that is no database of the bus is refused, and left as it is', async () => {
    const file = join(directory, 'unavez.db')
    const foreign = Buffer.alloc(5_000, 'not a database ')
    await writeFile(file, foreign)
    await expect(open()).rejects.toMatchObject({ code: 'cannot-start' })
    expect((await readFile(file)).equals(foreign)).toBe(true)
  })

  test('a file of a later version of the bus is refused', async () => {
    await (await open()).close()
    const file = new DatabaseSync(join(directory, 'unavez.db'))
    file.exec('PRAGMA user_version = 99')
    file.close()
    await expect(open()).rejects.toThrow(/format 99, this one knows 1/)
  })

  test('a start that failed leaves the directory free for the next', async () => {
    const file = join(directory, 'unavez.db')
    await writeFile(file, 'not a database')
    await expect(open()).rejects.toMatchObject({ code: 'cannot-start' })
    await rm(file)
    const engine = await open()
    expect(engine.ailments()).toEqual([])
    await engine.close()
  })

  test('a disk that does not answer within the budget leaves the outcome unknown, and the engine recovers', async () => {
    const engine = await open({ appendBudgetMs: 100 })
    await engine.log.ensureTopics(facts)
    const blocking = new DatabaseSync(join(directory, 'unavez.db'))
    blocking.exec('BEGIN IMMEDIATE')
    await expect(engine.log.append(message('late'))).rejects.toMatchObject({ code: 'unknown' })
    blocking.exec('ROLLBACK')
    blocking.close()
    let landed = await engine.log.append(message('next')).catch(() => undefined)
    while (landed === undefined) landed = await engine.log.append(message('next')).catch(() => undefined)
    const page = await engine.log.read(landed.position, atOnce)
    expect(page.messages.map(({ value }) => String(value))).toEqual(['next'])
    await engine.close()
  })

  test('P14: more than may wait for the disk is refused, not kept in memory', async () => {
    const engine = await open()
    await engine.log.ensureTopics(facts)
    const value = Buffer.alloc(900_000)
    const calls = await Promise.allSettled(Array.from({ length: 100 }, () => engine.log.append(message('', { value }))))
    const refused = calls.filter(({ status }) => status === 'rejected')
    expect(refused.length).toBeGreaterThan(0)
    expect(refused.length).toBeLessThan(50)
    expect(await engine.log.bounds('facts')).toMatchObject([{ next: 100 - refused.length }, { next: 0 }])
    await engine.close()
  })
})
