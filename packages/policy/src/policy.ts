import type { AgreementState } from './agreement-facts.ts'
import { readFact } from './body.ts'
import { Catalogue, type PublishedSchema } from './catalogue.ts'
import { Commands, type CommandOutcome } from './commands.ts'
import { type Envelope, type FactEnvelope, readEnvelope } from './envelope.ts'
import type { By, Fact, PublicKey } from './facts.ts'
import { Members } from './members.ts'
import { operator } from './operator.ts'
import type { NormState, ProcedureState } from './procedure-facts.ts'
import { Relations } from './relations.ts'
import type { ContractState, HistoryEntry, InstitutionState, SubscriptionState, SystemState } from './state.ts'
import { States } from './states.ts'

/** A record of `control` as it was read. `authentic`: its MAC is the bus's own. */
export interface PolicyRecord {
  readonly offset: number
  readonly appendedAt: Date
  readonly by: By
  readonly authentic: boolean
  readonly value: Buffer | null
}

/** `foreign`: not the bus's, or no control record. `moved-on`: it read a version that is no longer current. `repeated`: its command was accepted before. */
export type Acceptance =
  { readonly accepted: true } | { readonly accepted: false; readonly why: 'foreign' | 'moved-on' | 'repeated' }

export interface PolicyOptions {
  /** Fact types that this code reads, of those it knows; tests let a replica be older than another. */
  readonly reads?: (type: string) => boolean
}

