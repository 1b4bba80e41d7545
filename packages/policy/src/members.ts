import type { AgreementState } from './agreement-facts.ts'
import type { Fact } from './facts.ts'
import type { DelegationState, InvitationState, PersonState } from './membership.ts'
import type { InstitutionState } from './state.ts'
import type { SubscriptionState } from './subscription-facts.ts'

interface Known {
  readonly institutions: ReadonlyMap<string, InstitutionState>
  readonly invitations: ReadonlyMap<string, InvitationState>
  readonly people: ReadonlyMap<string, PersonState>
  readonly delegations: ReadonlyMap<string, DelegationState>
}

/** People, invitations and delegations, found by whom they belong to; and what is over because an institution left. */
export class Members {
  readonly #known: Known
  readonly #left = new Set<string>()
  readonly #people = new Map<string, Set<string>>()
  readonly #logins = new Map<string, Set<string>>()
  readonly #invitations = new Map<string, Set<string>>()
  readonly #delegations = new Map<string, Set<string>>()

  constructor(known: Known) {
    this.#known = known
  }

  add(fact: Fact): void {
    const id = fact.aggregate.slice(fact.aggregate.indexOf(':') + 1)
    if (fact.type === 'institution-left') this.#left.add(id)
    if (fact.type === 'person-added') relate(this.#people, fact.institution, id)
    if (fact.type === 'person-added' || fact.type === 'person-changed') {
      if (fact.login !== undefined) relate(this.#logins, fact.login, id)
    }
    if (fact.type === 'invitation-made') relate(this.#invitations, fact.institution, id)
    if (fact.type === 'delegation-proposed') {
      relate(this.#delegations, fact.principal, id)
      relate(this.#delegations, fact.delegate, id)
    }
  }

  person(institution: string, id: string): PersonState | undefined {
    return this.#known.people.get(`${institution}/${id}`)
  }

  /** Those removed are not among them. */
  peopleOf(institution: string): readonly PersonState[] {
    return present(this.#people.get(institution), this.#known.people).filter(({ state }) => state === 'active')
  }

  /** Whom the identity provider's name stands for here: one person may act for several institutions. */
  peopleByLogin(login: string): readonly PersonState[] {
    const named = present(this.#logins.get(login), this.#known.people)
    return named.filter((person) => person.state === 'active' && person.login === login)
  }

  invitation(id: string): InvitationState | undefined {
    return this.#known.invitations.get(id)
  }

  invitationsTo(institution: string): readonly InvitationState[] {
    return present(this.#invitations.get(institution), this.#known.invitations)
  }

  delegation(id: string): DelegationState | undefined {
    return this.#known.delegations.get(id)
  }

  /** As principal or as delegate. */
  delegationsOf(institution: string): readonly DelegationState[] {
    return present(this.#delegations.get(institution), this.#known.delegations)
  }

  /** Accepted by both and not over at that time. */
  delegationsInForce(between: { principal: string; delegate: string }, at: Date): readonly DelegationState[] {
    return this.delegationsOf(between.delegate).filter(
      ({ principal, delegate, state, until }) =>
        principal === between.principal &&
        delegate === between.delegate &&
        state === 'active' &&
        at.getTime() < Date.parse(until),
    )
  }

  /** The agreements of an institution that left are over, without a fact for each. */
  agreement(state: AgreementState): AgreementState {
    const over = this.#left.size > 0 && (this.#left.has(state.consumer) || this.#left.has(state.owner))
    return over && state.state !== 'rejected' ? { ...state, state: 'ended' } : state
  }

  subscription(state: SubscriptionState): SubscriptionState {
    return this.#left.size > 0 && this.#left.has(state.consumer) ? { ...state, state: 'ended' } : state
  }
}

function present<State>(ids: Iterable<string> = [], states: ReadonlyMap<string, State>): readonly State[] {
  return [...ids].map((id) => states.get(id)).filter((state) => state !== undefined)
}

function relate(relation: Map<string, Set<string>>, to: string, id: string): void {
  const ids = relation.get(to) ?? new Set()
  ids.add(id)
  relation.set(to, ids)
}
