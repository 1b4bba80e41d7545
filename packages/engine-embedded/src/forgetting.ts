import type { DatabaseSync } from 'node:sqlite'

import { type Counters, rowBase } from './counters.ts'
import { sizes } from './sizes.ts'

/** Bytes that one step of a trim deletes: it fits into the ballast, and no commit waits long behind it. */
const bytesAtOnce = 2 * 1024 * 1024

interface Trim {
  readonly partition: number
  readonly before: number
  from: number
  readonly done: () => void
}

/** Deletes what was trimmed, in small steps between the commits, and gives pages back to the disk. */
export class Forgetting {
  readonly #database: DatabaseSync
  readonly #counters: Counters
  readonly #trims: Trim[] = []
  #shrinking = false

  /** Goes on with what an earlier process left undone. */
  constructor(database: DatabaseSync, counters: Counters) {
    this.#database = database
    this.#counters = counters
    const oldest = database.prepare('SELECT id FROM message WHERE id >= ? AND id < ? ORDER BY id LIMIT 1')
    for (let partition = 0; partition < counters.partitions; partition++) {
      const { first } = counters.of(partition)
      if (first === 0) continue
      const left = oldest.get(rowBase(partition), rowBase(partition) + first)
      if (left === undefined) continue
      this.#trims.push({
        partition,
        from: Number(left['id']) - rowBase(partition),
        before: first,
        done: () => undefined,
      })
    }
  }

  get hasWork(): boolean {
    return this.#trims.length > 0 || this.#shrinking
  }

  /** Durable at once, so that nothing before it is ever read again; `done` is called when the bytes are gone. */
  trim(partition: number, before: number, done: () => void): void {
    const counter = this.#counters.of(partition)
    if (before <= counter.first) return done()
    this.#database.prepare('UPDATE partition SET first = ? WHERE id = ?').run(before, partition)
    this.#trims.push({ partition, from: counter.first, before, done })
    counter.first = before
  }

  /** Before the file is opened again: what was trimmed stays trimmed, and its bytes go with the next `Forgetting`. */
  abandon(): void {
    for (const { done } of this.#trims.splice(0)) done()
  }

  /**
   * A small piece of work; at its end the file keeps at most so many free pages. Throws what SQLite throws; the piece is then
   * tried again by the next call.
   */
  step(freePages: number): void {
    const [trim] = this.#trims
    if (trim === undefined) return this.#shrink(freePages)
    const end = this.#endOfPiece(trim)
    const base = rowBase(trim.partition)
    this.#database.prepare('DELETE FROM message WHERE id >= ? AND id < ?').run(base + trim.from, base + end)
    trim.from = end
    if (end < trim.before) return
    this.#trims.shift()
    this.#shrinking = true
    trim.done()
  }

  #endOfPiece({ partition, from, before }: Trim): number {
    const base = rowBase(partition)
    const piece = 'SELECT id, octet_length(content) AS bytes FROM message WHERE id >= ? AND id < ? ORDER BY id LIMIT ?'
    let bytes = 0
    let end = before
    const rows = this.#database.prepare(piece).all(base + from, base + before, sizes.rowsForgottenAtOnce)
    for (const row of rows) {
      end = Number(row['id']) - base + 1
      bytes += Number(row['bytes'])
      if (bytes >= bytesAtOnce) return end
    }
    return rows.length < sizes.rowsForgottenAtOnce ? before : end
  }

  #shrink(freePages: number): void {
    const free = Number(this.#database.prepare('PRAGMA freelist_count').get()?.['freelist_count'])
    this.#shrinking = free > freePages
    if (this.#shrinking) this.#database.exec(`PRAGMA incremental_vacuum(${sizes.rowsForgottenAtOnce})`)
  }
}
