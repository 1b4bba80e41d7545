import type { AgreementState } from './agreement-facts.ts'
import type { DelegationState, InvitationState, PersonState } from './membership.ts'
import { beginning, type Section } from './section.ts'
import type { InstitutionState } from './state.ts'
import type { SubscriptionState } from './subscription-facts.ts'
import type { Table } from './table.ts'

interface Known {
  readonly institutions: Table<InstitutionState>
  readonly invitations: Table<InvitationState>
  readonly people: Table<PersonState>
  readonly delegations: Table<DelegationState>
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

  /** `type`: of the fact that was just taken in. But for logins, whose something is never changes. */
  add(type: string, id: string): void {
    const { people, invitations, delegations } = this.#known
    switch (type) {
      case 'institution-left':
        return void this.#left.add(id)
      case 'person-added':
        relate(this.#people, people.get(id)?.institution, id)
        return relate(this.#logins, people.get(id)?.login, id)
      case 'person-changed':
        return relate(this.#logins, people.get(id)?.login, id)
      case 'invitation-made':
        return relate(this.#invitations, invitations.get(id)?.institution, id)
      case 'delegation-proposed': {
        const delegation = delegations.get(id)
        relate(this.#delegations, delegation?.principal, id)
        return relate(this.#delegations, delegation?.delegate, id)
      }
    }
  }

  /** Who left stays away, even where that can't be read any more. */
  section(): Section<string> {
    return {
      kind: 'left',
      rows: () => beginning(this.#left, this.#left.size),
      take: (institution) => void this.#left.add(institution),
    }
  }

  person(institution: string, id: string): PersonState | undefined {
    return this.#known.people.get(`${institution}/${id}`)
  }

  /** Those removed are not among them. */
  peopleOf(institution: string): readonly PersonState[] {
    return present(this.#people.get(institution), this.#known.people).filter(({ state }) => state === 'active')
  }

  /** Whom the identity provider's name stands for here, by institution: one person may act for several. */
  peopleByLogin(login: string): readonly PersonState[] {
    const named = present([...(this.#logins.get(login) ?? [])].toSorted(), this.#known.people)
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

function present<State>(ids: Iterable<string> = [], states: Table<State>): readonly State[] {
  return [...ids].map((id) => states.get(id)).filter((state) => state !== undefined)
}

/** To nobody: what can't be read any more is not found either. */
function relate(relation: Map<string, Set<string>>, to: string | undefined, id: string): void {
  if (to === undefined) return
  const ids = relation.get(to) ?? new Set()
  ids.add(id)
  relation.set(to, ids)
}
