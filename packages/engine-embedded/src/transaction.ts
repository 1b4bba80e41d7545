import type { DatabaseSync, StatementSync } from 'node:sqlite'

import type { Arrived } from './batch.ts'
import { type Counters, rowBase } from './counters.ts'
import type { Result } from './messages.ts'
import { sizes } from './sizes.ts'

const statements = (database: DatabaseSync) => ({
  begin: database.prepare('BEGIN IMMEDIATE'),
  commit: database.prepare('COMMIT'),
  append: database.prepare('INSERT INTO message VALUES (?, ?, ?)'),
  checkpoint: database.prepare('SELECT next FROM view_checkpoint WHERE source = ?'),
  moveCheckpoint: database.prepare(
    'INSERT INTO view_checkpoint VALUES (?, ?) ON CONFLICT DO UPDATE SET next = excluded.next',
  ),
  putRow: database.prepare('INSERT INTO view_row VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value'),
  removeRow: database.prepare('DELETE FROM view_row WHERE view = ? AND partition = ? AND sort = ?'),
  register: database.prepare('SELECT value FROM register WHERE key = ?'),
  putRegister: database.prepare('INSERT INTO register VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value'),
  destroyRegister: database.prepare('DELETE FROM register WHERE key = ?'),
  claim: database.prepare('SELECT value FROM claim WHERE key = ? AND expires_at > ?'),
  putClaim: database.prepare(
    'INSERT INTO claim VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at',
  ),
  expireClaims: database.prepare(
    'DELETE FROM claim WHERE key IN (SELECT key FROM claim WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)',
  ),
})

/** Thrown when the end of a transaction failed: whether it will be found in the file is not known. */
export class CommitFailed extends Error {}

/** Commits lists of operations, each list one transaction, and counts offsets. */
export class Transactions {
  readonly #database: DatabaseSync
  readonly #counters: Counters
  readonly #statements: Readonly<Record<keyof ReturnType<typeof statements>, StatementSync>>

  constructor(database: DatabaseSync, counters: Counters) {
    this.#database = database
    this.#counters = counters
    this.#statements = statements(database)
  }

  /**
   * All operations in one transaction, the log before the rest; their results in the order of the operations. Throws what
   * SQLite throws, having changed nothing; CommitFailed if that is not certain.
   */
  run(operations: readonly Arrived[]): { readonly at: number; readonly results: readonly Result[] } {
    const at = Math.max(Date.now(), this.#counters.clock)
    const results: Result[] = Array.from({ length: operations.length }, () => null)
    const nexts = new Map<number, number>()
    this.#statements.begin.run()
    try {
      for (const [index, operation] of operations.entries()) {
        if (operation.kind === 'append') results[index] = this.#append(operation, at, nexts)
      }
      for (const [index, operation] of operations.entries()) {
        if (operation.kind !== 'append') results[index] = this.#other(operation)
      }
    } catch (error) {
      this.#rollBack()
      throw error
    }
    this.#commit()
    this.#counters.clock = at
    for (const [partition, next] of nexts) this.#counters.of(partition).next = next
    return { at, results }
  }

  #commit(): void {
    try {
      this.#statements.commit.run()
    } catch (cause) {
      this.#rollBack()
      throw new CommitFailed('the commit failed', { cause })
    }
  }

  /** Some errors have ended the transaction already. */
  #rollBack(): void {
    if (!this.#database.isTransaction) return
    try {
      this.#database.exec('ROLLBACK')
    } catch {
      // The error that led here is the one to tell.
    }
  }

  #append(operation: Arrived & { kind: 'append' }, at: number, nexts: Map<number, number>): number {
    const { partition } = operation
    const offset = nexts.get(partition) ?? this.#counters.of(partition).next
    this.#statements.append.run(rowBase(partition) + offset, at, operation.encoded)
    nexts.set(partition, offset + 1)
    return offset
  }

  #other(operation: Exclude<Arrived, { kind: 'append' }>): Result {
    switch (operation.kind) {
      case 'write-view':
        return this.#writeView(operation)
      case 'put':
        this.#statements.putRegister.run(operation.key, operation.value)
        return null
      case 'compare-and-put':
        return this.#compareAndPut(operation)
      case 'destroy':
        this.#statements.destroyRegister.run(operation.key)
        return null
      case 'claim':
        return this.#claim(operation)
    }
  }

  #writeView({ changes, checkpoint }: Arrived & { kind: 'write-view' }): Result {
    const { source, from, next } = checkpoint
    const stands = Number(this.#statements.checkpoint.get(source)?.['next'] ?? 0)
    if (stands !== from) {
      const message = `The view's source ${source} stands at ${stands}, not at ${from}.`
      return { code: 'checkpoint-moved', message }
    }
    for (const { view, partition, sort, value } of changes) {
      if (value === null) this.#statements.removeRow.run(view, partition, sort)
      else this.#statements.putRow.run(view, partition, sort, value)
    }
    this.#statements.moveCheckpoint.run(source, next)
    return null
  }

  #compareAndPut({ key, expected, value }: Arrived & { kind: 'compare-and-put' }): boolean {
    const present = this.#statements.register.get(key)?.['value']
    const stands = present instanceof Uint8Array ? present : null
    const equal = stands === null || expected === null ? stands === expected : Buffer.compare(stands, expected) === 0
    if (equal) this.#statements.putRegister.run(key, value)
    return equal
  }

  #claim({ key, value, expiresAt }: Arrived & { kind: 'claim' }): Result {
    const now = Date.now()
    this.#statements.expireClaims.run(now, sizes.rowsForgottenAtOnce)
    const held = this.#statements.claim.get(key, now)?.['value']
    if (held instanceof Uint8Array) return held
    this.#statements.putClaim.run(key, value, expiresAt)
    return null
  }
}
