import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { EngineError } from '@unavez/engine'

import type { ClaimsMemory } from './messages.ts'
import { sizes } from './sizes.ts'

export const databaseFile = (directory: string): string => join(directory, 'unavez.db')

/** Of the file's tables. A file of a later version is not touched. */
const schemaVersion = 1

/*
 * message.id = number of the partition × 2^38 + offset, so that a partition is one range of the row ids and an append goes to
 * the end of its range. Offsets have no gaps. partition.first stands still unless trimmed; the next offset is the last one's
 * successor, or `first` where nothing is left. Texts compare by their UTF-8 bytes.
 */
const schema = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE topic (name TEXT PRIMARY KEY, partitions INTEGER NOT NULL, cleanup TEXT NOT NULL, base INTEGER NOT NULL);
  CREATE TABLE partition (id INTEGER PRIMARY KEY, first INTEGER NOT NULL);
  CREATE TABLE message (id INTEGER PRIMARY KEY, appended_at INTEGER NOT NULL, content BLOB NOT NULL);
  CREATE TABLE view_row (view TEXT, partition TEXT, sort TEXT, value BLOB NOT NULL, PRIMARY KEY (view, partition, sort))
    WITHOUT ROWID;
  CREATE TABLE view_checkpoint (source TEXT PRIMARY KEY, next INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE register (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE claim (key TEXT PRIMARY KEY, value BLOB NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX claim_expiry ON claim (expires_at);
`

/** The writer's connection. Deleted bytes are overwritten: what was destroyed or trimmed must not be found in the file. */
export function openForWriting(directory: string, maxBytes?: number): DatabaseSync {
  const database = new DatabaseSync(databaseFile(directory))
  try {
    database.exec(`
      PRAGMA auto_vacuum = INCREMENTAL;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA secure_delete = ON;
      PRAGMA busy_timeout = 1000;
      PRAGMA cache_size = -32000;
      PRAGMA wal_autocheckpoint = ${sizes.checkpointPages};
      PRAGMA journal_size_limit = ${sizes.checkpointPages * 4096 * 4};
    `)
    prepareSchema(database)
    if (maxBytes !== undefined) database.exec(`PRAGMA max_page_count = ${Math.floor(maxBytes / 4096)}`)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** The readers' connection, in the engine's own thread. */
export function openForReading(directory: string): DatabaseSync {
  const database = new DatabaseSync(databaseFile(directory), { readOnly: true })
  database.exec('PRAGMA busy_timeout = 1000; PRAGMA cache_size = -32000; PRAGMA mmap_size = 268435456')
  return database
}

function prepareSchema(database: DatabaseSync): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
  if (version === schemaVersion) return
  if (version !== 0) {
    const message = `The data was written by another version of the bus (format ${version}, this one knows ${schemaVersion}).`
    throw new EngineError('cannot-start', message)
  }
  database.exec(`BEGIN IMMEDIATE; ${schema} PRAGMA user_version = ${schemaVersion}`)
  newClaimsMemory(database)
  database.exec('COMMIT')
}

/** Forgets the kept claims and begins a new memory of them. */
export function newClaimsMemory(database: DatabaseSync): void {
  database.exec('DELETE FROM claim')
  const put = database.prepare('INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value')
  put.run('claims.id', randomUUID())
  put.run('claims.since', String(Date.now()))
}

export function claimsMemory(database: DatabaseSync): ClaimsMemory {
  const get = database.prepare('SELECT value FROM meta WHERE name = ?')
  return { id: String(get.get('claims.id')?.['value']), since: Number(get.get('claims.since')?.['value']) }
}
