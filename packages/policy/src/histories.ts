import { type Column, doubles, integers } from './column.ts'
import type { By } from './facts.ts'
import { beginning, type Section } from './section.ts'
import type { HistoryEntry } from './state.ts'

/** Places of aggregate, type and actor; version; milliseconds since 1970. */
type Row = readonly [aggregate: number, type: number, by: number, version: number, at: number, reason?: string]

/** Things that come again and again, each told by its place. */
class Named<Thing> {
  readonly #places = new Map<string, number>()
  readonly #things: Thing[] = []
  readonly #nameOf: (thing: Thing) => string

  constructor(nameOf: (thing: Thing) => string) {
    this.#nameOf = nameOf
  }

  placeOf(thing: Thing): number {
    const name = this.#nameOf(thing)
    const known = this.#places.get(name)
    if (known !== undefined) return known
    this.#places.set(name, this.#things.length)
    return this.#things.push(thing) - 1
  }

  find(name: string): number | undefined {
    return this.#places.get(name)
  }

  at(place: number): Thing | undefined {
    return this.#things[place]
  }

  section(kind: string): Section<Thing> {
    return {
      kind,
      rows: () => beginning(this.#things, this.#things.length),
      take: (thing) => void this.placeOf(thing),
    }
  }
}

const itself = (name: string): string => name
const nobody: By = { institution: '', system: '' }

/**
 * Who did what to each aggregate, and so its version. An entry is a row of columns with the place of the one before it: some
 * forty bytes, so that the history of a country fits into memory. It only grows.
 */
export class Histories {
  readonly #aggregates = new Named(itself)
  readonly #types = new Named(itself)
  readonly #actors = new Named(({ institution, system, person, onBehalfOf }: By) =>
    JSON.stringify([institution, system, person, onBehalfOf]),
  )
  /** By aggregate: the place of its newest entry. */
  readonly #newest = integers()
  readonly #aggregate = integers()
  /** One more than a place; 0: there is none before. */
  readonly #before = integers()
  readonly #version = integers()
  readonly #type = integers()
  readonly #by = integers()
  readonly #at: Column<Float64Array> = doubles()
  readonly #reasons = new Map<number, string>()

  /** Of the newest entry; 0 for an aggregate that has none. */
  version(aggregate: string): number {
    const place = this.#aggregates.find(aggregate)
    return place === undefined ? 0 : this.#version.at(this.#newest.at(place))
  }

  of(aggregate: string): readonly HistoryEntry[] {
    const place = this.#aggregates.find(aggregate)
    if (place === undefined) return []
    const entries: HistoryEntry[] = []
    for (let next = this.#newest.at(place) + 1; next > 0; next = this.#before.at(next - 1)) {
      entries.push(this.#entry(next - 1))
    }
    return entries.toReversed()
  }

  /** Its time is whatever `Date.parse` reads. */
  add(aggregate: string, { type, version, at, by, reason }: HistoryEntry): void {
    const about = this.#aggregates.placeOf(aggregate)
    const row = [about, this.#types.placeOf(type), this.#actors.placeOf(by), version, Date.parse(at)] as const
    this.#push(reason === undefined ? row : [...row, reason])
  }

  /** What happened to whom, in the order of the log. */
  *steps(): Generator<readonly [type: string, aggregate: string]> {
    for (let place = 0; place < this.#version.length; place++) {
      yield [this.#types.at(this.#type.at(place)) ?? '', this.#aggregates.at(this.#aggregate.at(place)) ?? '']
    }
  }

  sections(): readonly Section[] {
    const entries: Section<Row> = {
      kind: 'entry',
      rows: () => this.#rows(this.#version.length),
      take: (row) => this.#push(row),
    }
    return [this.#aggregates.section('aggregate'), this.#types.section('type'), this.#actors.section('actor'), entries]
  }

  #entry(place: number): HistoryEntry {
    const reason = this.#reasons.get(place)
    return {
      type: this.#types.at(this.#type.at(place)) ?? '',
      version: this.#version.at(place),
      at: new Date(this.#at.at(place)).toISOString(),
      by: this.#actors.at(this.#by.at(place)) ?? nobody,
      ...(reason === undefined ? {} : { reason }),
    }
  }

  *#rows(count: number): Generator<Row> {
    for (let place = 0; place < count; place++) {
      const places = [this.#aggregate.at(place), this.#type.at(place), this.#by.at(place)] as const
      const reason = this.#reasons.get(place)
      const row = [...places, this.#version.at(place), this.#at.at(place)] as const
      yield reason === undefined ? row : [...row, reason]
    }
  }

  #push([aggregate, type, by, version, at, reason]: Row): void {
    const isFirst = aggregate === this.#newest.length
    const place = this.#version.push(version)
    this.#aggregate.push(aggregate)
    this.#before.push(isFirst ? 0 : this.#newest.at(aggregate) + 1)
    this.#type.push(type)
    this.#by.push(by)
    this.#at.push(at)
    if (reason !== undefined) this.#reasons.set(place, reason)
    if (isFirst) this.#newest.push(place)
    else this.#newest.set(aggregate, place)
  }
}
