import type { DatabaseSync, StatementSync } from 'node:sqlite'

import { EngineError, type Message, type ViewKey } from '@unavez/engine'

import { rowBase } from './counters.ts'
import { openForReading } from './database.ts'
import { sayingOf } from './failure.ts'
import type { Partition } from './partitions.ts'
import { StoredMessage } from './stored-message.ts'

type Row = ReturnType<StatementSync['all']>[number]

const statements = (database: DatabaseSync) => ({
  begin: database.prepare('BEGIN'),
  end: database.prepare('COMMIT'),
  messages: database.prepare(
    'SELECT id, appended_at, content FROM message WHERE id >= ? AND id < ? ORDER BY id LIMIT ?',
  ),
  appendedAt: database.prepare('SELECT appended_at FROM message WHERE id = ?'),
  row: database.prepare('SELECT value FROM view_row WHERE view = ? AND partition = ? AND sort = ?'),
  rowsUp: database.prepare(
    'SELECT sort, value FROM view_row WHERE view = ? AND partition = ? AND sort >= ? ORDER BY sort LIMIT ?',
  ),
  rowsDown: database.prepare(
    'SELECT sort, value FROM view_row WHERE view = ? AND partition = ? AND sort <= ? ORDER BY sort DESC LIMIT ?',
  ),
  rowsFromEnd: database.prepare(
    'SELECT sort, value FROM view_row WHERE view = ? AND partition = ? ORDER BY sort DESC LIMIT ?',
  ),
  checkpoint: database.prepare('SELECT next FROM view_checkpoint WHERE source = ?'),
  register: database.prepare('SELECT value FROM register WHERE key = ?'),
  claim: database.prepare('SELECT value FROM claim WHERE key = ? AND expires_at > ?'),
})

type Statements = Readonly<Record<keyof ReturnType<typeof statements>, StatementSync>>

export const bufferOf = (bytes: unknown): Buffer | undefined =>
  bytes instanceof Uint8Array ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : undefined

/** Reads the file in the engine's own thread. Each call takes all its rows at once: an open cursor would stop checkpoints. */
export class Reader {
  readonly #directory: string
  #database: DatabaseSync
  #statements: Statements
  #stale = false

  constructor(directory: string) {
    this.#directory = directory
    this.#database = openForReading(directory)
    this.#statements = statements(this.#database)
  }

  /** The file was opened again by its writer, or could not be read: the next read begins anew. */
  reopen(): void {
    this.#stale = true
  }

  /**
   * What is read from now on sees all that is committed. Until then the reads of one turn of the event loop share a
   * transaction: by themselves each would lock the file, and read again what another connection may have changed.
   */
  refresh(): void {
    try {
      if (this.#database.isOpen && this.#database.isTransaction) this.#statements.end.run()
    } catch {
      this.#stale = true
    }
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close()
  }

  /** Answers with rows; throws 'unavailable' if the file can't be read. */
  #read<T>(query: (statements: Statements) => T): T {
    try {
      if (this.#stale) this.#openAgain()
      if (!this.#database.isTransaction) {
        this.#statements.begin.run()
        setImmediate(() => this.refresh())
      }
      return query(this.#statements)
    } catch (cause) {
      this.#stale = true
      throw new EngineError('unavailable', `The database could not be read: ${sayingOf(cause)}`, { cause })
    }
  }

  #openAgain(): void {
    this.close()
    this.#database = openForReading(this.#directory)
    this.#statements = statements(this.#database)
    this.#stale = false
  }

  /** Messages from an offset on, up to the limits; at least one where there is one. Fetched one by one: bounded memory. */
  messages(
    { topic, partition, id }: Partition,
    offset: number,
    limits: { readonly end: number; readonly messages: number; readonly bytes: number },
  ): Message[] {
    const base = rowBase(id)
    return this.#read(({ messages }) => {
      const found: Message[] = []
      let bytes = 0
      let appendedAt = new Date(0)
      for (const row of messages.iterate(base + offset, base + limits.end, limits.messages)) {
        const content = bufferOf(row['content']) ?? Buffer.alloc(0)
        bytes += content.length
        if (bytes > limits.bytes && found.length > 0) break
        const at = Number(row['appended_at'])
        // One object for all messages of a commit.
        if (appendedAt.getTime() !== at) appendedAt = new Date(at)
        found.push(new StoredMessage({ topic, partition }, { offset: Number(row['id']) - base, appendedAt, content }))
      }
      return found
    })
  }

  /** The first offset appended at or after a time (milliseconds); `next` if there is none. Appended times never fall. */
  offsetAt({ id, first, next }: Partition, time: number): number {
    return this.#read(({ appendedAt }) => {
      let [low, high] = [first, next]
      while (low < high) {
        const middle = Math.floor((low + high) / 2)
        const found = Number(appendedAt.get(rowBase(id) + middle)?.['appended_at'] ?? 0)
        if (found < time) low = middle + 1
        else high = middle
      }
      return low
    })
  }

  row(view: string, partition: string, sort: string): Buffer | undefined {
    return bufferOf(this.#read(({ row }) => row.get(view, partition, sort))?.['value'])
  }

  rowsAt(keys: readonly ViewKey[]): readonly (Buffer | undefined)[] {
    return this.#read(({ row }) =>
      keys.map(({ view, partition, sort }) => bufferOf(row.get(view, partition, sort)?.['value'])),
    )
  }

  rows(
    { view, partition }: { readonly view: string; readonly partition: string },
    range: { readonly from?: string; readonly limit: number; readonly reverse?: boolean },
  ): { sort: string; value: Buffer }[] {
    const { from, limit, reverse } = range
    const rows = this.#read(({ rowsUp, rowsDown, rowsFromEnd }): Row[] => {
      if (reverse !== true) return rowsUp.all(view, partition, from ?? '', limit)
      return from === undefined ? rowsFromEnd.all(view, partition, limit) : rowsDown.all(view, partition, from, limit)
    })
    return rows.map((row) => ({ sort: String(row['sort']), value: bufferOf(row['value']) ?? Buffer.alloc(0) }))
  }

  checkpoint(source: string): number {
    return Number(this.#read(({ checkpoint }) => checkpoint.get(source))?.['next'] ?? 0)
  }

  register(key: string): Buffer | undefined {
    return bufferOf(this.#read(({ register }) => register.get(key))?.['value'])
  }

  claim(key: string): Buffer | undefined {
    return bufferOf(this.#read(({ claim }) => claim.get(key, Date.now()))?.['value'])
  }
}
