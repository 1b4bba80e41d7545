import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'

import { EngineError, type EngineErrorCode, type TopicSpec } from '@unavez/engine'

import { Ballast } from './ballast.ts'
import type { Arrived } from './batch.ts'
import { Counters } from './counters.ts'
import { claimsMemory, newClaimsMemory, openForWriting } from './database.ts'
import { fullDisk, resultCode, sayingOf } from './failure.ts'
import { Forgetting } from './forgetting.ts'
import type { Refusal, Result, State, WriterSettings } from './messages.ts'
import { sizes } from './sizes.ts'
import { CommitFailed, Transactions } from './transaction.ts'
import { keepViews, rollBackViews } from './view-copy.ts'

interface Parts {
  readonly database: DatabaseSync
  readonly counters: Counters
  readonly transactions: Transactions
  readonly forgetting: Forgetting
}

export interface StoreEvents {
  /** What does not work now; undefined: everything does. */
  ailment(sentence: string | undefined): void
  /** The file was opened again after a failure: what its readers knew may have moved. */
  reopened(state: State): void
}

export interface Committed {
  readonly at: number
  readonly results: readonly Result[]
}

const full = (directory: string) => `The disk of ${directory} is full: nothing can be written, reading goes on.`

/** The database file with everything that may go wrong with it. Used by the writer's thread alone. */
export class Store {
  readonly #settings: WriterSettings
  readonly #events: StoreEvents
  readonly #open: () => DatabaseSync
  readonly #ballast: Ballast
  #parts: Parts | undefined
  #ailment: string | undefined
  /** The ballast was given up for a trim: until it is back, nothing else may use its space. */
  #reserved = false
  #unrinsed = false

  /** `open` stands for `openForWriting` in tests of a failing disk. */
  constructor(settings: WriterSettings, events: StoreEvents, open?: () => DatabaseSync) {
    this.#settings = settings
    this.#events = events
    this.#open = open ?? (() => openForWriting(settings.directory, settings.maxBytes))
    this.#ballast = new Ballast(join(settings.directory, 'ballast'), settings.ballastBytes)
  }

