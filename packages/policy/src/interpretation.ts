import type { AcceptedFact } from './acceptance.ts'
import { readFact } from './body.ts'
import { Catalogue } from './catalogue.ts'
import type { Fact } from './facts.ts'
import { Links } from './links.ts'
import { Members } from './members.ts'
import { unchanging } from './operator.ts'
import { Relations } from './relations.ts'
import { beginning, type Section } from './section.ts'
import { States } from './states.ts'

/** What this version of the code makes of the facts that count: states, and how to find them. */
export class Interpretation {
  readonly #reads: (type: string) => boolean
  readonly states = new States()
  readonly relations = new Relations()
  readonly members = new Members(this.states)
  readonly catalogue = new Catalogue(this.states.contracts)
  readonly links = new Links()
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
    if (aggregate.startsWith('link:')) this.links.forget(aggregate.slice('link:'.length))
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

  /** What its rows do not tell follows from them and from what happened, in the order of the log. */
  sections(): readonly Section[] {
    const opaque: Section<string> = {
      kind: 'opaque',
      rows: () => beginning(this.#opaque, this.#opaque.size),
      take: (aggregate) => void this.#opaque.add(aggregate),
    }
    return [opaque, ...this.states.sections(), this.catalogue.section(), this.members.section()]
  }

  /** How what was restored is found: follows from states that are whole. */
  relateAll(steps: Iterable<readonly [type: string, aggregate: string]>): void {
    for (const [type, aggregate] of steps) this.#relate(type, aggregate)
  }

  #evolve({ aggregate, body, number, n }: AcceptedFact): boolean {
    if (unchanging.has(aggregate)) return true
    const fact = readFact(body)
    if (fact === undefined || !this.#reads(fact.type)) return false
    if (!this.states.step(fact, { number, n })) return false
    this.#relate(fact.type, aggregate)
    if (fact.type === 'contract-published') this.catalogue.add(aggregate.slice('contract:'.length), fact.version)
    if (fact.type === 'agreement-resumed') {
      const agreement = aggregate.slice('agreement:'.length)
      this.states.takeUp(this.relations.subscriptionsOf({ agreement }), fact, n)
    }
    return true
  }

  #relate(type: string, aggregate: string): void {
    if (unchanging.has(aggregate) || this.#opaque.has(aggregate)) return
    const id = aggregate.slice(aggregate.indexOf(':') + 1)
    this.relations.add(type, id, this.states)
    this.members.add(type, id)
    const link = type.startsWith('identifiers-') ? this.states.links.get(id) : undefined
    if (link !== undefined) this.links.set(id, link)
  }
}
