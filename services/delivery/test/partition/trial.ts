import type { Answer } from '../../src/endpoint/attempt.ts'
import { ChangelogFold } from '../../src/partition/changelog-fold.ts'
import type { Entry } from '../../src/partition/entry.ts'
import { Machine } from '../../src/partition/machine.ts'
import { standingAt } from '../../src/partition/standing.ts'
import { delivered } from './receiver.ts'

const bounds = { window: 6, heldSubjects: 4, followers: 8 }

export type Step =
  | { readonly kind: 'read'; readonly most: number }
  | { readonly kind: 'begin'; readonly most: number }
  | { readonly kind: 'answer'; readonly which: number; readonly answer: Answer }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'retry' | 'skip' | 'drop' | 'flush' | 'crash' }

/** Drives a machine over a partition, and notes what a receiver would see. */
export class Trial {
  readonly #topic: readonly (string | null)[]
  #machine: Machine
  #now = 1_000_000
  #order = 0
  #written: Entry[] = []
  #flying = new Set<number>()
  /** First arrivals, in their order; how often each came; what was skipped. */
  readonly arrived: number[] = []
  readonly times = new Map<number, number>()
  readonly skipped = new Set<number>()
  /** Delivered, but what says so was lost: it may come once more. */
  readonly unsure = new Set<number>()
  #sure = new Set<number>()

  constructor(topic: readonly (string | null)[]) {
    this.#topic = topic
    this.#machine = this.#from(standingAt(1, 0))
  }

  #from(standing: ReturnType<typeof standingAt>): Machine {
    return new Machine({ of: 's', partition: 0, standing, chance: () => 0.5, bounds })
  }

  step(step: Step): void {
    switch (step.kind) {
      case 'read':
        return this.read(step.most)
      case 'begin':
        return void this.begin(step.most)
      case 'answer':
        return this.#answer(step.which, step.answer)
      case 'pass':
        return void (this.#now += step.ms)
      case 'retry':
      case 'skip':
        return this.order(step.kind)
      case 'drop':
        for (const offset of this.#flying) this.#machine.gaveBack(offset)
        this.#flying.clear()
        return this.#machine.drop()
      case 'flush':
        return this.flush()
      case 'crash':
        return this.crash()
    }
  }

  read(most: number): void {
    const from = this.#machine.next
    const room = Math.min(most, this.#machine.room(this.#now))
    const due: { offset: number; subject: string }[] = []
    let next = from
    while (next < this.#topic.length && due.length < room) {
      const subject = this.#topic[next]
      if (typeof subject === 'string') due.push({ offset: next, subject })
      next += 1
    }
    this.#machine.found(due, next, { isDisclosed: due.length > 0 })
    this.#check()
  }

  begin(most: number): number {
    const begun = this.#machine.begin(this.#now, most)
    const busy = new Set([...this.#flying].map((offset) => this.#topic[offset]))
    for (const { offset, subject } of begun) {
      insist(this.#topic[offset] === subject, 'a subject is its own')
      insist(!busy.has(subject), 'never two of one subject at once')
      busy.add(subject)
      this.#flying.add(offset)
    }
    return begun.length
  }

  #answer(which: number, answer: Answer): void {
    const offset = [...this.#flying][which % Math.max(1, this.#flying.size)]
    if (offset !== undefined) this.answer(offset, answer)
  }

  answer(offset: number, answer: Answer): void {
    this.#flying.delete(offset)
    if (answer.kind === 'delivered') {
      // Only what could not be written down comes again.
      insist(!this.times.has(offset) || this.unsure.has(offset), 'nothing comes twice')
      if (!this.times.has(offset)) this.arrived.push(offset)
      this.times.set(offset, (this.times.get(offset) ?? 0) + 1)
    }
    this.#machine.answered(offset, answer, this.#now)
    this.#check()
  }

  order(kind: 'retry' | 'skip'): void {
    if (kind === 'skip') for (const { offset } of this.#machine.standing.held.values()) this.skipped.add(offset)
    this.#machine.order({ kind, n: (this.#order += 1) }, this.#now)
  }

  flush(): void {
    this.#written.push(...this.#machine.entries())
    this.#sure = new Set(this.times.keys())
  }

  /** What was not written is gone; the next owner goes on from what was. */
  crash(): void {
    for (const offset of this.times.keys()) if (!this.#sure.has(offset)) this.unsure.add(offset)
    this.#flying.clear()
    const fold = new ChangelogFold()
    fold.apply({ owner: 'x', seq: 0, tookOver: true, entries: this.#written })
    const standing = fold.standings.get('s') ?? standingAt(1, 0)
    this.#order = Math.max(this.#order, standing.order)
    this.#machine = this.#from(standing)
  }

  /** With a receiver that works, and orders for what waits for one, until nothing is left. */
  finish(): void {
    for (let rounds = 0; rounds < 2000; rounds += 1) {
      this.order('retry')
      if (this.#machine.stop !== undefined) this.#machine.drop()
      this.read(10)
      this.begin(3)
      for (const offset of this.#flying) this.answer(offset, delivered)
      this.flush()
      this.#now += 1000
      if (this.#machine.isIdle && this.#machine.next === this.#topic.length) return
    }
    throw new Error('it is stuck')
  }

  #check(): void {
    const { held, followers, next } = this.#machine.standing
    insist(held.size <= bounds.heldSubjects, 'no more subjects are held than may be')
    insist(followers <= bounds.followers, 'no more waits behind them than may')
    const counted = [...held.values()].reduce((sum, each) => sum + each.followers.length, 0)
    insist(followers === counted, 'what waits is counted')
    insist(next <= this.#topic.length, 'the cursor stands within the topic')
  }

  get standing() {
    return this.#machine.standing
  }

  folded() {
    const fold = new ChangelogFold()
    fold.apply({ owner: 'x', seq: 0, tookOver: true, entries: this.#written })
    return fold.standings.get('s') ?? standingAt(1, 0)
  }
}

function insist(condition: boolean, promise: string): void {
  if (!condition) throw new Error(`broken: ${promise}`)
}
