import type { AcceptedFact } from './acceptance.ts'
import { readFact } from './body.ts'
import { Catalogue } from './catalogue.ts'
import type { Fact } from './facts.ts'
import { Members } from './members.ts'
import { Relations } from './relations.ts'
import { States } from './states.ts'

/** What this version of the code makes of the facts that count: states, and how to find them. */
export class Interpretation {
  readonly #reads: (type: string) => boolean
  readonly states = new States()
  readonly relations = new Relations()
  readonly members = new Members(this.states)
  readonly catalogue = new Catalogue()
  readonly #opaque = new Set<string>()

  constructor(reads: (type: string) => boolean) {
    this.#reads = reads
  }

  /** A fact that can't be read, or makes no sense here, leaves its aggregate without a state for ever. */
  take(accepted: AcceptedFact): void {
    const { aggregate } = accepted
    if (this.#opaque.has(aggregate) || this.#evolve(accepted)) return
    this.#opaque.add(aggregate)
    this.states.forget(aggregate)
  }

  opaque(aggregate: string): boolean {
    return this.#opaque.has(aggregate)
  }

  /** Whether this code could read these facts after what stands. */
  readable(facts: readonly Fact[]): boolean {
    const aside = this.states.copyOf(facts.map(({ aggregate }) => aggregate))
    return facts.every((fact) => {
      const read = readFact(JSON.parse(JSON.stringify(fact)))
      return read !== undefined && !this.#opaque.has(fact.aggregate) && aside.step(read, { number: 1, n: 0 })
    })
  }

  #evolve({ body, number, n }: AcceptedFact): boolean {
    const fact = readFact(body)
    if (fact === undefined || !this.#reads(fact.type)) return false
    if (!this.states.step(fact, { number, n })) return false
    this.#relate(fact, n)
    return true
  }

  #relate(fact: Fact, n: number): void {
    this.relations.add(fact)
    this.members.add(fact)
    if (fact.type === 'contract-published') {
      const contract = this.states.contracts.get(fact.aggregate.slice('contract:'.length))
      if (contract !== undefined) this.catalogue.add(contract, fact.version)
    }
    if (fact.type === 'agreement-resumed') {
      const agreement = fact.aggregate.slice('agreement:'.length)
      this.states.takeUp(this.relations.subscriptionsOf({ agreement }), fact, n)
    }
  }
}
