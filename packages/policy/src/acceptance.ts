import { Commands, type CommandOutcome } from './commands.ts'
import { type Envelope, type FactEnvelope, readEnvelope } from './envelope.ts'
import type { By } from './facts.ts'
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
  readonly #versions = new Map<string, number>()
  readonly #histories = new Map<string, HistoryEntry[]>()
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
    return this.#versions.get(aggregate) ?? 0
  }

  history(aggregate: string): readonly HistoryEntry[] {
    return this.#histories.get(aggregate) ?? none
  }

  /** What became of a command in the last 35 days of the log. */
  outcome(command: string): CommandOutcome | undefined {
    return this.#commands.get(command)
  }

  #accept(envelope: Envelope, { offset, appendedAt, by }: PolicyRecord): readonly AcceptedFact[] {
    for (const aggregate of new Set(envelope.facts.map((fact) => fact.aggregate))) {
      this.#versions.set(aggregate, this.version(aggregate) + 1)
    }
    const at = envelope.at ?? isoOf(appendedAt)
    return envelope.facts.map((fact) => {
      this.#remember(fact, { at, by })
      const { aggregate, body, numbered } = fact
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

  #remember({ aggregate, body }: FactEnvelope, entry: Pick<HistoryEntry, 'at' | 'by'>): void {
    const { type, reason } = body
    const history = this.#histories.get(aggregate) ?? []
    this.#histories.set(aggregate, history)
    history.push({
      type: typeof type === 'string' ? type : 'unreadable',
      version: this.version(aggregate),
      ...entry,
      ...(typeof reason === 'string' ? { reason } : {}),
    })
  }
}

const none: readonly HistoryEntry[] = []

const isoOf = (at: Date): string => (Number.isNaN(at.getTime()) ? new Date(0) : at).toISOString()
