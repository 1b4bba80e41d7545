import { integers } from './column.ts'
import { none } from './sharing.ts'
import type { States } from './states.ts'

/** Who has what: lists that only grow, each entry with the place of the one before it. */
class Relation {
  readonly #newest = new Map<string, number>()
  readonly #ids: string[] = []
  /** One more than a place; 0: there is none before. */
  readonly #before = integers()

  /** To nobody: what can't be read any more is not found either. */
  add(to: string | undefined, id: string): void {
    if (to === undefined) return
    this.#before.push((this.#newest.get(to) ?? -1) + 1)
    this.#newest.set(to, this.#ids.push(id) - 1)
  }

  of(to: string): readonly string[] {
    const newest = this.#newest.get(to)
    if (newest === undefined) return none
    const ids: string[] = []
    for (let next = newest + 1; next > 0; next = this.#before.at(next - 1)) ids.push(this.#ids[next - 1] ?? '')
    return ids.toReversed()
  }
}

/** Which systems, agreements and subscriptions belong to whom; ids only, in the order they were made. */
export class Relations {
  readonly #systems = new Relation()
  readonly #agreements = new Relation()
  readonly #drafted = new Set<string>()
  readonly #agreementsByContract = new Relation()
  readonly #subscriptionsByAgreement = new Relation()
  readonly #subscriptionsByInstitution = new Relation()

  /** `type`: of the fact that was just taken in. Whose something is never changes, so this follows from states at any later time. */
  add(type: string, id: string, { systems, agreements, subscriptions }: States): void {
    switch (type) {
      case 'system-registered':
        return this.#systems.add(systems.get(id)?.institution, id)
      // A draft is its consumer's alone, and may be drafted again.
      case 'agreement-drafted': {
        if (!this.#drafted.has(id)) this.#agreements.add(agreements.get(id)?.consumer, id)
        return void this.#drafted.add(id)
      }
      case 'agreement-requested': {
        const { consumer, owner, contract } = agreements.get(id) ?? {}
        if (!this.#drafted.has(id)) this.#agreements.add(consumer, id)
        if (owner !== consumer) this.#agreements.add(owner, id)
        return this.#agreementsByContract.add(contract, id)
      }
      case 'subscription-created': {
        const { agreement, consumer } = subscriptions.get(id) ?? {}
        this.#subscriptionsByAgreement.add(agreement, id)
        return this.#subscriptionsByInstitution.add(consumer, id)
      }
    }
  }

  systemsOf(institution: string): readonly string[] {
    return this.#systems.of(institution)
  }

  agreementsOf(institution: string): readonly string[] {
    return this.#agreements.of(institution)
  }

  agreementsOn(contract: string): readonly string[] {
    return this.#agreementsByContract.of(contract)
  }

  subscriptionsOf(of: { readonly agreement: string } | { readonly institution: string }): readonly string[] {
    return 'agreement' in of
      ? this.#subscriptionsByAgreement.of(of.agreement)
      : this.#subscriptionsByInstitution.of(of.institution)
  }
}
