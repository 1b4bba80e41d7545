import { evolveAgreement } from './aggregates/agreement.ts'
import { evolveContract } from './aggregates/contract.ts'
import { evolveInstitution } from './aggregates/institution.ts'
import { evolveSigningKeys } from './aggregates/signing-keys.ts'
import { evolveSubscription, skipped } from './aggregates/subscription.ts'
import { evolveSystem } from './aggregates/system.ts'
import type { Fact, PublicKey } from './facts.ts'
import { operator, operatorSystem, unchanging } from './operator.ts'
import type { AgreementState, ContractState, InstitutionState, SubscriptionState, SystemState } from './state.ts'

/** The state of every aggregate that this code can read. */
export class States {
  readonly institutions = new Map<string, InstitutionState>([[operator.id, operator]])
  readonly systems = new Map<string, SystemState>([[`${operator.id}.${operatorSystem.id}`, operatorSystem]])
  readonly contracts = new Map<string, ContractState>()
  readonly agreements = new Map<string, AgreementState>()
  readonly subscriptions = new Map<string, SubscriptionState>()
  signingKeys: readonly PublicKey[] = []

  /** Takes in one fact. False if it makes no sense here; nothing changed then. */
  step(fact: Fact, number: number | undefined): boolean {
    if (unchanging.has(fact.aggregate)) return true
    switch (fact.type) {
      case 'institution-joined':
      case 'institution-suspended':
      case 'institution-resumed':
        return put(this.institutions, idIn(fact, 'institution'), (state) => evolveInstitution(state, fact))
      case 'system-registered':
      case 'system-suspended':
      case 'system-resumed':
        return put(this.systems, idIn(fact, 'system'), (state) => evolveSystem(state, fact))
      case 'contract-drafted':
      case 'contract-published':
        return put(this.contracts, idIn(fact, 'contract'), (state) => evolveContract(state, fact, number))
      case 'agreement-requested':
      case 'agreement-approved':
      case 'agreement-rejected':
      case 'agreement-suspended':
      case 'agreement-resumed':
      case 'agreement-ended':
        return put(this.agreements, idIn(fact, 'agreement'), (state) => evolveAgreement(state, fact))
      case 'subscription-created':
      case 'subscription-paused':
      case 'subscription-resumed':
      case 'subscription-ended':
        return put(this.subscriptions, idIn(fact, 'subscription'), (state) => evolveSubscription(state, fact))
      case 'signing-key-added':
        if (fact.aggregate !== 'signing-keys') return false
        this.signingKeys = evolveSigningKeys(this.signingKeys, fact)
        return true
    }
  }

  /** An agreement resumed with `skip` moves its subscriptions to where the topic ended, each in a new epoch. */
  skip(subscriptions: Iterable<string>, to: readonly number[] | undefined): void {
    for (const id of subscriptions) put(this.subscriptions, id, (state) => state && skipped(state, to))
  }

  /** An aggregate that can no longer be read has no state. */
  forget(aggregate: string): void {
    if (unchanging.has(aggregate)) return
    const [kind, id] = split(aggregate)
    this.#mapOf(kind)?.delete(id)
  }

  /** What these aggregates need to be evolved aside, without a trace here. */
  copyOf(aggregates: Iterable<string>): States {
    const copy = new States()
    copy.signingKeys = this.signingKeys
    for (const aggregate of aggregates) {
      const [kind, id] = split(aggregate)
      copyEntry(this.institutions, kind === 'institution' ? copy.institutions : undefined, id)
      copyEntry(this.systems, kind === 'system' ? copy.systems : undefined, id)
      copyEntry(this.contracts, kind === 'contract' ? copy.contracts : undefined, id)
      copyEntry(this.agreements, kind === 'agreement' ? copy.agreements : undefined, id)
      copyEntry(this.subscriptions, kind === 'subscription' ? copy.subscriptions : undefined, id)
    }
    return copy
  }

  #mapOf(kind: string): Map<string, unknown> | undefined {
    const maps: Readonly<Record<string, Map<string, unknown>>> = {
      institution: this.institutions,
      system: this.systems,
      contract: this.contracts,
      agreement: this.agreements,
      subscription: this.subscriptions,
    }
    return Object.hasOwn(maps, kind) ? maps[kind] : undefined
  }
}

function put<State>(
  states: Map<string, State>,
  id: string | undefined,
  evolve: (state: State | undefined) => State | undefined,
): boolean {
  if (id === undefined) return false
  const next = evolve(states.get(id))
  if (next === undefined) return false
  states.set(id, next)
  return true
}

function copyEntry<State>(from: Map<string, State>, to: Map<string, State> | undefined, id: string): void {
  const state = from.get(id)
  if (state !== undefined) to?.set(id, state)
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