  /** Throws what SQLite throws, or EngineError 'cannot-start'. On a full disk it takes the ballast's space to open at all. */
  start(): State {
    try {
      this.#parts = this.#opened()
    } catch (error) {
      if (error instanceof EngineError || !this.#ballast.isKept) throw error
      this.#ballast.giveUp()
      this.#reserved = true
      this.#parts = this.#opened()
    }
    if (this.#reserved || !this.#ballast.keep()) this.#ail(full(this.#settings.directory))
    return this.state()
  }

  state(): State {
    const { counters, database } = this.#working()
    return { topics: counters.topics(), claims: claimsMemory(database) }
  }

  get isAiling(): boolean {
    return this.#ailment !== undefined
  }

  get hasWork(): boolean {
    return this.#parts?.forgetting.hasWork ?? false
  }

  /** Never throws: what could not be written is refused in the results. */
  commit(operations: readonly Arrived[]): Committed {
    try {
      if (this.#reserved) throw new EngineError('not-written', full(this.#settings.directory))
      const committed = this.#working().transactions.run(operations)
      this.#unrinsed = true
      if (this.isAiling) this.#ail(undefined)
      return committed
    } catch (error) {
      return this.#failed(operations, error)
    }
  }

  #failed(operations: readonly Arrived[], error: unknown): Committed {
    const isFull = resultCode(error instanceof CommitFailed ? error.cause : error) === fullDisk
    if (isFull) {
      this.#ail(full(this.#settings.directory))
      const appends = operations.filter(({ kind }) => kind === 'append')
      // The log before the rest: views that no longer fit must not take messages with them.
      if (appends.length > 0 && appends.length < operations.length) return this.#apart(operations, appends)
    } else if (!(error instanceof EngineError)) {
      this.#ail(`The database in ${this.#settings.directory} failed and is opened again: ${sayingOf(error)}`)
      this.reopen()
    }
    const code = error instanceof CommitFailed && !isFull ? 'unknown' : 'not-written'
    const message = this.#ailment ?? sayingOf(error)
    return { at: 0, results: operations.map(({ kind }) => refusalOf(kind, code, message)) }
  }

  #apart(operations: readonly Arrived[], appends: readonly Arrived[]): Committed {
    const log = this.commit(appends)
    const others = this.commit(operations.filter(({ kind }) => kind !== 'append'))
    const [appended, other] = [log.results.values(), others.results.values()]
    const next = ({ kind }: Arrived): Result => (kind === 'append' ? appended : other).next().value ?? null
    return { at: log.at, results: operations.map(next) }
  }

  /** Closes and opens the file, so that nothing of a failed write is trusted. False: not yet, call again later. */
  reopen(): boolean {
    try {
      this.#parts?.database.close()
    } catch {
      // A connection that can't even be closed is left behind.
    }
    const before = this.#parts
    this.#parts = undefined
    try {
      const parts = this.#opened()
      // Everything that the log of writes still holds goes through a new fsync.
      parts.database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      this.#parts = parts
    } catch {
      return false
    }
    this.#events.reopened(this.state())
    before?.forgetting.abandon()
    return true
  }

  /** While something ails: finds out whether it still does. */
  probe(): void {
    if (this.#parts === undefined && !this.reopen()) return
    if (!this.#ballast.keep()) return
    this.#reserved = false
    try {
      const { database } = this.#working()
      database.exec(`INSERT OR REPLACE INTO meta VALUES ('probe', hex(zeroblob(${sizes.probeBytes / 2})))`)
      database.exec(`DELETE FROM meta WHERE name = 'probe'`)
      this.#ail(undefined)
    } catch {
      // It does.
    }
  }

  /** Makes topics, all or none. Throws 'cannot-start' where one is there already and is different. */
  ensureTopics(specs: readonly TopicSpec[]): void {
    const { counters, database } = this.#working()
    const missing = specs.filter((spec, index) => {
      const present = counters.topic(spec.name) ?? specs.slice(0, index).find(({ name }) => name === spec.name)
      if (present !== undefined) assertSame(spec, present)
      return present === undefined
    })
    if (missing.length === 0) return
    const total = missing.reduce((sum, { partitions }) => sum + partitions, counters.partitions)
    if (total > sizes.partitions) throw new EngineError('cannot-start', `More than ${sizes.partitions} partitions.`)
    const bases: number[] = []
    this.#atomically(() => {
      const putTopic = database.prepare('INSERT INTO topic VALUES (?, ?, ?, ?)')
      const putPartition = database.prepare('INSERT INTO partition VALUES (?, 0)')
      let base = counters.partitions
      for (const { name, partitions, cleanup } of missing) {
        putTopic.run(name, partitions, cleanup, base)
        for (let id = base; id < base + partitions; id++) putPartition.run(id)
        bases.push(base)
        base += partitions
      }
    })
    for (const [index, spec] of missing.entries()) counters.addTopic(spec, bases[index] ?? 0)
  }

  trim(partition: number, before: number, done: () => void): void {
    this.#givingWay(({ forgetting }) => forgetting.trim(partition, before, done))
  }

  /** A small piece of forgetting. */
  step(): void {
    // On a full disk every page goes back, or the ballast would never find its place again.
    this.#givingWay(({ forgetting }) => forgetting.step(this.#reserved ? 0 : sizes.freePages))
    this.#unrinsed = true
    if (this.#reserved) this.rinse()
  }

  #givingWay(work: (parts: Parts) => void): void {
    try {
      work(this.#working())
    } catch (error) {
      if (resultCode(error) !== fullDisk || !this.#ballast.isKept) throw error
      this.#ail(full(this.#settings.directory))
      this.#reserved = true
      this.#ballast.giveUp()
      work(this.#working())
    }
  }

  /** Folds the log of writes into the file and empties it: what was destroyed is in neither afterwards. */
  rinse(): void {
    if (!this.#unrinsed || this.#parts === undefined) return
    const row = this.#parts.database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()
    this.#unrinsed = row?.['busy'] !== 0
  }

  keepViews(): void {
    this.#atomically(() => keepViews(this.#working().database))
  }

  rollBackViews(): void {
    this.#atomically(() => rollBackViews(this.#working().database))
  }

  loseClaims(): void {
    this.#atomically(() => newClaimsMemory(this.#working().database))
  }

  /** Folds the log of writes into the file, unless the disk refuses: then the next start reads it. */
  close(): void {
    try {
      this.rinse()
    } catch {
      // Nothing is lost.
    }
    this.#parts?.database.close()
    this.#parts = undefined
  }

  #atomically(work: () => void): void {
    const { database } = this.#working()
    database.exec('BEGIN IMMEDIATE')
    try {
      work()
      database.exec('COMMIT')
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      throw error
    }
  }

  #opened(): Parts {
    const database = this.#open()
    const counters = new Counters(database)
    const transactions = new Transactions(database, counters)
    return { database, counters, transactions, forgetting: new Forgetting(database, counters) }
  }

  #working(): Parts {
    if (this.#parts === undefined) throw new EngineError('not-written', this.#ailment ?? 'The database is closed.')
    return this.#parts
  }

  #ail(sentence: string | undefined): void {
    if (this.#ailment === sentence) return
    this.#ailment = sentence
    this.#events.ailment(sentence)
  }
}

function assertSame(asked: TopicSpec, present: TopicSpec): void {
  const { name, partitions, cleanup } = present
  if (asked.partitions === partitions && asked.cleanup === cleanup) return
  const is = `Topic ${name} has ${partitions} partitions and cleanup '${cleanup}'`
  throw new EngineError('cannot-start', `${is}; asked for are ${asked.partitions} and '${asked.cleanup}'.`)
}

/** Views and claims have no promise to break: for them the engine is just not there. */
const refusalOf = (kind: Arrived['kind'], code: EngineErrorCode, message: string): Refusal =>
  kind === 'write-view' || kind === 'claim' ? { code: 'unavailable', message } : { code, message }
