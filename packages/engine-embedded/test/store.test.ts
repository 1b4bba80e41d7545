import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementResultingChanges, type StatementSync } from 'node:sqlite'

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'

import { type Operation, unpack } from '../src/batch.ts'
import { databaseFile, openForWriting } from '../src/database.ts'
import { isRefusal, type State } from '../src/messages.ts'
import { Store } from '../src/store.ts'
import { packed } from './packed.ts'

const content = { key: null, value: Buffer.from('value'), headers: {} }
const append = { kind: 'append', partition: 0, content } as const
const writeView = {
  kind: 'write-view',
  changes: [{ view: 'v', partition: 'p', sort: 's', value: Buffer.from('row') }],
  checkpoint: { source: 's', from: 0, next: 1 },
} as const

/** An error as SQLite's binding throws it. */
const sqliteError = (errcode: number): Error => Object.assign(new Error('disk I/O error'), { errcode })

/** A disk that fails on demand, before or after the statement has had its effect. */
class FailingDisk {
  failure: { readonly on: string; readonly errcode: number; readonly after: boolean } | undefined
  opened = 0

  open(directory: string): DatabaseSync {
    this.opened++
    const database = openForWriting(directory)
    const prepare = database.prepare.bind(database)
    database.prepare = (sql): StatementSync => {
      const statement = prepare(sql)
      const run: (...values: SQLInputValue[]) => StatementResultingChanges = statement.run.bind(statement)
      return Object.assign(statement, {
        run: (...values: SQLInputValue[]) => {
          const { failure } = this
          if (failure === undefined || !sql.startsWith(failure.on)) return run(...values)
          this.failure = undefined
          if (failure.after) run(...values)
          throw sqliteError(failure.errcode)
        },
      })
    }
    return database
  }
}

describe('a failing disk', () => {
  let directory = ''
  let disk: FailingDisk
  let store: Store
  const ailments: (string | undefined)[] = []
  const states: State[] = []
  const commit = (...operations: readonly Operation[]) => store.commit(unpack(packed(...operations))).results
  const codes = (results: ReturnType<typeof commit>) =>
    results.map((result) => (isRefusal(result) ? result.code : result))
  const stored = () => {
    const database = new DatabaseSync(databaseFile(directory), { readOnly: true })
    const count = database.prepare('SELECT count(*) AS n FROM message').get()?.['n']
    database.close()
    return count
  }

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'unavez-store-'))
    disk = new FailingDisk()
    ailments.length = 0
    states.length = 0
    const events = {
      ailment: (sentence: string | undefined) => ailments.push(sentence),
      reopened: (state: State) => states.push(state),
    }
    const settings = { directory, maxBytes: undefined, ballastBytes: 0, rinseMs: 1_000 }
    store = new Store(settings, events, () => disk.open(directory))
    store.start()
    store.ensureTopics([{ name: 't', partitions: 1, cleanup: 'keep' }])
  })
  afterEach(async () => {
    store.close()
    await rm(directory, { recursive: true })
  })

  test('an fsync that fails leaves the outcome unknown, and the file is opened again', () => {
    disk.failure = { on: 'COMMIT', errcode: 1034, after: false }
    expect(codes(commit(append, writeView))).toEqual(['unknown', 'unavailable'])
    expect(disk.opened).toBe(2)
    expect(states).toHaveLength(1)
    expect(ailments.at(-1)).toContain('opened again')
    expect(codes(commit(append))).toEqual([0])
    expect(ailments.at(-1)).toBeUndefined()
    expect(stored()).toBe(1)
  })

  test('what landed though the fsync had failed keeps its place, and no other gets it', () => {
    disk.failure = { on: 'COMMIT', errcode: 1034, after: true }
    expect(codes(commit(append, append))).toEqual(['unknown', 'unknown'])
    expect(states[0]?.topics[0]?.bounds).toEqual([{ first: 0, next: 2 }])
    expect(codes(commit(append))).toEqual([2])
    expect(stored()).toBe(3)
  })

  test('a write that fails before the commit is not written', () => {
    disk.failure = { on: 'INSERT INTO message', errcode: 778, after: false }
    expect(codes(commit(append))).toEqual(['not-written'])
    expect(disk.opened).toBe(2)
    expect(stored()).toBe(0)
    expect(codes(commit(append))).toEqual([0])
  })

  test('the log is written before the rest: views that no longer fit take no message with them', () => {
    disk.failure = { on: 'INSERT INTO view_row', errcode: 13, after: false }
    const put = { kind: 'put', key: 'k', value: Buffer.from('v') } as const
    expect(codes(commit(writeView, append, put, append))).toEqual([null, 0, null, 1])
    expect(ailments.filter(Boolean)).toHaveLength(1)
    disk.failure = { on: 'INSERT INTO register', errcode: 13, after: false }
    expect(codes(commit(put))).toEqual(['not-written'])
    expect(disk.opened).toBe(1)
    expect(store.isAiling).toBe(true)
    store.probe()
    expect(store.isAiling).toBe(false)
  })

  test('a file that can’t be opened again is tried until it can', () => {
    const open = disk.open.bind(disk)
    disk.open = () => {
      throw sqliteError(14)
    }
    disk.failure = { on: 'COMMIT', errcode: 10, after: false }
    expect(codes(commit(append))).toEqual(['unknown'])
    expect(codes(commit(append, writeView))).toEqual(['not-written', 'unavailable'])
    store.probe()
    expect(store.isAiling).toBe(true)
    disk.open = open
    store.probe()
    expect(store.isAiling).toBe(false)
    expect(codes(commit(append))).toEqual([0])
  })
})
