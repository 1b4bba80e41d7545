import type { AgreementState } from './agreement-facts.ts'
import { Acceptances, type PolicyRecord, type Refused } from './acceptance.ts'
import type { Catalogue, PublishedSchema } from './catalogue.ts'
import type { CommandOutcome } from './commands.ts'
import type { Fact, PublicKey } from './facts.ts'
import { Interpretation } from './interpretation.ts'
import type { Links, LinkState } from './links.ts'
import type { Members } from './members.ts'
import { unchanging } from './operator.ts'
import type { NormState, ProcedureState } from './procedure-facts.ts'
import type { Relations } from './relations.ts'
import type { ContractState, HistoryEntry, InstitutionState, SystemState } from './state.ts'
import { chunksOf, type Section, takeChunk } from './section.ts'
import type { States } from './states.ts'
import type { SubscriptionState } from './subscription-facts.ts'
import type { Table } from './table.ts'
import { Verdicts } from './verdicts.ts'

export type Acceptance = { readonly accepted: true } | { readonly accepted: false; readonly why: Refused }

export interface PolicyOptions {
  /** Fact types that this code reads, of those it knows; tests let a replica be older than another. */
  readonly reads?: (type: string) => boolean
}

/** The fold of `control`: the same on every replica, whatever its version, as far as acceptance, versions and numbers go. */
export class Policy {
  readonly #acceptances = new Acceptances()
  readonly #reading: Interpretation
  readonly #states: States
  readonly #relations: Relations
  readonly #catalogue: Catalogue
  readonly #links: Links
  /** People, invitations, delegations. */
  readonly members: Members
  /** What `authorize` said of this fold. */
  readonly verdicts = new Verdicts()

  constructor({ reads = () => true }: PolicyOptions = {}) {
    this.#reading = new Interpretation(reads)
    const { states, relations, catalogue, links, members } = this.#reading
    this.#states = states
    this.#relations = relations
    this.#catalogue = catalogue
    this.#links = links
    this.members = members
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
    const taken = this.#acceptances.take(record)
    if (typeof taken === 'string') return { accepted: false, why: taken }
    for (const fact of taken) this.#reading.take(fact)
    this.verdicts.forget()
    return { accepted: true }
  }

  /** Offsets before this one hold nothing more: the log may have gaps at its end. */
  passed(next: number): void {
    this.#acceptances.passed(next)
  }

  /**
   * The whole fold as it stands at the call, in texts of some 256 KB, each made when it is asked for: records may be folded in
   * between. Only the same version of this code can read them.
   */
  snapshot(): Iterable<string> {
    return chunksOf(this.#sections())
  }

  /** Takes in a snapshot, text by text, until `restored`: into a fold that has seen nothing. Throws on what is none. */
  restore(chunk: string): void {
    takeChunk(this.#sections(), chunk)
    this.verdicts.forget()
  }

  restored(): void {
    this.#reading.relateAll(this.#acceptances.steps())
    this.verdicts.forget()
  }

  #sections(): readonly Section[] {
    return [...this.#acceptances.sections(), ...this.#reading.sections()]
  }

  /** Whether this code could read these facts after what stands: nothing that fails this may be written. */
  readable(facts: readonly Fact[]): boolean {
    return this.#reading.readable(facts)
  }

  /** The control offset behind the last record folded. */
  get offset(): number {
    return this.#acceptances.offset
  }

  /** Grows by one with each record that changed the aggregate; 0 for one that does not exist. */
  version(aggregate: string): number {
    return this.#acceptances.version(aggregate)
  }

  history(aggregate: string): readonly HistoryEntry[] {
    return this.#acceptances.history(aggregate)
  }

  /** A fact about it could not be read by this code, so its state is not known here: whatever depends on it is refused. */
  opaque(aggregate: string): boolean {
    return this.#reading.opaque(aggregate)
  }

  /** What became of a command in the last 35 days of the log. */
  outcome(command: string): CommandOutcome | undefined {
    return this.#acceptances.outcome(command)
  }

  institution(id: string): InstitutionState | undefined {
    return this.#states.institutions.get(id)
  }

  /** Those that joined; the operator and the bus itself are not among them. */
  institutions(): readonly InstitutionState[] {
    return this.#states.institutions.values().filter(({ id }) => !unchanging.has(`institution:${id}`))
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
    return this.#states.contracts.values()
  }

  agreement(id: string): AgreementState | undefined {
    const state = this.#states.agreements.get(id)
    return state && this.members.agreement(state)
  }

  agreements(): readonly AgreementState[] {
    return this.#standing(this.#states.agreements.values())
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
    return this.#states.subscriptions.values().map((state) => this.members.subscription(state))
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
    return this.#states.norms.values()
  }

  procedure(id: string): ProcedureState | undefined {
    return this.#states.procedures.get(id)
  }

  procedures(): readonly ProcedureState[] {
    return this.#states.procedures.values()
  }

  /** By the event that declared it: `te/<id>`. */
  link(event: string): LinkState | undefined {
    return this.#states.links.get(event)
  }

  /** The root under which a subject is routed and shown: its own, unless it was joined to one that came before. */
  firstRoot(root: string): string {
    return this.#links.firstRoot(root)
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

function present<State>(ids: Iterable<string>, states: Table<State>): readonly State[] {
  return [...ids].map((id) => states.get(id)).filter((state) => state !== undefined)
}
