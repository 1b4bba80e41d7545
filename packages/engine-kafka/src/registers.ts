import { randomBytes } from 'node:crypto'

import { EngineError, isEngineError, limits, partitionOf } from '@unavez/engine'
import type { EventLog, Headers, Registers } from '@unavez/engine'

import { conditionOf, heartbeatKey, type Verdict } from './registers-fold.ts'
import { PartitionReplica } from './registers-replica.ts'
import { pause } from './wire/index.ts'

export interface RegistersOptions {
  readonly log: EventLog
  readonly budgetMs?: number
}

export interface OpenRegisters {
  readonly registers: Registers
  ailments(): readonly string[]
  close(): Promise<void>
}

const topic = 'registers'
/** A write's outcome is looked for this long after the write itself took its whole budget. */
const graceMs = 1_000
/** Who lost mends at once; the others only what is still broken after this, each at a moment of its own. */
const mendAfterMs = 3_000
const sweepEveryMs = 1_000
/** A partition in which nobody has written for this long gets a record, so that the broker begins a new segment and compacts the old. */
const heartbeatMs = 300_000

/** Makes or asserts the topic, and begins to replicate it: calls wait until what was there at the start is read. */
export async function openRegisters(options: RegistersOptions): Promise<OpenRegisters> {
  await options.log.ensureTopics([{ name: topic, partitions: limits.partitions, cleanup: 'compact' }])
  const replicated = new ReplicatedRegisters(options)
  return {
    registers: {
      get: (key) => replicated.get(key),
      put: (key, value) => replicated.put(key, value),
      compareAndPut: (key, expected, value) => replicated.compareAndPut(key, { expected, value }),
      destroy: (key) => replicated.put(key, null),
    },
    ailments: () => replicated.ailments(),
    close: () => replicated.close(),
  }
}

interface Write {
  readonly key: string
  readonly value: Buffer | null
  readonly headers: Headers
}

class ReplicatedRegisters {
  readonly #log: EventLog
  readonly #budgetMs: number
  readonly #closing = new AbortController()
  readonly #replicas: readonly PartitionReplica[]
  readonly #running: Promise<unknown>
  /** Writers that wait for what became of their record, by its id. */
  readonly #verdicts = new Map<string, (accepted: boolean) => void>()
  readonly #mending = new Set<string>()

