import type { WrittenStanding } from '@unavez/exchange'

import type { Entry, Failure } from './entry.ts'

/** A held delivery and, in their order, the later ones of its subject behind it. */
export interface Held {
  readonly offset: number
  readonly attempts: number
  /** When it is tried again; undefined: it waits for an order. */
  readonly nextAt: number | undefined
  readonly since: number
  readonly failure: Failure
  readonly followers: readonly number[]
}

/** Where one subscription stands in one partition: the fold of its entries, and nothing else. Small while nothing is held. */
export interface Standing {
  readonly epoch: number
  /** Everything before it is settled. */
  readonly next: number
  /** Where its next disclosure begins: `next`, or before it if what lies between was passed over. */
  readonly from: number
  /** Settled at or behind `next`, when something before them is not. */
  readonly done: ReadonlySet<number>
  /** By subject. */
  readonly held: ReadonlyMap<string, Held>
  readonly followers: number
  /** The newest order that is done. */
  readonly order: number
  /** The last failure, while nothing was delivered since. */
  readonly failure?: Failure
  /** The endpoint was taken to fail. */
  readonly open: boolean
}

const noneDone: ReadonlySet<number> = new Set()
const noneHeld: ReadonlyMap<string, Held> = new Map()

export const standingAt = (epoch: number, next: number, order = 0): Standing => ({
  epoch,
  next,
  from: next,
  done: noneDone,
  held: noneHeld,
  followers: 0,
  order,
  open: false,
})

/** The reason of a delivery that took the place of the one before it and was not tried yet. */
const behind: Failure = { code: 'behind-held', ms: 0 }

/**
 * The standing after an entry; undefined once it has ended. Sets and maps of the one given are changed in place, so it must
 * not be used any more. Entries of another epoch, or that make no sense, change nothing.
 */
export function evolve(standing: Standing | undefined, entry: Entry): Standing | undefined {
  if (entry.type === 'stands') return read(entry.epoch, entry.standing)
  if (entry.type === 'told') return standing
  if (entry.type === 'passed') return standing && { ...standing, next: Math.max(standing.next, entry.next) }
  if (standing !== undefined && entry.epoch < standing.epoch) return standing
  if (entry.type === 'ended') return undefined
  if (entry.type === 'began') return standingAt(entry.epoch, entry.next, standing?.order)
  const present = standing?.epoch === entry.epoch ? standing : standingAt(entry.epoch, 0, standing?.order)
  switch (entry.type) {
    case 'settled':
      return settled(present, entry)
    case 'held':
      return withHeld(present, entry)
    case 'followed':
      return followed(present, entry)
    case 'released':
      return released(present, entry)
    case 'due':
      return due(present, entry)
    case 'failed':
      return { ...present, failure: entry.failure }
    case 'circuit':
      return { ...present, open: entry.state === 'open' }
    case 'ordered':
      return entry.n > present.order ? { ...present, order: entry.n } : present
  }
}

type EntryOf<T extends Entry['type']> = Extract<Entry, { type: T }>

function settled(standing: Standing, { next, from = next, delivered = [] }: EntryOf<'settled'>): Standing {
  const done = withDone(standing.done, delivered, next)
  const { failure: _, ...rest } = standing
  return { ...(delivered.length > 0 ? rest : standing), next: Math.max(standing.next, next), from, done }
}

function withDone(done: ReadonlySet<number>, delivered: EntryOf<'settled'>['delivered'], next: number) {
  const kept = done === noneDone ? new Set<number>() : (done as Set<number>)
  for (const [offset] of delivered ?? []) if (offset >= next) kept.add(offset)
  for (const offset of kept) if (offset < next) kept.delete(offset)
  return kept.size === 0 ? noneDone : kept
}

/** The maps behind a standing are its own, but for the empty ones that all share. */
const own = (held: ReadonlyMap<string, Held>): Map<string, Held> =>
  held === noneHeld ? new Map() : (held as Map<string, Held>)

function withHeld(standing: Standing, entry: EntryOf<'held'>): Standing {
  const { subject, offset, attempts, nextAt, since, failure } = entry
  const before = standing.held.get(subject)
  if (before !== undefined && before.offset !== offset) return standing
  const held = own(standing.held)
  held.set(subject, { offset, attempts, nextAt, since, failure, followers: before?.followers ?? [] })
  return { ...standing, held, failure }
}

function followed(standing: Standing, { subject, offsets }: EntryOf<'followed'>): Standing {
  const before = standing.held.get(subject)
  if (before === undefined) return standing
  const last = before.followers.at(-1) ?? before.offset
  const followers = [...before.followers, ...offsets.filter((offset) => offset > last)]
  const held = own(standing.held)
  held.set(subject, { ...before, followers })
  return { ...standing, held, followers: standing.followers + followers.length - before.followers.length }
}

function released(standing: Standing, { subject, offset, at, outcome }: EntryOf<'released'>): Standing {
  const before = standing.held.get(subject)
  if (before?.offset !== offset) return standing
  const [next, ...followers] = before.followers
  const held = own(standing.held)
  if (next === undefined) held.delete(subject)
  else held.set(subject, { offset: next, attempts: 0, nextAt: at, since: before.since, failure: behind, followers })
  const done = offset < standing.next ? standing.done : withDone(standing.done, [[offset, 0, 0]], standing.next)
  const { failure: _, ...rest } = standing
  return {
    ...(outcome === 'delivered' ? rest : standing),
    held: held.size === 0 ? noneHeld : held,
    done,
    followers: standing.followers - (next === undefined ? 0 : 1),
  }
}

function due(standing: Standing, { offsets, at }: EntryOf<'due'>): Standing {
  const wanted = new Set(offsets)
  const held = own(standing.held)
  for (const [subject, each] of held) if (wanted.has(each.offset)) held.set(subject, { ...each, nextAt: at })
  return { ...standing, held: held.size === 0 ? noneHeld : held }
}

/** As a snapshot and the view hold it. */
export function write(standing: Standing): WrittenStanding {
  const { next, from, done, held, order, failure, open } = standing
  return {
    next,
    ...(from === next ? {} : { from }),
    ...(done.size === 0 ? {} : { done: [...done] }),
    ...(held.size === 0
      ? {}
      : {
          held: [...held].map(([subject, each]) => [
            subject,
            each.offset,
            each.attempts,
            each.nextAt ?? null,
            each.since,
            each.failure,
            each.followers,
          ]),
        }),
    ...(order === 0 ? {} : { order }),
    ...(failure === undefined ? {} : { failure }),
    ...(open ? { open } : {}),
  }
}

export function read(epoch: number, written: WrittenStanding): Standing {
  const { next, from = next, done = [], held = [], order = 0, failure, open = false } = written
  const known = held.map(([subject, offset, attempts, nextAt, since, why, followers]): [string, Held] => [
    subject,
    { offset, attempts, nextAt: nextAt ?? undefined, since, failure: why, followers },
  ])
  return {
    epoch,
    next,
    from,
    done: done.length === 0 ? noneDone : new Set(done),
    held: known.length === 0 ? noneHeld : new Map(known),
    followers: known.reduce((sum, [, { followers }]) => sum + followers.length, 0),
    order,
    ...(failure === undefined ? {} : { failure }),
    open,
  }
}
