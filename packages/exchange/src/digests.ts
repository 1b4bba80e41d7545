import type { Message } from '@unavez/engine'
import { overSince, type SubscriptionState } from '@unavez/policy'
import { type PartitionDigest, Problem, RangeDigest, totalOf } from '@unavez/protocol'
import type { Surroundings } from '@unavez/service-kit'

import { copiesBetween } from './copies.ts'
import { disclosedIn, type Segment } from './disclosed.ts'
import type { Disclosure } from './disclosure.ts'
import { openFoldedVersions } from './folded-versions.ts'
import { openLenses } from './lens.ts'
import { agreementAt, chosenBy } from './past-terms.ts'
import { encodePosition } from './position.ts'
import { textOf } from './record-headers.ts'
import { type Lens, show, type Shown } from './shown.ts'
import { openSieves, type Sieve } from './sieve.ts'
import { topicOf } from './start.ts'

/**
 * Why no hash can be told: events are kept no more; some were never shown; what was shown under is known no more; or the
 * log gives something else now than what is on record.
 */
export type Missing = 'trimmed' | 'not-shown' | 'terms-gone' | 'differs'

type PartitionTold = PartitionDigest | { readonly partition: string; readonly missing: Missing }

/** The bus's word on what stands between two cursors. Count and hash are told only if they are of all of it. */
export interface Told {
  readonly digest?: { readonly count: number; readonly hash: string }
  /** Those that hold anything, or lack something, in their order. */
  readonly partitions: readonly PartitionTold[]
}

export interface DigestRange {
  readonly subscription: SubscriptionState
  /** One offset per partition. */
  readonly from: readonly number[]
  readonly to: readonly number[]
}

const digestLimits = {
  /** Offsets between the cursors, over all partitions. */
  offsets: 200_000,
  pageMessages: 1000,
  pageBytes: 2_000_000,
  /** Computations that wait for their turn: one runs at a time, as each may read and show as much as many pages. */
  waiting: 16,
} as const

/** How a disclosure's events were chosen and shown. */
interface Terms {
  readonly type: string
  readonly lens: Lens
  readonly sieve: Sieve | undefined
}

interface Place {
  readonly topic: string
  readonly partition: number
  /** The first offset that is kept. */
  readonly first: number
}

type DigestSurroundings = Pick<Surroundings, 'engine' | 'control' | 'keys' | 'settings' | 'clock'>

/** What consumers were shown, computed again from the log, each part under the terms that its disclosure names. */
export class Digests {
  readonly #surroundings: DigestSurroundings
  readonly #lensFor: ReturnType<typeof openLenses>
  readonly #sieveFor: ReturnType<typeof openSieves>
  #turn: Promise<unknown> = Promise.resolve()
  #waiting = 0

  constructor(surroundings: DigestSurroundings) {
    this.#surroundings = surroundings
    this.#lensFor = openLenses(surroundings)
    this.#sieveFor = openSieves(surroundings.engine, surroundings.control.policy, openFoldedVersions(surroundings))
  }

  /** Refuses 'range-too-wide', 'position-ahead' for a cursor behind the end, and 'overloaded'. */
  async between(range: DigestRange): Promise<Told> {
    if (this.#waiting >= digestLimits.waiting) throw new Problem('overloaded', { retryAfter: 1 })
    this.#waiting += 1
    const mine = this.#turn.then(() => this.#between(range))
    this.#turn = mine.catch(() => undefined)
    return mine.finally(() => {
      this.#waiting -= 1
    })
  }

  async #between({ subscription, from, to }: DigestRange): Promise<Told> {
    const { engine, control } = this.#surroundings
    const topic = topicOf(control.policy, subscription.agreement)
    const bounds = await engine.log.bounds(topic)
    if (bounds.some(({ partition, next }) => (to[partition] ?? 0) > next)) throw new Problem('position-ahead')
    const offsets = to.reduce((sum, next, partition) => sum + next - (from[partition] ?? next), 0)
    if (offsets > digestLimits.offsets) throw new Problem('range-too-wide')
    const terms = new Map<string, Promise<Terms | undefined>>()
    const partitions: PartitionTold[] = []
    for (const { partition, first } of bounds.toSorted((a, b) => a.partition - b.partition)) {
      const stretch = { from: from[partition] ?? 0, next: to[partition] ?? 0 }
      if (stretch.from >= stretch.next) continue
      const label = encodePosition(partition, 0).slice(0, 2)
      const told = await this.#partition(subscription, { topic, partition, first }, { ...stretch, terms })
      if (typeof told === 'string') partitions.push({ partition: label, missing: told })
      else if (told.count > 0) partitions.push({ partition: label, ...told })
    }
    const whole = partitions.flatMap((told) => ('missing' in told ? [] : [told]))
    return { ...(whole.length === partitions.length ? { digest: totalOf(whole) } : {}), partitions }
  }

