import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Engine, EventLog } from '@unavez/engine'
import { type EmbeddedEngine, openEmbeddedEngine } from '@unavez/engine-embedded'
import type { Fact } from '@unavez/policy'
import { Problem, type ProblemCode } from '@unavez/protocol'

import { encodeControlRecord } from '../src/control-record.ts'
import {
  type ControlOptions,
  type Keys,
  openControl,
  type OpenControl,
  openKeys,
  type Submission,
  systemClock,
} from '../src/index.ts'

export const keys = openKeys(Buffer.alloc(32, 1))
export const by = { institution: 'operator', system: 'admin' }

export interface Bench {
  readonly engine: EmbeddedEngine
  /** Moves the monotonic clock of all replicas ahead. Milliseconds. */
  skip(ms: number): void
  /** What was warned of. */
  readonly warnings: string[]
  open(more?: {
    readonly engine?: Pick<Engine, 'log' | 'views'>
    readonly keys?: Keys
    readonly snapshots?: NonNullable<ControlOptions['snapshots']>
  }): Promise<OpenControl>
  /** Appends a record as the bus would, without any replica's help. */
  append(facts: readonly object[], command?: string): Promise<void>
}

/** An engine of its own, and any number of control replicas on it, all closed at the end. */
export async function withBench(work: (bench: Bench) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'unavez-'))
  const engine = await openEmbeddedEngine({ directory, appendBudgetMs: 5000 })
  const controls: OpenControl[] = []
  const closing = new AbortController()
  const warnings: string[] = []
  let skipped = 0
  const clock = { now: () => systemClock.now(), monotonic: () => systemClock.monotonic() + skipped }
  const tell = (_: unknown, message: string): void => void warnings.push(message)
  const log = { info: () => undefined, warn: tell, error: tell }
  const bench: Bench = {
    engine,
    warnings,
    skip: (ms) => void (skipped += ms),
    async open(more = {}) {
      const options = { engine, keys, clock, log, leaseMs: 1000, closing: closing.signal, appendBudgetMs: 5000 }
      const control = await openControl({ ...options, ...more })
      controls.push(control)
      return control
    },
    async append(facts, command = `raw-${Math.random()}`) {
      const text = JSON.stringify({ command, hash: '', at: new Date().toISOString(), reads: {}, facts })
      await engine.log.append(encodeControlRecord(keys.of('control-mac'), { record: JSON.parse(text), by, n: 0 }))
    },
  }
  try {
    await work(bench)
  } finally {
    engine.misbehaviour.unreachable(false)
    await Promise.all(controls.map((control) => control.close()))
    await engine.close()
    await rm(directory, { recursive: true, force: true })
  }
}

/** The same log with some of its answers changed. */
export const instead = (log: EventLog, changed: Partial<EventLog>): EventLog => ({
  ensureTopics: (topics) => log.ensureTopics(topics),
  append: (message) => log.append(message),
  read: (from, limits) => log.read(from, limits),
  bounds: (topic, at) => log.bounds(topic, at),
  lowerBound: (partition) => log.lowerBound(partition),
  trim: (partition, before) => log.trim(partition, before),
  own: (group, topics, work) => log.own(group, topics, work),
  ...changed,
})

export const joined = (id: string): Fact => ({
  type: 'institution-joined',
  aggregate: `institution:${id}`,
  id,
  name: { es: id, en: id },
  country: 'PA',
})

export const keyAdded = (kid: string): Fact => ({
  type: 'signing-key-added',
  aggregate: 'signing-keys',
  key: { kid, kty: 'OKP' },
})

/** A command that just says so. */
export const says = (command: string, ...facts: readonly Fact[]): Submission => ({
  command,
  hash: 'h',
  by,
  decide: () => ({ facts, reads: [] }),
})

/** The code that something was refused with; what isn't a Problem is thrown on. */
export const codeOf = (work: Promise<unknown> | undefined): Promise<ProblemCode | 'accepted'> =>
  Promise.resolve(work).then(
    () => 'accepted',
    (error: unknown) => {
      if (error instanceof Problem) return error.code
      throw error
    },
  )
