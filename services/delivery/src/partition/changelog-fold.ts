import type { ChangelogRecord } from './changelog-record.ts'
import type { Entry } from './entry.ts'
import { evolve, type Standing, write } from './standing.ts'

/** The records of one partition's changelog, folded: what its owner goes on with, whoever wrote it. */
export class ChangelogFold {
  readonly standings = new Map<string, Standing>()
  #owner: string | undefined
  #seq = -1

  /** Whether it counts: it is of whoever took over last, and was not seen before. */
  apply(record: ChangelogRecord): boolean {
    const { owner, seq } = record
    // Of what was written before the first record that is still there, its writer is all that is known.
    if (record.tookOver === true || this.#owner === undefined) this.#begin(owner)
    if (owner !== this.#owner || seq <= this.#seq) return false
    this.#seq = seq
    for (const entry of record.entries) this.#step(entry)
    return true
  }

  #begin(owner: string): void {
    if (owner === this.#owner) return
    this.#owner = owner
    this.#seq = -1
  }

  #step(entry: Entry): void {
    if (entry.type === 'passed') return this.#passed(entry)
    const next = evolve(this.standings.get(entry.of), entry)
    if (next === undefined) this.standings.delete(entry.of)
    else this.standings.set(entry.of, next)
  }

  #passed(entry: Extract<Entry, { type: 'passed' }>): void {
    const except = new Set(entry.except)
    for (const [of, standing] of this.standings) {
      const next = except.has(of) ? standing : evolve(standing, entry)
      if (next !== undefined) this.standings.set(of, next)
    }
  }
}

/** What a snapshot writes: the whole of every standing. */
export const snapshotOf = (standings: Iterable<readonly [string, Standing]>): readonly Entry[] =>
  [...standings].map(([of, standing]) => ({ type: 'stands', of, epoch: standing.epoch, standing: write(standing) }))