  constructor({ log, budgetMs = limits.appendBudgetMs }: RegistersOptions) {
    this.#log = log
    this.#budgetMs = budgetMs
    const { signal } = this.#closing
    const onVerdict = ({ id, accepted }: Verdict): void => {
      if (id !== undefined) this.#verdicts.get(id)?.(accepted)
    }
    this.#replicas = Array.from(
      { length: limits.partitions },
      (_, partition) => new PartitionReplica({ log, topic, partition, signal, onVerdict }),
    )
    this.#running = Promise.all([...this.#replicas.map((replica) => replica.follow()), this.#sweep()])
  }

  async get(key: string): Promise<Buffer | undefined> {
    const replica = await this.#loaded(key)
    return replica.entry(key)?.value ?? undefined
  }

  async put(key: string, value: Buffer | null): Promise<void> {
    const replica = await this.#loaded(key)
    const until = performance.now() + this.#budgetMs
    const next = await this.#append({ key, value, headers: {} })
    if (!(await this.#within(until + graceMs - performance.now(), (signal) => replica.reached(next, signal))))
      throw new EngineError('unknown', 'The register was written, but could not be read back in time.')
  }

  async compareAndPut(
    key: string,
    { expected, value }: { expected: Buffer | undefined; value: Buffer },
  ): Promise<boolean> {
    const replica = await this.#loaded(key)
    const until = performance.now() + this.#budgetMs
    const matches = (): boolean => {
      const present = replica.entry(key)?.value ?? undefined
      return present === undefined || expected === undefined ? present === expected : present.equals(expected)
    }
    if (!matches()) {
      // Perhaps only not read here yet: at the partition's end of this moment the answer is no, or worth a try.
      await this.#catchUp(replica, until)
      if (!matches()) return false
    }
    const accepted = await this.#conditional({ key, value, headers: { if: conditionOf(expected ?? null) } }, until)
    if (!accepted) this.#mend(replica, key)
    return accepted
  }

  ailments(): readonly string[] {
    const failing = this.#replicas.find(({ failure }) => failure !== undefined)
    return failing === undefined ? [] : [`Registers can't be followed: ${failing.failure}`]
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  async #loaded(key: string): Promise<PartitionReplica> {
    const replica = this.#replicas[partitionOf(Buffer.from(key))]
    if (replica === undefined || this.#closing.signal.aborted) throw closed()
    if (replica.isLoaded) return replica
    if (!(await this.#within(this.#budgetMs, () => replica.loaded)))
      throw new EngineError(
        'unavailable',
        `Registers are not read yet${replica.failure === undefined ? '' : `: ${replica.failure}`}.`,
      )
    return replica
  }

  async #catchUp(replica: PartitionReplica, until: number): Promise<void> {
    const bounds = await this.#log.bounds(topic)
    const next = bounds.find(({ partition }) => partition === replica.partition)?.next ?? 0
    if (!(await this.#within(until - performance.now(), (signal) => replica.reached(next, signal))))
      throw new EngineError('not-written', 'The registers could not be read to their end in time.')
  }

  /** Whether the record was accepted, by our own replica's fold; an unknown outcome is read up as well. */
  async #conditional(write: Write, until: number): Promise<boolean> {
    const id = randomBytes(16)
    const name = id.toString('base64url')
    const verdict = Promise.withResolvers<boolean>()
    this.#verdicts.set(name, verdict.resolve)
    try {
      const failed = await this.#append({ ...write, headers: { ...write.headers, id } }).then(
        () => undefined,
        (error: unknown) => error,
      )
      if (failed !== undefined && !isEngineError(failed, 'unknown')) throw failed
      let accepted: boolean | undefined
      const known = verdict.promise.then((found) => void (accepted = found))
      await this.#within(Math.max(graceMs, until - performance.now()), () => known)
      if (accepted !== undefined) return accepted
      throw failed ?? new EngineError('unknown', 'The register was written, but could not be read back in time.')
    } finally {
      this.#verdicts.delete(name)
    }
  }

  /** Answers with the offset behind the record. */
  async #append({ key, value, headers }: Write): Promise<number> {
    const bytes = Buffer.from(key)
    const message = { topic, partition: partitionOf(bytes), key: bytes, value, headers }
    const { position } = await this.#log.append(message)
    return position.offset + 1
  }

  /** States the value that stands, so that compaction keeps it; see `registers-fold.ts`. */
  #mend(replica: PartitionReplica, key: string): void {
    const entry = replica.entry(key)
    if (entry?.brokenSince === undefined || this.#mending.has(key)) return
    this.#mending.add(key)
    const at = Buffer.alloc(8)
    at.writeBigUInt64BE(BigInt(entry.latest))
    void this.#state({ key, value: entry.value, headers: { at } }, replica)
  }

  async #state(statement: Write, replica: PartitionReplica): Promise<void> {
    try {
      await replica.reached(await this.#append(statement), this.#closing.signal)
    } catch {
      // The sweep tries again.
    } finally {
      this.#mending.delete(statement.key)
    }
  }

  async #sweep(): Promise<void> {
    const { signal } = this.#closing
    await Promise.race([Promise.all(this.#replicas.map(({ loaded }) => loaded)), aborted(signal)])
    while (!signal.aborted) {
      const now = Date.now()
      for (const replica of this.#replicas) {
        const patience = mendAfterMs * (1 + Math.random())
        for (const key of replica.fold.broken(now - patience)) this.#mend(replica, key)
        replica.fold.prune(now)
        const silence = performance.now() - replica.lastSeenAt
        if (silence > heartbeatMs * (1 + Math.random())) this.#beat(replica)
      }
      await pause(sweepEveryMs, signal)
    }
  }

  #beat(replica: PartitionReplica): void {
    replica.lastSeenAt = performance.now()
    const message = { topic, partition: replica.partition, key: heartbeatKey, value: Buffer.from('beat'), headers: {} }
    void this.#log.append(message).catch(() => undefined)
  }

  /** Whether the work ended within that time; rejects 'closed' when the engine closes meanwhile. */
  async #within(ms: number, work: (signal: AbortSignal) => Promise<unknown>): Promise<boolean> {
    const ending = new AbortController()
    const end = (): void => ending.abort()
    const timer = setTimeout(end, Math.max(0, ms))
    this.#closing.signal.addEventListener('abort', end, { once: true })
    try {
      await Promise.race([work(ending.signal), aborted(ending.signal)])
    } finally {
      clearTimeout(timer)
      this.#closing.signal.removeEventListener('abort', end)
    }
    if (this.#closing.signal.aborted) throw closed()
    return !ending.signal.aborted
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

const closed = (): EngineError => new EngineError('closed', 'The engine is closed.')
