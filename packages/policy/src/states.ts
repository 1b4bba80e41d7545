import { evolveAgreement } from './aggregates/agreement.ts'
import { evolveContract } from './aggregates/contract.ts'
import { evolveDelegation } from './aggregates/delegation.ts'
import { evolveInstitution } from './aggregates/institution.ts'
import { evolveInvitation } from './aggregates/invitation.ts'
import { evolveNorm, evolveProcedure } from './aggregates/procedure.ts'
import { evolvePerson } from './aggregates/person.ts'
import { evolveSigningKeys } from './aggregates/signing-keys.ts'
import { evolveSubscription, takenUp } from './aggregates/subscription.ts'
import { evolveSystem } from './aggregates/system.ts'
import type { AgreementState } from './agreement-facts.ts'
import type { Fact, FactOf, PublicKey } from './facts.ts'
import { evolveLink, type LinkState } from './links.ts'
import type { DelegationState, InvitationState, PersonState } from './membership.ts'
import type { NormState, ProcedureState } from './procedure-facts.ts'
import { bus, busSystem, operator, operatorSystem, unchanging } from './operator.ts'
import type { ContractState, InstitutionState, SystemState } from './state.ts'
import type { Section } from './section.ts'
import { Sharing } from './sharing.ts'
import { isAboutSubscription } from './subscription-body.ts'
import type { SubscriptionState } from './subscription-facts.ts'
import { Table } from './table.ts'

/** What a fact's record adds to it: what it asked of a sequence, and its control offset. */
interface Step {
  readonly number: number | undefined
  readonly n: number
}

