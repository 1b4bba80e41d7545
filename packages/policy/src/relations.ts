import type { States } from './states.ts'

const none: ReadonlySet<string> = new Set()

/** Which systems, agreements and subscriptions belong to whom; ids only, in the order they were made. */
export class Relations {
  readonly #systems = new Map<string, Set<string>>()
  readonly #agreements = new Map<string, Set<string>>()
  readonly #agreementsByContract = new Map<string, Set<string>>()
  readonly #subscriptionsByAgreement = new Map<string, Set<string>>()
  readonly #subscriptionsByInstitution = new Map<string, Set<string>>()

  /** `type`: of the fact that was just taken in. Whose something is never changes, so this follows from states at any later time. */
  add(type: string, id: string, { systems, agreements, subscriptions }: States): void {
    switch (type) {
      case 'system-registered':
        return relate(this.#systems, systems.get(id)?.institution, id)
      // A draft is its consumer's alone.
      case 'agreement-drafted':
        return relate(this.#agreements, agreements.get(id)?.consumer, id)
      case 'agreement-requested': {
        const agreement = agreements.get(id)
        relate(this.#agreements, agreement?.consumer, id)
        relate(this.#agreements, agreement?.owner, id)
        return relate(this.#agreementsByContract, agreement?.contract, id)
      }
      case 'subscription-created': {
        const subscription = subscriptions.get(id)
        relate(this.#subscriptionsByAgreement, subscription?.agreement, id)
        return relate(this.#subscriptionsByInstitution, subscription?.consumer, id)
      }
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

/** To nobody: what can't be read any more is not found either. */
export function relate(relation: Map<string, Set<string>>, to: string | undefined, id: string): void {
  if (to === undefined) return
  const ids = relation.get(to) ?? new Set()
  ids.add(id)
  relation.set(to, ids)
}