/** The fold of `control`: the same on every replica, whatever its version, as far as acceptance, versions and numbers go. */
export class Policy {
  readonly #reads: (type: string) => boolean
  readonly #states = new States()
  readonly #relations = new Relations()
  /** People, invitations, delegations. */
  readonly members = new Members(this.#states)
  readonly #catalogue = new Catalogue()
  readonly #commands = new Commands()
  readonly #versions = new Map<string, number>()
  readonly #histories = new Map<string, HistoryEntry[]>()
  readonly #numbers = new Map<string, Map<string, number>>()
  readonly #opaque = new Set<string>()
  #offset = 0

  constructor({ reads = () => true }: PolicyOptions = {}) {
    this.#reads = reads
  }

  /** A fold in which each of these facts was accepted in turn: for deciders' tests. */
  static of(facts: readonly Fact[]): Policy {
    const policy = new Policy()
    for (const [offset, fact] of facts.entries()) {
      const at = new Date(0)
      const record = { command: `fact-${offset}`, hash: '', at: at.toISOString(), reads: {}, facts: [fact] }
      const value = Buffer.from(JSON.stringify(record))
      policy.apply({ offset, appendedAt: at, by: { institution: '', system: '' }, authentic: true, value })
    }
    return policy
  }

  /** Takes in the next record. No input throws; a record at an offset that was passed before changes nothing. */
  apply(record: PolicyRecord): Acceptance {
    if (record.offset < this.#offset) return { accepted: false, why: 'repeated' }
    this.#offset = record.offset + 1
    this.#commands.advance(record.appendedAt)
    const envelope = record.authentic ? readEnvelope(record.value) : undefined
    if (envelope === undefined) return { accepted: false, why: 'foreign' }
    const { command, hash, reads } = envelope
    const { offset } = record
    if (this.#commands.get(command)?.state === 'accepted') return { accepted: false, why: 'repeated' }
    if (!reads.every(([aggregate, version]) => this.version(aggregate) === version)) {
      this.#commands.remember(command, { state: 'moved-on', offset })
      return { accepted: false, why: 'moved-on' }
    }
    this.#commands.remember(command, { state: 'accepted', offset, hash })
    this.#accept(envelope, record)
    return { accepted: true }
  }

  /** Offsets before this one hold nothing more: the log may have gaps at its end. */
  passed(next: number): void {
    if (next > this.#offset) this.#offset = next
  }

  /** Whether this code could read these facts after what stands: nothing that fails this may be written. */
  readable(facts: readonly Fact[]): boolean {
    const aside = this.#states.copyOf(facts.map(({ aggregate }) => aggregate))
    return facts.every((fact) => {
      const read = readFact(JSON.parse(JSON.stringify(fact)))
      return read !== undefined && !this.#opaque.has(fact.aggregate) && aside.step(read, 1)
    })
  }

  #accept(envelope: Envelope, record: PolicyRecord): void {
    for (const aggregate of new Set(envelope.facts.map((fact) => fact.aggregate))) {
      this.#versions.set(aggregate, this.version(aggregate) + 1)
    }
    const at = envelope.at ?? isoOf(record.appendedAt)
    for (const fact of envelope.facts) {
      this.#remember(fact, { at, by: record.by })
      const number = fact.numbered && this.#number(fact.numbered.sequence, fact.numbered.of)
      if (this.#opaque.has(fact.aggregate) || this.#evolve(fact, { number, at })) continue
      this.#opaque.add(fact.aggregate)
      this.#states.forget(fact.aggregate)
    }
  }

  #evolve(
    envelope: FactEnvelope,
    { number, at }: { readonly number: number | undefined; readonly at: string },
  ): boolean {
    const fact = readFact(envelope.body)
    if (fact === undefined || !this.#reads(fact.type)) return false
    if (fact.type === 'contract-retired' && this.#inUse(fact.aggregate, at)) return true
    if (!this.#states.step(fact, number)) return false
    this.#relate(fact)
    return true
  }

  #relate(fact: Fact): void {
    this.#relations.add(fact)
    this.members.add(fact)
    if (fact.type === 'contract-published') {
      const contract = this.#states.contracts.get(fact.aggregate.slice('contract:'.length))
      if (contract !== undefined) this.#catalogue.add(contract, fact.version)
    }
    if (fact.type === 'agreement-resumed' && fact.backlog === 'skip') {
      const agreement = fact.aggregate.slice('agreement:'.length)
      this.#states.skip(this.#relations.subscriptionsOf({ agreement }), fact.skipTo)
    }
  }

  /** An agreement may have been requested while its contract's end was decided: who came first in the log is known here alone. */
  #inUse(aggregate: string, at: string): boolean {
    return this.usersOf(aggregate.slice('contract:'.length), new Date(at)).length > 0
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

  /** The control offset behind the last record folded. */
  get offset(): number {
    return this.#offset
  }

  /** Grows by one with each record that changed the aggregate; 0 for one that does not exist. */
  version(aggregate: string): number {
    return this.#versions.get(aggregate) ?? 0
  }

  history(aggregate: string): readonly HistoryEntry[] {
    return this.#histories.get(aggregate) ?? []
  }

  /** A fact about it could not be read by this code, so its state is not known here: whatever depends on it is refused. */
  opaque(aggregate: string): boolean {
    return this.#opaque.has(aggregate)
  }

  /** What became of a command in the last 35 days of the log. */
  outcome(command: string): CommandOutcome | undefined {
    return this.#commands.get(command)
  }

  institution(id: string): InstitutionState | undefined {
    return this.#states.institutions.get(id)
  }

  /** Those that joined; the operator is not among them. */
  institutions(): readonly InstitutionState[] {
    return [...this.#states.institutions.values()].filter((institution) => institution !== operator)
  }

  /** By client id: `te.registro`. */
  system(clientId: string): SystemState | undefined {
    return this.#states.systems.get(clientId)
  }

  systemsOf(institution: string): readonly SystemState[] {
    return present(this.#relations.systemsOf(institution), this.#states.systems)
  }

  contract(type: string): ContractState | undefined {
    return this.#states.contracts.get(type)
  }

  contracts(): readonly ContractState[] {
    return [...this.#states.contracts.values()]
  }

  agreement(id: string): AgreementState | undefined {
    const state = this.#states.agreements.get(id)
    return state && this.members.agreement(state)
  }

  agreements(): readonly AgreementState[] {
    return this.#standing([...this.#states.agreements.values()])
  }

  #standing(agreements: readonly AgreementState[]): readonly AgreementState[] {
    return agreements.map((state) => this.members.agreement(state))
  }

  /** As consumer or as owner. */
  agreementsOf(institution: string): readonly AgreementState[] {
    return this.#standing(present(this.#relations.agreementsOf(institution), this.#states.agreements))
  }

  agreementsOn(contract: string): readonly AgreementState[] {
    return this.#standing(present(this.#relations.agreementsOn(contract), this.#states.agreements))
  }

  /** Agreements that keep a contract from being retired: pending or active, and not over by then. */
  usersOf(contract: string, at: Date): readonly AgreementState[] {
    return this.agreementsOn(contract).filter(
      ({ state, validUntil }) => (state === 'pending' || state === 'active') && Date.parse(validUntil) > at.getTime(),
    )
  }

  subscription(id: string): SubscriptionState | undefined {
    const state = this.#states.subscriptions.get(id)
    return state && this.members.subscription(state)
  }

  subscriptions(): readonly SubscriptionState[] {
    return [...this.#states.subscriptions.values()].map((state) => this.members.subscription(state))
  }

  /** Of an agreement, or of an institution as consumer. */
  subscriptionsOf(of: { readonly agreement: string } | { readonly institution: string }): readonly SubscriptionState[] {
    const states = present(this.#relations.subscriptionsOf(of), this.#states.subscriptions)
    return states.map((state) => this.members.subscription(state))
  }

  norm(id: string): NormState | undefined {
    return this.#states.norms.get(id)
  }

  norms(): readonly NormState[] {
    return [...this.#states.norms.values()]
  }

  procedure(id: string): ProcedureState | undefined {
    return this.#states.procedures.get(id)
  }

  procedures(): readonly ProcedureState[] {
    return [...this.#states.procedures.values()]
  }

  /** Public keys that tokens of the bus may be signed with. */
  signingKeys(): readonly PublicKey[] {
    return this.#states.signingKeys
  }

  /** Where several contracts have one schema: the one published first. */
  schemaById(id: number): PublishedSchema | undefined {
    return this.#catalogue.schemaById(id)
  }

  /** Published versions under an Avro full name, in order. */
  schemasOf(subject: string): readonly PublishedSchema[] {
    return this.#catalogue.schemasOf(subject)
  }

  subjects(): readonly string[] {
    return this.#catalogue.subjects()
  }

  /** Domains of contracts with a published version. */
  domains(): readonly string[] {
    return this.#catalogue.domains()
  }
}

function present<State>(ids: Iterable<string>, states: ReadonlyMap<string, State>): readonly State[] {
  return [...ids].map((id) => states.get(id)).filter((state) => state !== undefined)
}

const isoOf = (at: Date): string => (Number.isNaN(at.getTime()) ? new Date(0) : at).toISOString()