/** The state of every aggregate that this code can read. */
export class States {
  readonly institutions = new Table<InstitutionState>([
    [operator.id, operator],
    [bus.id, bus],
  ])
  readonly systems = new Table<SystemState>([
    [`${operator.id}.${operatorSystem.id}`, operatorSystem],
    [`${bus.id}.${busSystem.id}`, busSystem],
  ])
  readonly contracts = new Table<ContractState>()
  readonly agreements = new Table<AgreementState>()
  readonly subscriptions = new Table<SubscriptionState>()
  readonly invitations = new Table<InvitationState>()
  /** By `te/ana`. */
  readonly people = new Table<PersonState>()
  readonly delegations = new Table<DelegationState>()
  readonly norms = new Table<NormState>()
  readonly procedures = new Table<ProcedureState>()
  readonly links = new Table<LinkState>()
  signingKeys: readonly PublicKey[] = []
  readonly #sharing = new Sharing()
  readonly #tables: ReadonlyMap<string, Table<object>> = new Map(
    Object.entries({
      institution: this.institutions,
      system: this.systems,
      contract: this.contracts,
      agreement: this.agreements,
      subscription: this.subscriptions,
      invitation: this.invitations,
      person: this.people,
      delegation: this.delegations,
      norm: this.norms,
      procedure: this.procedures,
      link: this.links,
    }),
  )

  /** Takes in one fact. False if it makes no sense here; nothing changed then. */
  step(fact: Fact, step: Step): boolean {
    if (unchanging.has(fact.aggregate)) return true
    this.#sharing.of(fact)
    return this.#evolve(fact, step)
  }

  #evolve(fact: Fact, { number, n }: Step): boolean {
    if (isAboutSubscription(fact))
      return put(this.subscriptions, idIn(fact, 'subscription'), (state) => evolveSubscription(state, fact, n))
    switch (fact.type) {
      case 'institution-joined':
      case 'institution-enrolled':
      case 'institution-approved':
      case 'institution-suspended':
      case 'institution-resumed':
      case 'institution-left':
      case 'institution-contacts-set':
        return put(this.institutions, idIn(fact, 'institution'), (state) => evolveInstitution(state, fact))
      case 'system-registered':
      case 'system-suspended':
      case 'system-resumed':
      case 'system-key-added':
      case 'system-key-limited':
      case 'system-key-revoked':
      case 'system-endpoint-set':
      case 'read-key-made':
      case 'read-key-revoked':
        return put(this.systems, idIn(fact, 'system'), (state) => evolveSystem(state, fact))
      case 'contract-drafted':
      case 'contract-published':
      case 'contract-compatibility-set':
      case 'contract-deprecated':
      case 'contract-retired':
        return put(this.contracts, idIn(fact, 'contract'), (state) => evolveContract(state, fact, number))
      case 'contract-used':
        return idIn(fact, 'contract-users') !== undefined
      case 'agreement-drafted':
      case 'agreement-requested':
      case 'agreement-endorsed':
      case 'agreement-approved':
      case 'agreement-rejected':
      case 'agreement-suspended':
      case 'agreement-resumed':
      case 'agreement-ended':
      case 'agreement-amendment-requested':
      case 'agreement-amended':
      case 'agreement-amendment-rejected':
      case 'agreement-signed':
        return put(this.agreements, idIn(fact, 'agreement'), (state) => evolveAgreement(state, fact))
      case 'invitation-made':
      case 'invitation-used':
      case 'invitation-withdrawn':
        return put(this.invitations, idIn(fact, 'invitation'), (state) => evolveInvitation(state, fact))
      case 'person-added':
      case 'person-changed':
      case 'person-removed':
        return put(this.people, idIn(fact, 'person'), (state) => evolvePerson(state, fact))
      case 'delegation-proposed':
      case 'delegation-accepted':
      case 'delegation-ended':
        return put(this.delegations, idIn(fact, 'delegation'), (state) => evolveDelegation(state, fact))
      case 'norm-registered':
        return put(this.norms, idIn(fact, 'norm'), (state) => evolveNorm(state, fact))
      case 'procedure-registered':
      case 'requirement-set':
      case 'requirement-removed':
        return put(this.procedures, idIn(fact, 'procedure'), (state) => evolveProcedure(state, fact))
      case 'identifiers-linked':
      case 'identifiers-link-annulled':
        return put(this.links, idIn(fact, 'link'), (state) => evolveLink(state, fact))
      case 'signing-key-added':
        return this.#addSigningKey(fact)
    }
  }

  #addSigningKey(fact: FactOf<'signing-key-added'>): boolean {
    if (fact.aggregate !== 'signing-keys') return false
    this.signingKeys = evolveSigningKeys(this.signingKeys, fact)
    return true
  }

  /** An agreement resumed with `skip` moves its subscriptions to where the topic ended, each in a new epoch; else what they hold is due. */
  takeUp(subscriptions: Iterable<string>, fact: FactOf<'agreement-resumed'>, n: number): void {
    for (const id of subscriptions) put(this.subscriptions, id, (state) => state && takenUp(state, fact, n))
  }

  /** An aggregate that can no longer be read has no state. */
  forget(aggregate: string): void {
    if (unchanging.has(aggregate)) return
    const [kind, id] = split(aggregate)
    this.#tables.get(kind)?.delete(id)
  }

  /** What these aggregates need to be evolved aside, without a trace here. */
  copyOf(aggregates: Iterable<string>): States {
    const copy = new States()
    copy.signingKeys = this.signingKeys
    for (const aggregate of aggregates) {
      const [kind, id] = split(aggregate)
      const state = this.#tables.get(kind)?.get(id)
      if (state !== undefined) copy.#tables.get(kind)?.set(id, state)
    }
    return copy
  }

  sections(): readonly Section[] {
    const keys: Section<PublicKey> = {
      kind: 'signing-key',
      rows: () => this.signingKeys,
      take: (key) => void (this.signingKeys = [...this.signingKeys, key]),
    }
    return [...[...this.#tables].map(([kind, table]) => this.#sectionOf(kind, table)), keys]
  }

  /** What no fact changes is everywhere by itself. */
  #sectionOf(kind: string, table: Table<object>): Section<readonly [id: string, state: object]> {
    return {
      kind,
      rows: () => table.entries().filter(([id]) => !unchanging.has(`${kind}:${id}`)),
      take: ([id, state]) => table.set(id, this.#sharing.of(state)),
    }
  }
}

function put<State>(
  states: Table<State>,
  id: string | undefined,
  evolve: (state: State | undefined) => State | undefined,
): boolean {
  if (id === undefined) return false
  const next = evolve(states.get(id))
  if (next === undefined) return false
  states.set(id, next)
  return true
}

/** The id behind `kind:`; undefined if the fact names an aggregate of another kind. */
const idIn = (fact: Fact, kind: string): string | undefined => {
  const [named, id] = split(fact.aggregate)
  return named === kind && id !== '' ? id : undefined
}

function split(aggregate: string): readonly [kind: string, id: string] {
  const colon = aggregate.indexOf(':')
  return colon < 0 ? [aggregate, ''] : [aggregate.slice(0, colon), aggregate.slice(colon + 1)]
}