  async #partition(
    subscription: SubscriptionState,
    place: Place,
    { from, next, terms }: { from: number; next: number; terms: Map<string, Promise<Terms | undefined>> },
  ): Promise<Missing | { readonly count: number; readonly hash: string }> {
    const { log } = this.#surroundings.engine
    const { topic, partition, first } = place
    const oldest = { topic, partition, offset: Math.max(first, from) }
    const { messages } = await log.read(oldest, { messages: 1, bytes: 1, waitMs: 0 })
    const since = messages[0]?.appendedAt ?? new Date(0)
    const digest = new RangeDigest()
    for (const segment of await disclosedIn(log, place, { subscription: subscription.id, from, next, since })) {
      const { disclosure } = segment
      if (disclosure === undefined) return segment.from < first ? 'trimmed' : 'not-shown'
      const name = `${disclosure.agreement} ${disclosure.filter ?? ''} ${this.#isOver(disclosure)}`
      if (!terms.has(name)) terms.set(name, this.#terms(subscription, disclosure))
      const under = await terms.get(name)
      if (under === undefined) return 'terms-gone'
      const shown = await this.#again(place, segment, { disclosure, under })
      if (shown === undefined) return segment.from < first ? 'trimmed' : 'differs'
      for (const { source, id, json } of shown) digest.add(source, id, json)
    }
    return digest.end()
  }

  /** What was shown of a segment; undefined if that can't be what is on record, as far as all of the record is asked about. */
  async #again(
    place: Place,
    segment: Segment,
    { disclosure, under }: { disclosure: Disclosure; under: Terms },
  ): Promise<readonly Shown[] | undefined> {
    const records = await this.#records(place, segment, under)
    const { views } = this.#surroundings.engine
    const copies = await copiesBetween(views, { ...place, ...segment })
    const isWhole = segment.from === disclosure.from && segment.next === disclosure.next
    // Where records are gone, only the record of all of it can say that they were none of the consumer's.
    if (!isWhole && segment.from < place.first && disclosure.count > 0) return undefined
    // A copy that was not known as one yet was shown as an ordinary repeat.
    for (const known of [copies, none]) {
      const shown = shownOf(records, under.lens, known)
      if (!isWhole || isOn(disclosure, shown)) return shown
    }
    return undefined
  }

  async #records(
    { first, ...place }: Place,
    { from, next }: Segment,
    { type, sieve }: Terms,
  ): Promise<readonly Message[]> {
    const { log } = this.#surroundings.engine
    const { pageMessages: messages, pageBytes: bytes } = digestLimits
    const records: Message[] = []
    for (let offset = Math.max(first, from); offset < next;) {
      const page = await log.read({ ...place, offset }, { messages, bytes, waitMs: 0 })
      const within = page.messages.filter((message) => message.offset < next && textOf(message, 'type') === type)
      const out = sieve === undefined ? none : await sieve(within)
      records.push(...within.filter((message) => !out.has(message.offset)))
      if (page.next === offset) break
      offset = page.next
    }
    return records
  }

  #isOver({ agreement: named, at }: Disclosure): boolean {
    const { policy } = this.#surroundings.control
    const agreement = agreementAt(policy, named)
    return agreement !== undefined && overSince(policy, agreement, new Date(at)) !== undefined
  }

  /** Undefined where policy has them no more: filters of a subscription are not kept once they are replaced. */
  async #terms(
    subscription: SubscriptionState,
    { agreement: named, filter, at }: Disclosure,
  ): Promise<Terms | undefined> {
    const { policy } = this.#surroundings.control
    const agreement = agreementAt(policy, named)
    const chosen = chosenBy(subscription, filter)
    if (agreement === undefined || chosen === undefined) return undefined
    const lens = await this.#lensFor(agreement)
    const over = overSince(policy, agreement, new Date(at))
    return { type: agreement.contract, lens, sieve: this.#sieveFor({ subscription: chosen, agreement, lens, over }) }
  }
}

const none: ReadonlySet<number> = new Set()

/** As when the page was made: what can't be decoded was withheld. */
function shownOf(records: readonly Message[], lens: Lens, copies: ReadonlySet<number>): readonly Shown[] {
  return records.flatMap((record) => {
    if (copies.has(record.offset)) return []
    try {
      return [show(record, lens)]
    } catch {
      return []
    }
  })
}

function isOn(disclosure: Disclosure, shown: readonly Shown[]): boolean {
  const digest = new RangeDigest()
  for (const { source, id, json } of shown) digest.add(source, id, json)
  const { count, hash } = digest.end()
  return count === disclosure.count && hash === disclosure.hash
}
