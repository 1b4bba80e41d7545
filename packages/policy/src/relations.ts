import type { Fact } from './facts.ts'

const none: ReadonlySet<string> = new Set()

/** Which systems, agreements and subscriptions belong to whom; ids only, in the order they were made. */
export class Relations {
  readonly #systems = new Map<string, Set<string>>()
  readonly #agreements = new Map<string, Set<string>>()
  readonly #agreementsByContract = new Map<string, Set<string>>()
  readonly #subscriptionsByAgreement = new Map<string, Set<string>>()
  readonly #subscriptionsByInstitution = new Map<string, Set<string>>()

  add(fact: Fact): void {
    const id = fact.aggregate.slice(fact.aggregate.indexOf(':') + 1)
    if (fact.type === 'system-registered') relate(this.#systems, fact.institution, id)
    // A draft is its consumer's alone.
    if (fact.type === 'agreement-drafted') relate(this.#agreements, fact.consumer, id)
    if (fact.type === 'agreement-requested') {
      relate(this.#agreements, fact.consumer, id)
      relate(this.#agreements, fact.owner, id)
      relate(this.#agreementsByContract, fact.contract, id)
    }
    if (fact.type === 'subscription-created') {
      relate(this.#subscriptionsByAgreement, fact.agreement, id)
      relate(this.#subscriptionsByInstitution, fact.consumer, id)
    }
  }

  systemsOf(institution: string): ReadonlySet<string> {
    return this.#systems.get(institution) ?? none
  }

  agreementsOf(institution: string): ReadonlySet<string> {
    return this.#agreements.get(institution) ?? none
  }

  agreementsOn(contract: string): ReadonlySet<string> {
    return this.#agreementsByContract.get(contract) ?? none
  }

  subscriptionsOf(of: { readonly agreement: string } | { readonly institution: string }): ReadonlySet<string> {
    return (
      ('agreement' in of
        ? this.#subscriptionsByAgreement.get(of.agreement)
        : this.#subscriptionsByInstitution.get(of.institution)) ?? none
    )
  }
}

function relate(relation: Map<string, Set<string>>, to: string, id: string): void {
  const ids = relation.get(to) ?? new Set()
  ids.add(id)
  relation.set(to, ids)
}
