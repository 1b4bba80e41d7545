import { Commands, type CommandOutcome } from './commands.ts'
import { type Envelope, type FactEnvelope, readEnvelope } from './envelope.ts'
import type { By } from './facts.ts'
import { Histories } from './histories.ts'
import { beginning, type Section } from './section.ts'
import type { HistoryEntry } from './state.ts'

/** A record of `control` as it was read. `authentic`: its MAC is the bus's own. */
export interface PolicyRecord {
  readonly offset: number
  readonly appendedAt: Date
  readonly by: By
  readonly authentic: boolean
  readonly value: Buffer | null
}

/** `foreign`: not the bus's, or no control record. `moved-on`: it read a version that is no longer current. `repeated`: its command was accepted before. */
export type Refused = 'foreign' | 'moved-on' | 'repeated'

/** A fact of a record that counts: what it says is for the code's version to read. */
export interface AcceptedFact {
  readonly aggregate: string
  readonly body: Readonly<Record<string, unknown>>
  /** What it asked of a sequence. */
  readonly number: number | undefined
  /** The control offset of its record. */
  readonly n: number
}

/**
 * What every version of the code agrees on for ever, because it follows from envelopes alone: which records count, the version
 * and history of each aggregate, the numbers given out, and what became of commands.
 */
export class Acceptances {
  readonly #commands = new Commands()
  readonly #histories = new Histories()
  readonly #numbers = new Map<string, Map<string, number>>()
  #offset = 0

  /** The facts that the next record adds, or why it counts for nothing. No input throws. */
  take(record: PolicyRecord): readonly AcceptedFact[] | Refused {
    if (record.offset < this.#offset) return 'repeated'
    this.#offset = record.offset + 1
    this.#commands.advance(record.appendedAt)
    const envelope = record.authentic ? readEnvelope(record.value) : undefined
    if (envelope === undefined) return 'foreign'
    const { command, hash, reads } = envelope
    const { offset } = record
    if (this.#commands.get(command)?.state === 'accepted') return 'repeated'
    if (!reads.every(([aggregate, version]) => this.version(aggregate) === version)) {
      this.#commands.remember(command, { state: 'moved-on', offset })
      return 'moved-on'
    }
    this.#commands.remember(command, { state: 'accepted', offset, hash })
    return this.#accept(envelope, record)
  }

  /** Offsets before this one hold nothing more: the log may have gaps at its end. */
  passed(next: number): void {
    if (next > this.#offset) this.#offset = next
  }

  /** The control offset behind the last record taken. */
  get offset(): number {
    return this.#offset
  }

  /** Grows by one with each record that changed the aggregate; 0 for one that does not exist. */
  version(aggregate: string): number {
    return this.#histories.version(aggregate)
  }

  history(aggregate: string): readonly HistoryEntry[] {
    return this.#histories.of(aggregate)
  }

  /** What became of a command in the last 35 days of the log. */
  outcome(command: string): CommandOutcome | undefined {
    return this.#commands.get(command)
  }

  /** What happened to whom, in the order of the log. */
  steps(): Iterable<readonly [type: string, aggregate: string]> {
    return this.#histories.steps()
  }

  sections(): readonly Section[] {
    const offset: Section<number> = {
      kind: 'offset',
      rows: () => [this.#offset],
      take: (next) => this.passed(next),
    }
    const numbers: Section<readonly [sequence: string, of: string]> = {
      kind: 'number',
      rows: () => this.#given(),
      take: ([sequence, of]) => void this.#number(sequence, of),
    }
    return [offset, ...this.#commands.sections(), ...this.#histories.sections(), numbers]
  }

  #accept({ facts, at }: Envelope, { offset, appendedAt, by }: PolicyRecord): readonly AcceptedFact[] {
    const decidedAt = at ?? isoOf(appendedAt)
    const versions = new Map<string, number>()
    for (const { aggregate } of facts) versions.set(aggregate, versions.get(aggregate) ?? this.version(aggregate) + 1)
    return facts.map((fact) => {
      const { aggregate, body, numbered } = fact
      this.#histories.add(aggregate, entryOf(fact, { version: versions.get(aggregate) ?? 0, at: decidedAt, by }))
      return { aggregate, body, n: offset, number: numbered && this.#number(numbered.sequence, numbered.of) }
    })
  }

  #number(sequence: string, of: string): number {
    const given = this.#numbers.get(sequence) ?? new Map<string, number>()
    this.#numbers.set(sequence, given)
    const number = given.get(of) ?? given.size + 1
    given.set(of, number)
    return number
  }

  /** In the order in which they were given out, from which they follow. */
  #given(): Iterable<readonly [sequence: string, of: string]> {
    const sequences = [...this.#numbers].map(([sequence, given]) =>
      Iterator.from(beginning(given.keys(), given.size)).map((of) => [sequence, of] as const),
    )
    return sequences.values().flatMap((each) => each)
  }
}

function entryOf(
  { body: { type, reason } }: FactEnvelope,
  entry: Pick<HistoryEntry, 'version' | 'at' | 'by'>,
): HistoryEntry {
  return {
    type: typeof type === 'string' ? type : 'unreadable',
    ...entry,
    ...(typeof reason === 'string' ? { reason } : {}),
  }
}

const isoOf = (at: Date): string => (Number.isNaN(at.getTime()) ? new Date(0) : at).toISOString()
